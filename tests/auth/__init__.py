"""Who enters, and with which rights."""
