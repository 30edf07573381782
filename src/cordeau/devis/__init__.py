"""Devis: priced proposals, their versions, their life until the client decides."""
