"""Lists: search, sort and keyset paging, the same for a page and for the API.

A cursor holds the sort key and the identifier of the last row shown, so the thousandth page
costs what the first one costs.
"""

import base64
import binascii
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    or_,
)
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.orm import InstrumentedAttribute, Session

from cordeau.core.columns import ScaledDecimal, UtcDateTime, nue
from cordeau.core.errors import refuser_saisie
from cordeau.core.texte import plier

Row = TypeVar("Row")
Filtree = TypeVar("Filtree", bound=Select[*tuple[Any, ...]])
LIMITE_DEFAUT = 50
LIMITE_MAX = 200
_SANS_DIALECTE = DefaultDialect()


class Colonnes(Protocol):
    """A row of columns, read by name."""

    @property
    def _fields(self) -> tuple[str, ...]: ...

    def __getattr__(self, nom: str) -> Any:
        """What this column holds."""


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
    tri = _lire_tri(demande, tris, defaut, cle)
    return tri.couper(session.scalars(tri.borner(statement), tri.bornes()).all())


def paginate_columns(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    demande: Demande,
    *,
    tris: Mapping[str, InstrumentedAttribute[Any]],
    defaut: str,
    cle: InstrumentedAttribute[UUID],
) -> Page[Colonnes]:
    """The same for a statement of columns, those of `tris` and `cle` among them.

    A long list costs a third of what building its objects would; its rows are named tuples, whose
    fields a page reads three times as fast as those of SQLAlchemy's rows.
    """
    tri = _lire_tri(demande, tris, defaut, cle)
    lues = session.connection().execute(tri.borner(statement), tri.bornes())
    nommer = _nuplet(tuple(lues.keys()))
    return tri.couper([nommer(row) for row in lues])


@dataclass(frozen=True, slots=True)
class _Tri:
    """How a page is sorted, where it starts and how long it is."""

    demande: Demande
    nom: str
    colonne: InstrumentedAttribute[Any]
    cle: InstrumentedAttribute[UUID]

    def borner(self, statement: Filtree) -> Filtree:
        """The page and one row more, which says whether another follows."""
        borne: Filtree = _borner(
            statement,
            nue(self.colonne),
            nue(self.cle),
            decroissant=self.nom.startswith("-"),
            suite=bool(self.demande.curseur),
        )
        return borne

    def bornes(self) -> dict[str, Any]:
        """The parameters of that statement."""
        limite = {"limite": self.demande.limite + 1}
        if not self.demande.curseur:
            return limite
        valeur, dernier = _decode(self.demande.curseur, self.nom, nue(self.colonne))
        return {**limite, "borne": valeur, "dernier": dernier}

    def couper(self, rows: Sequence[Row]) -> Page[Row]:
        """The page, with the cursor of the next one."""
        if len(rows) <= self.demande.limite:
            return Page(list(rows), None)
        page = list(rows[: self.demande.limite])
        derniere: Any = page[-1]
        valeur, cle = getattr(derniere, self.colonne.key), getattr(derniere, self.cle.key)
        return Page(page, encoder_curseur(self.nom, valeur, cle))


def _lire_tri(
    demande: Demande,
    tris: Mapping[str, InstrumentedAttribute[Any]],
    defaut: str,
    cle: InstrumentedAttribute[UUID],
) -> _Tri:
    if not 1 <= demande.limite <= LIMITE_MAX:
        raise refuser_saisie("limite", f"Demandez entre 1 et {LIMITE_MAX} éléments.")
    tri = demande.tri or defaut
    colonne = tris.get(tri.removeprefix("-"))
    if colonne is None:
        connus = ", ".join(sorted(tris))
        raise refuser_saisie("tri", f"Tri inconnu. Tris possibles : {connus}.")
    return _Tri(demande, tri, colonne, cle)


@lru_cache(maxsize=64)
def _borner(
    statement: Filtree, colonne: Column[Any], cle: Column[UUID], *, decroissant: bool, suite: bool
) -> Filtree:
    """Kept for the lists nobody filters: a statement built anew is also compared anew."""
    if suite:
        valeur, dernier = (
            bindparam("borne", type_=colonne.type),
            bindparam("dernier", type_=cle.type),
        )
        statement = statement.where(_after(colonne, cle, valeur, dernier, decroissant=decroissant))
    ordre = (colonne.desc(), cle.desc()) if decroissant else (colonne.asc(), cle.asc())
    return statement.order_by(None).order_by(*ordre).limit(bindparam("limite", type_=Integer()))


@cache
def _nuplet(noms: tuple[str, ...]) -> Callable[[Iterable[Any]], Colonnes]:
    """What names the columns of a statement."""
    nuplet: Any = namedtuple  # noqa: PYI024 (its names are known at run time only)
    nommer: Callable[[Iterable[Any]], Colonnes] = nuplet("Colonnes", noms)._make
    return nommer


def contient_mots(
    colonne: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], q: str
) -> ColumnElement[bool]:
    """Every word of `q` is somewhere in a folded search column."""
    return and_(
        True,  # noqa: FBT003 (SQL literal)
        *(colonne.contains(mot, autoescape=True) for mot in plier(q)[:200].split()),
    )


def _after(
    colonne: ColumnElement[Any],
    cle: ColumnElement[UUID],
    valeur: BindParameter[Any],
    dernier: BindParameter[UUID],
    *,
    decroissant: bool,
) -> ColumnElement[bool]:
    """Rows that come after the cursor, written so that both engines range-scan the index."""
    if decroissant:
        return and_(colonne <= valeur, or_(colonne < valeur, cle < dernier))
    return and_(colonne >= valeur, or_(colonne > valeur, cle > dernier))


def encoder_curseur(tri: str, valeur: Any, dernier: UUID) -> str:
    """The cursor of what follows this row."""
    texte = valeur.isoformat() if isinstance(valeur, date) else str(valeur)
    return base64.urlsafe_b64encode(orjson.dumps([tri, texte, dernier.hex])).decode()


def _decode(curseur: str, tri: str, colonne: ColumnElement[Any]) -> tuple[Any, UUID]:
    try:
        tri_du_curseur, texte, dernier = orjson.loads(
            base64.urlsafe_b64decode(curseur.encode("ascii"))
        )
        if tri_du_curseur != tri:
            raise ValueError("cursor of another sort")
        return _lire(texte, colonne.type), UUID(dernier)
    except (
        ValueError,
        TypeError,
        AttributeError,
        ArithmeticError,
        binascii.Error,
    ) as error:
        raise refuser_saisie(
            "curseur", "Ce curseur n’est pas valable pour ce tri : reprenez depuis le début."
        ) from error


def _lire(texte: str, genre: Any) -> Any:
    """The value a column of this type would hold; an error when it could not."""
    if isinstance(genre, ScaledDecimal):
        valeur = Decimal(texte)
        _dans_l_entier(genre.process_bind_param(valeur, _SANS_DIALECTE))
        return valeur
    if isinstance(genre, UtcDateTime):
        instant = datetime.fromisoformat(texte)
        genre.process_bind_param(instant, _SANS_DIALECTE)
        return instant
    if isinstance(genre, Date):
        return date.fromisoformat(texte)
    if isinstance(genre, Integer):
        return _dans_l_entier(int(texte))
    return str(texte)


def _dans_l_entier(valeur: int | None) -> int | None:
    if valeur is not None and not -(2**63) <= valeur < 2**63:
        raise OverflowError("out of a 64-bit integer")
    return valeur
