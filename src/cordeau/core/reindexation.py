"""The words of what can be searched, compared with the rows they come from, and put right.

They are written with their rows; what writes around the application (a bulk load, a repair by
hand) leaves them behind, and a search then silently misses rows.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, insert, select
from sqlalchemy.orm import Session

from cordeau.core.db import Database, tient_toute_la_base
from cordeau.core.recherche import Cherchable, Mot, mots_de

#: Rows compared at once; each lot is put right in its own transaction.
LOT = 500


class Ecart(NamedTuple):
    """A row whose words are not those of its text."""

    genre: str
    objet_id: UUID
    manquent: frozenset[str]
    de_trop: frozenset[str]


def verifier(session: Session) -> list[Ecart]:
    """Every row that a search would miss, or find by what it no longer holds.

    Reads one state of the base while others write: give it a session that has read nothing.
    """
    if not tient_toute_la_base(session):
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    ecarts: list[Ecart] = []
    for genre in _genres():
        dernier: UUID | None = None
        while lot := _lire_lot(session, genre, dernier):
            dernier = lot[-1].id
            ecarts += _comparer(session, genre.__tablename__, lot)
            session.expunge_all()
    return ecarts + list(_orphelins(session))


def reconstruire(database: Database) -> list[Ecart]:
    """Put the words right, so many rows at a time; what was wrong."""
    ecarts: list[Ecart] = []
    for genre in _genres():
        dernier: UUID | None = None
        while True:
            lot = database.transaction(partial(_reprendre_lot, genre=genre, dernier=dernier))
            if lot is None:
                break
            dernier, trouves = lot
            ecarts += trouves
    return ecarts + database.transaction(_oublier_orphelins)


def _genres() -> list[type[Any]]:
    return sorted(Cherchable.__subclasses__(), key=lambda genre: genre.__tablename__)


def _reprendre_lot(
    session: Session, genre: type[Any], dernier: UUID | None
) -> tuple[UUID, list[Ecart]] | None:
    """One lot, its rows held so that nobody changes their text meanwhile; None at the end."""
    lot = _lire_lot(session, genre, dernier, for_update=True)
    if not lot:
        return None
    ecarts = _comparer(session, genre.__tablename__, lot)
    _corriger(session, ecarts)
    return lot[-1].id, ecarts


def _lire_lot(
    session: Session, genre: type[Any], dernier: UUID | None, *, for_update: bool = False
) -> Sequence[Any]:
    statement: Select[Any] = select(genre).order_by(genre.id).limit(LOT)
    if dernier is not None:
        statement = statement.where(genre.id > dernier)
    if for_update:
        statement = statement.with_for_update()
    return session.scalars(statement).all()


def _comparer(session: Session, genre: str, lot: Sequence[Any]) -> list[Ecart]:
    """A word kept under another kind is one too many, and one that is missing."""
    gardes: dict[UUID, set[str]] = {objet.id: set() for objet in lot}
    ailleurs: dict[UUID, set[str]] = {objet.id: set() for objet in lot}
    rows = session.execute(
        select(Mot.objet_id, Mot.mot, Mot.genre).where(Mot.objet_id.in_(list(gardes)))
    )
    for objet_id, mot, sous in rows:
        (gardes if sous == genre else ailleurs)[objet_id].add(mot)
    connexion = session.connection()
    ecarts = []
    for objet in lot:
        voulus = mots_de(objet.texte_cherche(connexion))
        manquent = voulus - gardes[objet.id]
        de_trop = (gardes[objet.id] - voulus) | ailleurs[objet.id]
        if manquent or de_trop:
            ecarts.append(Ecart(genre, objet.id, frozenset(manquent), frozenset(de_trop)))
    return ecarts


def _orphelins(session: Session) -> Iterator[Ecart]:
    """The words of rows that are there no more, or of no kind at all."""
    rows = session.execute(select(Mot.genre, Mot.objet_id, Mot.mot).where(_sans_objet()))
    trouves: dict[tuple[str, UUID], set[str]] = {}
    for genre, objet_id, mot in rows:
        trouves.setdefault((genre, objet_id), set()).add(mot)
    for (genre, objet_id), mots in sorted(trouves.items()):
        yield Ecart(genre, objet_id, frozenset(), frozenset(mots))


def _oublier_orphelins(session: Session) -> list[Ecart]:
    ecarts = list(_orphelins(session))
    _corriger(session, ecarts)
    return ecarts


def _sans_objet() -> ColumnElement[bool]:
    """What no row of any kind answers for."""
    return and_(*(~exists().where(genre.id == Mot.objet_id) for genre in _genres()))


def _corriger(session: Session, ecarts: Sequence[Ecart]) -> None:
    for ecart in ecarts:
        if ecart.de_trop:
            session.execute(
                delete(Mot).where(Mot.objet_id == ecart.objet_id, Mot.mot.in_(ecart.de_trop))
            )
    neufs = [
        {"objet_id": ecart.objet_id, "mot": mot, "genre": ecart.genre}
        for ecart in ecarts
        for mot in sorted(ecart.manquent)
    ]
    if neufs:
        session.execute(insert(Mot), neufs)
