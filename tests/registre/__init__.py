"""The inalterable ledger."""
