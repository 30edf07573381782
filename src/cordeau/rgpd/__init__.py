"""What the law asks about people: give them their data, erase it, keep what must be kept."""
