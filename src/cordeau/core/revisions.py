"""Optimistic locking: a row is changed only if it is still the one that was read."""

from cordeau.core.errors import VersionPerimeeError


def check_revision(actual: int, expected: int | None) -> None:
    """Refuse (412) when somebody saved in between; None means the caller does not care."""
    if expected is not None and actual != expected:
        raise VersionPerimeeError
