"""What people do with a devis, one module per noun."""
