"""Operations already done: the same key never acts twice (double click, resubmitted page).

The key and the answer are written in the transaction of the effect itself.
"""

from uuid import UUID

from sqlalchemy import Index, Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cordeau.core.columns import Cle, Instant, identifiant
from cordeau.core.db import Base

CLE_MAX = 120


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
    adresse: Mapped[str] = mapped_column(String(500))
    corps: Mapped[bytes] = mapped_column(LargeBinary(length=2**24 - 1))
    faite_le: Mapped[Instant]


def find_operation(session: Session, acteur_id: UUID, cle: str) -> Operation | None:
    """The operation done by this person under this key, if any."""
    return session.scalars(
        select(Operation).where(Operation.acteur_id == acteur_id, Operation.cle == cle)
    ).one_or_none()
