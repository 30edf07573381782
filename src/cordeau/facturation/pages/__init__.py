"""Pages of factures and règlements: lists, record, forms, what one does with a document."""
