"""Cordeau: devis, chantiers, factures and règlements of a French building firm."""

__version__ = "0.1.0"
