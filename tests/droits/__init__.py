"""Who may ask what of which object, and which fields answer."""
