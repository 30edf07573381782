"""The firm, its mentions and its settings."""
