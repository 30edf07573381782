"""`If-Match`: change a row only if it is still the one that was read (RFC 9110 §13.1.1)."""

import re
from typing import Annotated

from fastapi import Header

from cordeau.core.revisions import Attendues

#: One member of the list, up to the comma that ends it; a member may be empty.
_MEMBRE = re.compile(r'[ \t]*(?:(W/)?"([\x21\x23-\x7e\x80-\xff]*)")?[ \t]*(?:,|$)')
_REVISION = re.compile(r"0|[1-9]\d{0,17}")

_DESCRIPTION = "L’`ETag` reçu à la lecture ; `*` remplace quelle que soit la version enregistrée."

#: On what replaces or deletes a row: 428 when it is missing, 412 when somebody saved in between.
IfMatchRequis = Annotated[str, Header(alias="If-Match", description=_DESCRIPTION)]
#: On an action, or on what exists once: honoured when it is given.
IfMatch = Annotated[str | None, Header(alias="If-Match", description=_DESCRIPTION)]


def expected_revision(if_match: str | None) -> Attendues:
    """The revisions the caller accepts, None when it does not care.

    The comparison is strong: a weak validator matches nothing, nor does what is malformed.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    revisions = set()
    position = 0
    while position < len(if_match):
        membre = _MEMBRE.match(if_match, position)
        if membre is None:
            return frozenset()
        faible, marque = membre.groups()
        if marque and not faible and _REVISION.fullmatch(marque):
            revisions.add(int(marque))
        position = membre.end()
    return revisions


def typed_revision(revision: str) -> Attendues:
    """What the hidden field of a form says was read; None when the form has none."""
    return expected_revision(f'"{revision.strip()}"' if revision.strip() else None)
