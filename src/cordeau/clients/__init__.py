"""The firm's clients: identity, addresses of sites, contacts, terms, opening balance."""
