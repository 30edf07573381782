"""Backups that were taken: their age tells how much would be lost."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cordeau.core.columns import Cle, Instant, Libelle
from cordeau.core.db import Base


class Sauvegarde(Base):
    """One backup, as it was when its file was complete."""

    __tablename__ = "sauvegarde"

    id: Mapped[Cle]
    #: When the data it holds was read, not when the file was finished.
    faite_le: Mapped[Instant] = mapped_column(index=True)
    #: Name of the file, without its folder.
    fichier: Mapped[Libelle]
    taille: Mapped[int] = mapped_column(BigInteger)
    chiffree: Mapped[bool] = mapped_column(Boolean)
    #: SHA-256 of the file.
    empreinte: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class DerniereSauvegarde:
    """What a page says of the last backup."""

    faite_le: datetime
    fichier: str
    taille: int
    chiffree: bool


def derniere_sauvegarde(session: Session) -> DerniereSauvegarde | None:
    """The last backup taken, None when there is none."""
    row = session.execute(
        select(Sauvegarde.faite_le, Sauvegarde.fichier, Sauvegarde.taille, Sauvegarde.chiffree)
        .order_by(Sauvegarde.faite_le.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else DerniereSauvegarde(*row)
