"""Messages to people: written with the change that calls for them, sent by a job, kept readable."""
