"""Pages of devis: list, editor, record, what one does with it, templates."""
