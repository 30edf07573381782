"""The firm itself: identity, insurance, bank, VAT regime, terms, legal mentions, numbering."""
