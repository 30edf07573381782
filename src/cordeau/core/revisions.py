"""Optimistic locking: a row is changed only if it is still the one that was read."""

from collections.abc import Collection

from cordeau.core.errors import VersionPerimeeError

#: The revisions a caller accepts to change; None when it does not care.
Attendues = Collection[int] | None


def check_revision(actual: int, expected: Attendues) -> None:
    """Refuse (412) when somebody saved in between; None means the caller does not care."""
    if expected is not None and actual not in expected:
        raise VersionPerimeeError
