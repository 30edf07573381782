"""The documents context: what is printed, what is sent."""
