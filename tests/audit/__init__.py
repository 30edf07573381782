"""What the dependencies and the repository hide."""
