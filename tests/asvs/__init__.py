"""The thirty rows of the security bar (OWASP ASVS 5.0), a class each, named after its row."""
