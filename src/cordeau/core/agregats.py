"""Kept sums: what a figure of the whole firm is made of, exact at every instant.

Triggers of the base write one `MouvementAgregat` for each change of a row that counts, in the
transaction of that change: no writer waits for another. A job folds movements into `Agregat`.
A reader adds both in one statement, so that a fold that happens meanwhile is seen whole or not
at all. `analytics.agregats` compares them with the rows they come from.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Date,
    Integer,
    Select,
    String,
    Subquery,
    delete,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from cordeau.core.columns import Montant
from cordeau.core.db import Base

#: How many movements one unit of work folds.
POIGNEE = 2_000


class Mesure(StrEnum):
    """What is summed; `cle` and `jour` say how finely."""

    #: By state, HT; for those with their client, by end of validity.
    DEVIS = "DEVIS"
    #: Accepted devis that no facture mentions.
    A_FACTURER = "A_FACTURER"
    #: Issued documents by type and day of issue, HT, above zero for avoirs too.
    FACTURE = "FACTURE"
    #: What remains to pay on factures and acomptes, by due date.
    DU = "DU"
    #: Règlements by day.
    ENCAISSE = "ENCAISSE"


class Agregat(Base):
    """A sum, as of the movements folded so far."""

    __tablename__ = "agregat"

    mesure: Mapped[str] = mapped_column(String(20), primary_key=True)
    cle: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: `JAMAIS` where the day does not matter.
    jour: Mapped[date] = mapped_column(Date, primary_key=True)
    nombre: Mapped[int] = mapped_column(BigInteger)
    montant: Mapped[Montant]


class MouvementAgregat(Base):
    """What one change adds to a sum, or takes off it."""

    __tablename__ = "mouvement_agregat"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    mesure: Mapped[str] = mapped_column(String(20), index=True)
    cle: Mapped[str] = mapped_column(String(20))
    jour: Mapped[date] = mapped_column(Date)
    nombre: Mapped[int] = mapped_column(BigInteger)
    montant: Mapped[Montant]


class Cle(NamedTuple):
    """What names a sum."""

    mesure: str
    cle: str
    jour: date


@cache
def sommes(mesure: Mesure) -> Subquery:
    """Everything that makes a measure, folded or not: to be summed, in one statement."""
    return union_all(*(_parts(genre, mesure) for genre in (Agregat, MouvementAgregat))).subquery()


def lire_sommes(session: Session, mesure: Mesure) -> dict[str, tuple[int, Decimal]]:
    """Count and amount by `cle`."""
    rows = session.connection().execute(_par_cle(mesure))
    return {cle: (int(nombre), montant) for cle, nombre, montant in rows}


@cache
def _par_cle(mesure: Mesure) -> Select[str, int, Decimal]:
    source = sommes(mesure).c
    return select(source.cle, func.sum(source.nombre), func.sum(source.montant)).group_by(
        source.cle
    )


def replier(session: Session) -> int:
    """Fold the oldest movements; how many. Those who write meanwhile are not waited for."""
    mouvements: Sequence[MouvementAgregat] = session.scalars(
        select(MouvementAgregat).order_by(MouvementAgregat.id).limit(POIGNEE).with_for_update()
    ).all()
    for cle, (nombre, montant) in additionner(mouvements).items():
        _ajouter(session, cle, nombre, montant)
    if mouvements:
        session.flush()
        ids = [mouvement.id for mouvement in mouvements]
        session.execute(delete(MouvementAgregat).where(MouvementAgregat.id.in_(ids)))
    return len(mouvements)


def additionner(parts: Sequence[Any]) -> dict[Cle, tuple[int, Decimal]]:
    """Sums of rows that hold the columns of a movement."""
    cumul: dict[Cle, tuple[int, Decimal]] = {}
    for part in parts:
        cle = Cle(part.mesure, part.cle, part.jour)
        nombre, montant = cumul.get(cle, (0, Decimal("0.00")))
        cumul[cle] = nombre + int(part.nombre), montant + part.montant
    return cumul


def _ajouter(session: Session, cle: Cle, nombre: int, montant: Decimal) -> None:
    agregat = session.get(Agregat, cle, with_for_update=True)
    if agregat is None:
        session.add(Agregat(**cle._asdict(), nombre=nombre, montant=montant))
        return
    agregat.nombre += nombre
    agregat.montant += montant


def _parts(genre: type[Agregat | MouvementAgregat], mesure: Mesure) -> Select[Any, Any, Any, Any]:
    return select(genre.cle, genre.jour, genre.nombre, genre.montant).where(genre.mesure == mesure)
