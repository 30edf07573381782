"""Chantiers and their calendar."""
