"""Legal numbers: continuous within a series and a year, taken under lock.

A number is `PREFIXE-ANNEE-RANG` with at least three digits (`FAC-2026-001`). The row of the
series is updated *before* it is read, in the transaction that writes the document: no gap and
no duplicate on either engine (CGI ann. II art. 242 nonies A).
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import BigInteger, Connection, Date, Integer, String, bindparam, select, update
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from cordeau.core.db import Base
from cordeau.core.errors import ConflitError

CHIFFRES = 3


class Serie(Base):
    """The last rank taken in a series of numbers for one year."""

    __tablename__ = "serie"

    #: DEV, FAC or AVO.
    prefixe: Mapped[str] = mapped_column(String(10), primary_key=True)
    annee: Mapped[int] = mapped_column(Integer, primary_key=True)
    dernier_rang: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Rank before the first one of the year, so that a firm can go on from its former software.
    rang_initial: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Latest date numbered: a chronological series never goes back.
    derniere_date: Mapped[date | None] = mapped_column(Date)

    @property
    def est_entamee(self) -> bool:
        """Whether a number was taken: its start can no longer change."""
        return self.dernier_rang > self.rang_initial


_SERIES = Base.metadata.tables[Serie.__tablename__]
_ANNEES = select(_SERIES.c.annee, _SERIES.c.dernier_rang, _SERIES.c.derniere_date).where(
    _SERIES.c.prefixe == bindparam("serie")
)
_AVANCER = (
    update(_SERIES)
    .where(_SERIES.c.prefixe == bindparam("serie"), _SERIES.c.annee == bindparam("de"))
    .values(dernier_rang=_SERIES.c.dernier_rang + 1)
)


def next_number(session: Session, prefixe: str, le: date, *, chronologique: bool) -> str:
    """Take the next number of the series for the year of `le`.

    With `chronologique`, refuse a date before the last one numbered in the series, whatever the
    year: an invoice is never dated before the previous one.
    """
    session.flush()  # the first number of a series may just have been chosen
    connection = session.connection()
    if not _advance(connection, prefixe, le.year):
        _ensure(session, prefixe, le.year)
        _advance(connection, prefixe, le.year)
    annees = {
        annee: (rang, derniere)
        for annee, rang, derniere in connection.execute(_ANNEES, {"serie": prefixe})
    }
    if chronologique:
        _refuse_going_back(session, prefixe, le, [d for _, d in annees.values() if d is not None])
    return f"{prefixe}-{le.year}-{annees[le.year][0]:0{CHIFFRES}d}"


def set_first_number(session: Session, prefixe: str, annee: int, premier: int) -> None:
    """Choose the first number of a series for a year, as long as none was taken."""
    _ensure(session, prefixe, annee)
    serie = session.scalars(
        select(Serie).where(Serie.prefixe == prefixe, Serie.annee == annee).with_for_update()
    ).one()
    if serie.est_entamee:
        raise ConflitError(
            f"La série {prefixe}-{annee} est déjà utilisée : son premier numéro ne change plus."
        )
    serie.rang_initial = serie.dernier_rang = premier - 1


def list_series(session: Session) -> list[Serie]:
    """Every series, latest year first."""
    return list(session.scalars(select(Serie).order_by(Serie.annee.desc(), Serie.prefixe)))


def _ensure(session: Session, prefixe: str, annee: int) -> None:
    """Create the row of the series unless it exists, without racing anyone."""
    values = {"prefixe": prefixe, "annee": annee, "dernier_rang": 0, "rang_initial": 0}
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sqlite_insert(Serie).values(**values).on_conflict_do_nothing())
        return
    known = session.scalar(
        select(Serie.annee).where(Serie.prefixe == prefixe, Serie.annee == annee)
    )
    if known is None:
        session.execute(mysql_insert(Serie).values(**values).prefix_with("IGNORE"))


def _advance(connection: Connection, prefixe: str, annee: int) -> bool:
    """Take the next rank, which locks the row; False when the series has none yet."""
    taken = connection.execute(_AVANCER, {"serie": prefixe, "de": annee})
    return taken.rowcount > 0


def _refuse_going_back(session: Session, prefixe: str, le: date, dates: Sequence[date]) -> None:
    derniere = max(dates, default=None)
    if derniere is not None and le < derniere:
        raise ConflitError(
            f"Le dernier document de la série {prefixe} est daté du {derniere:%d/%m/%Y} : "
            f"un nouveau ne peut pas être daté du {le:%d/%m/%Y}. Vérifiez l’horloge du serveur."
        )
    if derniere != le:
        session.execute(
            update(Serie)
            .where(Serie.prefixe == prefixe, Serie.annee == le.year)
            .values(derniere_date=le)
            .execution_options(synchronize_session=False)
        )
