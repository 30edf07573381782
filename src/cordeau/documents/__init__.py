"""Printed and electronic documents: given a `Document`, returns bytes (PDF, CII, Factur-X).

Knows nothing of the database. What it receives is complete and final: it lays out, it never
computes an amount.
"""
