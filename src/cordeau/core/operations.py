"""Operations already done: the same key never acts twice (double click, resubmitted page).

The key is reserved first in the transaction of the effect, and the answer is written in it: they
are saved together or not at all, so that no key stays taken by what was never done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Insert, Integer, LargeBinary, String, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler

from cordeau.core.columns import Cle, Instant, identifiant
from cordeau.core.dates import maintenant
from cordeau.core.db import Base, Database, Temoin, rows_written
from cordeau.core.errors import ConflitError
from cordeau.core.ids import first_id, new_id
from cordeau.core.retries import is_collision

CLE_MAX = 120
ADRESSE_MAX = 500
#: How long an answer is given again, then how long a witness is kept.
GARDE = timedelta(days=8)
GARDE_TEMOINS = timedelta(days=1)
#: Rows forgotten in one unit of work: it never holds the base for long.
LOT = 1000
JOB_OUBLIER = "operations.oublier"


class EnCoursError(ConflitError):
    """The same request is being treated: it is not begun again (HTTP 409)."""

    titre = "Demande en cours"
    retry_after = 2

    def __init__(self) -> None:
        super().__init__(
            "Cette même demande est déjà en cours de traitement. Attendez un instant : "
            "renvoyée ensuite, elle ne sera pas faite deux fois."
        )


class Operation(Base):
    """One request that carried a key, and what it was answered."""

    __tablename__ = "operation"
    __table_args__ = (Index("uq_operation_acteur_id_cle", "acteur_id", "cle", unique=True),)

    id: Mapped[Cle]
    acteur_id: Mapped[UUID] = mapped_column(identifiant())
    cle: Mapped[str] = mapped_column(String(CLE_MAX))
    #: Method, path and SHA-256 of the body: another request under the same key is refused.
    empreinte: Mapped[str] = mapped_column(String(64))
    statut: Mapped[int] = mapped_column(Integer)
    type_mime: Mapped[str] = mapped_column(String(100))
    adresse: Mapped[str] = mapped_column(String(ADRESSE_MAX))
    etag: Mapped[str] = mapped_column(String(100), server_default="")
    corps: Mapped[bytes] = mapped_column(LargeBinary(length=2**24 - 1))
    faite_le: Mapped[Instant]


@dataclass(frozen=True, slots=True)
class Reponse:
    """What an operation answered."""

    statut: int
    corps: bytes
    type_mime: str = ""
    adresse: str = ""
    etag: str = ""


class _ReserveInsert(Insert):
    """An insert that does not wait for another transaction to let go of the same key."""

    inherit_cache = True


@compiles(_ReserveInsert)
def _insert(element: _ReserveInsert, compiler: SQLCompiler, **options: Any) -> str:
    ordre: str = compiler.visit_insert(element, **options)  # type: ignore[no-untyped-call]  # SQLAlchemy's
    if getattr(compiler.dialect, "is_mariadb", False):
        return f"SET STATEMENT innodb_lock_wait_timeout = 0 FOR {ordre}"
    return ordre


def reserve(
    session: Session, acteur_id: UUID, cle: str, empreinte: str, *, waiting: bool
) -> UUID | Operation:
    """Take this person's key: the reservation, or the operation already done under it.

    Raises `EnCoursError` when somebody is doing it; `waiting` waits for them instead.
    """
    reservation = new_id()
    valeurs = {
        "id": reservation,
        "acteur_id": acteur_id,
        "cle": cle,
        "empreinte": empreinte,
        "faite_le": maintenant(),
        **dict.fromkeys(("type_mime", "adresse", "etag"), ""),
        "statut": 0,
        "corps": b"",
    }
    try:
        session.execute(insert(Operation) if waiting else _ReserveInsert(Operation), valeurs)
    except IntegrityError as error:
        faite = find_operation(session, acteur_id, cle)
        if faite is None:  # undone since: begin again
            raise EnCoursError from error
        return faite
    except DBAPIError as error:
        if waiting or not is_collision(error) or session.get_bind().dialect.name == "sqlite":
            raise
        raise EnCoursError from error
    return reservation


def keep_answer(session: Session, reservation: UUID, reponse: Reponse) -> None:
    """Write what was answered under a key reserved in this unit of work."""
    ecrit = session.execute(
        update(Operation)
        .where(Operation.id == reservation)
        .values(
            statut=reponse.statut,
            corps=reponse.corps,
            type_mime=reponse.type_mime,
            adresse=reponse.adresse,
            etag=reponse.etag,
        )
        .execution_options(synchronize_session=False)
    )
    if rows_written(ecrit) != 1:
        raise AssertionError("the reservation was rolled back by a request that answered yes")


def find_operation(session: Session, acteur_id: UUID, cle: str) -> Operation | None:
    """The operation done by this person under this key, if any."""
    return session.scalars(
        select(Operation).where(Operation.acteur_id == acteur_id, Operation.cle == cle)
    ).one_or_none()


def oublier(database: Database, _parametres: Mapping[str, Any]) -> None:
    """Forget the answers nobody asks for any more, and the witnesses of what ended long ago."""
    instant = maintenant()
    for modele, avant in ((Operation, instant - GARDE), (Temoin, instant - GARDE_TEMOINS)):
        while database.transaction(partial(_oublier_un_lot, modele=modele, avant=avant)) == LOT:
            pass


def _oublier_un_lot(
    session: Session, modele: type[Operation] | type[Temoin], avant: datetime
) -> int:
    """Identifiers tell when they were drawn: the oldest rows are the first of the primary key."""
    anciens = list(
        session.scalars(
            select(modele.id).where(modele.id < first_id(avant)).order_by(modele.id).limit(LOT)
        )
    )
    session.execute(
        delete(modele).where(modele.id.in_(anciens)).execution_options(synchronize_session=False)
    )
    return len(anciens)
