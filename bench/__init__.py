"""How fast Cordeau is, beside the floor of the same machine."""
