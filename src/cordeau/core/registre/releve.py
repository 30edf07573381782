"""A row of a table as it is hashed: its columns by name, as the database keeps them.

An amount is its scaled integer, a day and an instant their ISO text, an identifier its 32 digits:
integers and strings, the same on both engines, whatever reads them later.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import inspect

from cordeau.core.columns import ScaledDecimal
from cordeau.core.db import Base

Convertisseur = Callable[[Any], int | str | None]
#: Written as they are; a bool is not among them, nor a text that is more than a text.
_TELS = frozenset({int, str, type(None)})


def relever(ligne: Base, sauf: frozenset[str] = frozenset()) -> dict[str, int | str | None]:
    """Every column of a row, but those left out."""
    lues = vars(ligne)  # an attribute that waits to be read is not there yet
    return {
        nom: _convertir(lues[attribut] if attribut in lues else getattr(ligne, attribut), decimales)
        for attribut, nom, decimales in _colonnes(type(ligne))
        if nom not in sauf
    }


def colonnes(modele: type[Base], sauf: frozenset[str] = frozenset()) -> Sequence[str]:
    """The columns `relever` gives, in the order of the table."""
    return [nom for _, nom, _ in _colonnes(modele) if nom not in sauf]


def brute(valeur: object) -> int | str | None:
    """What a driver read, in the form `relever` gives."""
    if isinstance(valeur, datetime):
        return valeur.isoformat(" ", "microseconds")
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, (int, str)) or valeur is None:
        return valeur
    raise TypeError(f"{type(valeur).__name__} has no place in the ledger")


@cache
def _colonnes(modele: type[Base]) -> tuple[tuple[str, str, int], ...]:
    """(attribute, column, decimals) of a model."""
    return tuple(
        (propriete.key, str(colonne.name), _decimales(colonne.type))
        for propriete in inspect(modele).column_attrs
        for colonne in propriete.columns
    )


def _decimales(genre: object) -> int:
    return genre.scale if isinstance(genre, ScaledDecimal) else 0


def _convertir(valeur: Any, decimales: int) -> int | str | None:
    if type(valeur) in _TELS:
        tel: int | str | None = valeur
        return tel
    if isinstance(valeur, Decimal):
        return int(valeur.scaleb(decimales))
    if isinstance(valeur, UUID):
        return valeur.hex
    if isinstance(valeur, datetime):
        return brute(valeur.astimezone(UTC).replace(tzinfo=None))
    if isinstance(valeur, (bool, str)):
        return int(valeur) if isinstance(valeur, bool) else str(valeur)
    return brute(valeur)
