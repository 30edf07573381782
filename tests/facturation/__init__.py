"""Factures, avoirs and règlements."""
