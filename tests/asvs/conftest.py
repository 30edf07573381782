"""Who comes to the door."""

from tests.auth.conftest import camille, visiteurs

__all__ = ["camille", "visiteurs"]
