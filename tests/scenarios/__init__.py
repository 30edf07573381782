"""Stories across contexts, from the devis to the last payment."""
