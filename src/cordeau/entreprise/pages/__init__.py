"""Pages of the firm: settings, identity, numbering, mentions, installation."""
