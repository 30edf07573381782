"""Exports to accounting."""
