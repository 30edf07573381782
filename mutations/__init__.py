"""Proof that each check can fail: its protection is removed, and it must be seen to fail."""
