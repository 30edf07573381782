"""Trying to change what is issued, by every way in."""
