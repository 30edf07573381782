"""The proof that each check can fail."""
