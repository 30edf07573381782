"""Pages of clients: list, record, contacts and sites, import."""
