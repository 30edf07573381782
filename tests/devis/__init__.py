"""Devis, their versions and their sending."""
