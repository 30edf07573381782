"""Counting what is limited, in the base: the same count for every server of the instance.

One row a key, a fixed window. Only what is limited pays for it: one statement, committed at once,
so that a refused request counts too.
"""

from datetime import datetime, timedelta
from functools import partial
from math import ceil

from sqlalchemy import Integer, String, bindparam, case, delete, or_, select, update
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from cordeau.core.columns import Cle, Instant, UtcDateTime
from cordeau.core.dates import maintenant
from cordeau.core.db import Base, Database, rows_written
from cordeau.core.errors import TropDeDemandesError
from cordeau.core.ids import new_id
from cordeau.core.quotas import Quota

CLE_MAX = 120
#: Rows older than the longest window say nothing.
OUBLI = timedelta(days=1)


class Limite(Base):
    """How often a key was used in its window."""

    __tablename__ = "limite"

    id: Mapped[Cle]
    cle: Mapped[str] = mapped_column(String(CLE_MAX), unique=True)
    depuis: Mapped[Instant] = mapped_column(index=True)
    nombre: Mapped[int] = mapped_column(Integer)


_FINIE = Limite.depuis <= bindparam("fin", type_=UtcDateTime())
_COMBIEN = bindparam("combien", type_=Integer())
#: The count before the date: MariaDB computes the second with what the first has written.
_COMPTER = (
    update(Limite)
    .where(Limite.cle == bindparam("de"), or_(_FINIE, Limite.nombre <= bindparam("permis")))
    .ordered_values(
        (Limite.nombre, case((_FINIE, _COMBIEN), else_=Limite.nombre + _COMBIEN)),
        (
            Limite.depuis,
            case((_FINIE, bindparam("instant", type_=UtcDateTime())), else_=Limite.depuis),
        ),
    )
    .execution_options(synchronize_session=False)
)


def consommer(database: Database, cle: str, quota: Quota, combien: int = 1) -> None:
    """Count more uses of this key; `TropDeDemandesError` beyond what the quota permits."""
    compter = partial(_compter, cle=cle, quota=quota, combien=combien, instant=maintenant())
    attente = database.transaction(compter)
    if attente is not None:
        raise TropDeDemandesError(ceil(attente.total_seconds()))


def purger(session: Session) -> None:
    """Forget the windows that ended long ago."""
    session.execute(delete(Limite).where(Limite.depuis < maintenant() - OUBLI))


def _compter(
    session: Session, cle: str, quota: Quota, combien: int, instant: datetime
) -> timedelta | None:
    """None when it may pass; else how long until it may."""
    valeurs = {
        "de": cle,
        "instant": instant,
        "fin": instant - quota.duree,
        "combien": combien,
        "permis": max(0, quota.nombre - combien),
    }
    for _ in range(2):
        if rows_written(session.execute(_COMPTER, valeurs)):
            return None
        depuis = session.scalar(select(Limite.depuis).where(Limite.cle == cle))
        if depuis is not None:
            return max(depuis + quota.duree - instant, timedelta(seconds=1))
        _creer(session, cle, instant)
    raise AssertionError("a row made is a row found")


def _creer(session: Session, cle: str, instant: datetime) -> None:
    """Create the row of a key unless another does at the same time."""
    valeurs = {"id": new_id(), "cle": cle, "depuis": instant, "nombre": 0}
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sqlite_insert(Limite).values(**valeurs).on_conflict_do_nothing())
    else:
        session.execute(mysql_insert(Limite).values(**valeurs).prefix_with("IGNORE"))
