"""Pages of access: the door, one's own account, the users."""
