"""`If-Match`: change a row only if it is still the one that was read (RFC 9110 §13.1.1)."""

import re
from collections.abc import Callable
from typing import Annotated, Protocol

from fastapi import Header
from starlette.types import Scope

from cordeau.core.revisions import Attendues, check_revision

#: One member of the list, up to the comma that ends it; a member may be empty.
_MEMBRE = re.compile(r'[ \t]*(?:(W/)?"([\x21\x23-\x7e\x80-\xff]*)")?[ \t]*(?:,|$)')
_REVISION = re.compile(r"0|[1-9]\d{0,17}")

_ENTETE = b"if-match"
_DESCRIPTION = "L’`ETag` reçu à la lecture ; `*` remplace quelle que soit la version enregistrée."

#: On what replaces or deletes a row: 428 when it is missing, 412 when somebody saved in between.
IfMatchRequis = Annotated[str, Header(alias="If-Match", description=_DESCRIPTION)]
#: On an action, or on what exists once: honoured when it is given.
IfMatch = Annotated[str | None, Header(alias="If-Match", description=_DESCRIPTION)]


class Versionnee(Protocol):
    """A row that counts its saves."""

    @property
    def revision(self) -> int:
        """How many times it was saved."""


def check_if_match(if_match: str | None, lire: Callable[[], Versionnee]) -> None:
    """Refuse an action (412) on a row saved since it was read; `lire` holds the row until the end.

    Without `If-Match` the row is not read.
    """
    if if_match is not None:
        check_revision(lire().revision, expected_revision(if_match))


def unir_if_match(scope: Scope) -> None:
    """Several lines of the header are one list (RFC 9110 §5.3)."""
    lues = [valeur for nom, valeur in scope["headers"] if nom == _ENTETE]
    if len(lues) > 1:
        autres = [(nom, valeur) for nom, valeur in scope["headers"] if nom != _ENTETE]
        scope["headers"] = [*autres, (_ENTETE, b", ".join(lues))]


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
