"""What is hashed, to the byte: canonical JSON of integers and strings, and the two digests.

Canonical JSON is RFC 8785 restricted to strings, integers, booleans, null, lists and objects:
keys sorted, no space, UTF-8. A float has no place in it. The formulas carry a version: an entry is
always verified by the one it was written with.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

#: Version of the formulas below.
ALGORITHME = 1
#: What the first entry of a chain follows.
GENESE = "0" * 64
#: How much of a digest is printed on documents, in hexadecimal digits.
EMPREINTE_IMPRIMEE = 16

_PERMIS = (str, int, type(None))
#: What most of a payload is made of, and needs no closer look.
_FEUILLES = frozenset({str, int, bool, type(None)})


def serialiser(contenu: Mapping[str, Any]) -> str:
    """The canonical JSON of a payload; `TypeError` on a float or any other type."""
    _verifier(contenu)
    return orjson.dumps(contenu, option=orjson.OPT_SORT_KEYS).decode()


def empreinte_contenu(sel: str, contenu: str) -> str:
    """The digest of a payload: its salt keeps what it says from being guessed once purged."""
    return hashlib.sha256(bytes.fromhex(sel) + contenu.encode()).hexdigest()


def empreinte_entree(
    *,
    algorithme: int,
    journal: str,
    rang: int,
    evenement: str,
    objet_id: str,
    survenu_le: datetime,
    precedente: str,
    contenu: str,
) -> str:
    """The digest of an entry, which the next one carries; `contenu` is its payload's digest.

    Raises `ValueError` for a version of the formula nobody knows.
    """
    if algorithme != ALGORITHME:
        raise ValueError(f"unknown algorithm {algorithme}")
    maillon = [
        algorithme,
        journal,
        rang,
        evenement,
        objet_id,
        horodater(survenu_le),
        precedente,
        contenu,
    ]
    return hashlib.sha256(orjson.dumps(maillon)).hexdigest()


def horodater(instant: datetime) -> str:
    """An instant as it is hashed: ISO 8601, UTC, always six decimals."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _verifier(valeur: object) -> None:
    if isinstance(valeur, _PERMIS):
        return
    if isinstance(valeur, Mapping):
        for cle, partie in valeur.items():
            if not isinstance(cle, str):
                raise TypeError(f"a key is a string, not {type(cle).__name__}")
            if type(partie) not in _FEUILLES:
                _verifier(partie)
    elif isinstance(valeur, (list, tuple)):
        for partie in valeur:
            _verifier(partie)
    else:
        raise TypeError(f"{type(valeur).__name__} has no place in the ledger")
