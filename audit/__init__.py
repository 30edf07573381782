"""What the dependencies hide: known vulnerabilities, and the list of what is delivered."""
