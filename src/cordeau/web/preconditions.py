"""`If-Match`: change a row only if it is still the one that was read (RFC 9110 §13.1.1)."""

import re

from cordeau.core.errors import VersionPerimeeError

_ETAG = re.compile(r'(?:W/)?"(\d{1,18})"')


def expected_revision(if_match: str | None) -> int | None:
    """The revision the caller read, None when it does not care; 412 on an ETag not ours."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise VersionPerimeeError
    return int(found.group(1))
