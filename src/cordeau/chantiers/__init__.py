"""Works on site: who, where, when, and where they stand."""
