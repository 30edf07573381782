"""Lists: search, sort and keyset paging, the same for a page and for the API.

A cursor holds the sort key and the identifier of the last row shown, so the thousandth page
costs what the first one costs.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from cordeau.core.errors import refuser_saisie
from cordeau.core.texte import plier

Row = TypeVar("Row")
LIMITE_DEFAUT = 50
LIMITE_MAX = 200


@dataclass(frozen=True, slots=True)
class Demande:
    """What a list is asked: words, a sort (`-dateEmission` for descending), a page."""

    q: str = ""
    tri: str = ""
    limite: int = LIMITE_DEFAUT
    curseur: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list; `suivant` is the cursor of the next one, None at the end."""

    elements: list[Row]
    suivant: str | None


def paginate(
    session: Session,
    statement: Select[Row],
    demande: Demande,
    *,
    tris: Mapping[str, InstrumentedAttribute[Any]],
    defaut: str,
    cle: InstrumentedAttribute[UUID],
) -> Page[Row]:
    """One page of `statement`, sorted by one of `tris` (never null) then by identifier.

    Raises `SaisieError` on an unknown sort, a limit out of 1..200 or a cursor that is not ours.
    """
    if not 1 <= demande.limite <= LIMITE_MAX:
        raise refuser_saisie("limite", f"Demandez entre 1 et {LIMITE_MAX} éléments.")
    tri = demande.tri or defaut
    colonne = tris.get(tri.removeprefix("-"))
    if colonne is None:
        connus = ", ".join(sorted(tris))
        raise refuser_saisie("tri", f"Tri inconnu. Tris possibles : {connus}.")
    decroissant = tri.startswith("-")
    if demande.curseur:
        valeur, dernier = _decode(demande.curseur, tri)
        statement = statement.where(_after(colonne, cle, valeur, dernier, decroissant))
    ordre = (colonne.desc(), cle.desc()) if decroissant else (colonne.asc(), cle.asc())
    rows = list(
        session.scalars(statement.order_by(None).order_by(*ordre).limit(demande.limite + 1))
    )
    if len(rows) <= demande.limite:
        return Page(rows, None)
    rows = rows[: demande.limite]
    derniere: Any = rows[-1]
    return Page(
        rows, _encode(tri, getattr(derniere, colonne.key), getattr(derniere, cle.key))
    )


def contient_mots(colonne: InstrumentedAttribute[str], q: str) -> ColumnElement[bool]:
    """Every word of `q` is somewhere in a folded search column."""
    return and_(
        True,  # noqa: FBT003 (SQL literal)
        *(colonne.contains(mot, autoescape=True) for mot in plier(q)[:200].split()),
    )


def _after(
    colonne: InstrumentedAttribute[Any],
    cle: InstrumentedAttribute[UUID],
    valeur: Any,
    dernier: UUID,
    decroissant: bool,
) -> ColumnElement[bool]:
    """Rows that come after the cursor, written so that both engines range-scan the index."""
    if decroissant:
        return and_(colonne <= valeur, or_(colonne < valeur, cle < dernier))
    return and_(colonne >= valeur, or_(colonne > valeur, cle > dernier))


def _encode(tri: str, valeur: Any, dernier: UUID) -> str:
    genre, texte = _to_text(valeur)
    return base64.urlsafe_b64encode(orjson.dumps([tri, genre, texte, dernier.hex])).decode()


def _to_text(valeur: Any) -> tuple[str, str]:
    if isinstance(valeur, datetime):
        return "i", valeur.isoformat()
    if isinstance(valeur, date):
        return "d", valeur.isoformat()
    if isinstance(valeur, Decimal):
        return "n", str(valeur)
    if isinstance(valeur, int):
        return "e", str(valeur)
    return "t", str(valeur)


_FROM_TEXT: Mapping[str, Any] = {
    "i": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": Decimal,
    "e": int,
    "t": str,
}


def _decode(curseur: str, tri: str) -> tuple[Any, UUID]:
    try:
        tri_du_curseur, genre, texte, dernier = orjson.loads(
            base64.urlsafe_b64decode(curseur.encode("ascii"))
        )
        if tri_du_curseur != tri:
            raise ValueError("cursor of another sort")
        return _FROM_TEXT[genre](texte), UUID(dernier)
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        InvalidOperation,
        binascii.Error,
    ) as error:
        raise refuser_saisie(
            "curseur", "Ce curseur n’est pas valable pour ce tri : reprenez depuis le début."
        ) from error
