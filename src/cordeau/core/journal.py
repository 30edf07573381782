"""History of each record: who did what, when. Written by commands, read on every page."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cordeau.core.columns import Cle, Instant, Libelle, identifiant
from cordeau.core.dates import maintenant
from cordeau.core.db import Base
from cordeau.core.permissions import Acteur

#: Repeated saves within it are one line of history.
UNE_SEANCE = timedelta(minutes=30)


class Evenement(Base):
    """One fact in the life of a record."""

    __tablename__ = "evenement"
    __table_args__ = (Index(None, "objet_type", "objet_id", "survenu_le"),)

    id: Mapped[Cle]
    #: « devis », « facture »…: the table of the record.
    objet_type: Mapped[str] = mapped_column(String(40))
    objet_id: Mapped[UUID] = mapped_column(identifiant())
    #: In French, as shown: « Facture émise ».
    action: Mapped[Libelle]
    acteur_id: Mapped[UUID | None] = mapped_column(identifiant())
    acteur_nom: Mapped[Libelle]
    survenu_le: Mapped[Instant]
    #: Details worth showing, as plain strings.
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    session: Session,
    acteur: Acteur,
    objet_type: str,
    objet_id: UUID,
    action: str,
    **details: str,
) -> None:
    """Add a line to the history of a record."""
    session.add(
        Evenement(
            objet_type=objet_type,
            objet_id=objet_id,
            action=action,
            acteur_id=acteur.id,
            acteur_nom=acteur.nom,
            survenu_le=maintenant(),
            details=details,
        )
    )


def record_once(
    session: Session, acteur: Acteur, objet_type: str, objet_id: UUID, action: str
) -> None:
    """Add a line unless the same person's last one within half an hour says the same.

    An editor that saves by itself is one action, not a hundred.
    """
    dernier = session.scalar(
        select(Evenement)
        .where(Evenement.objet_type == objet_type, Evenement.objet_id == objet_id)
        .order_by(Evenement.survenu_le.desc())
        .limit(1)
    )
    if (
        dernier is None
        or (dernier.action, dernier.acteur_id) != (action, acteur.id)
        or maintenant() - dernier.survenu_le > UNE_SEANCE
    ):
        record(session, acteur, objet_type, objet_id, action)


def list_history(session: Session, objet_type: str, objet_id: UUID) -> list[Evenement]:
    """The history of a record, latest first."""
    return list(
        session.scalars(
            select(Evenement)
            .where(Evenement.objet_type == objet_type, Evenement.objet_id == objet_id)
            .order_by(Evenement.survenu_le.desc(), Evenement.id.desc())
            .limit(200)
        )
    )
