"""Messages kept and sent."""
