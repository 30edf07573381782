"""What people do with factures and règlements, one module per noun."""
