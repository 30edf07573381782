"""Whether a row is referred to: asked of the foreign keys, so that no upper context is named."""

from uuid import UUID

from sqlalchemy import Column, exists, select
from sqlalchemy.orm import Session

from cordeau.core.db import Base


def est_reference(session: Session, table: str, cle: UUID) -> bool:
    """Whether any row of any table holds this identifier of `table`."""
    return any(
        session.scalar(select(exists().where(colonne == cle))) for colonne in _colonnes_vers(table)
    )


def _colonnes_vers(table: str) -> list[Column[UUID]]:
    return [
        cle.parent
        for autre in Base.metadata.sorted_tables
        for cle in autre.foreign_keys
        if cle.column.table.name == table
    ]
