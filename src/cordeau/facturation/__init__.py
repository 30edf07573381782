"""Factures, acomptes, avoirs and the règlements that settle them."""
