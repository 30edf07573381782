"""Clients, their import and their balance."""
