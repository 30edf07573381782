"""Chantiers."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cordeau.clients.models import Client
from cordeau.core.adresse import Adresse, adresse_column
from cordeau.core.columns import Cle, Court, Instant, Libelle, Texte, identifiant
from cordeau.core.db import Base


class Chantier(Base):
    """Works for a client, at a place, between two days."""

    __tablename__ = "chantier"
    __table_args__ = (
        Index(None, "date_debut", "id"),
        Index(None, "statut", "date_debut", "id"),
        Index(None, "client_id", "date_debut", "id"),
        Index(None, "nom_tri", "id"),
        Index(None, "responsable", "date_debut", "id"),
    )

    id: Mapped[Cle]
    revision: Mapped[int] = mapped_column(Integer)
    #: Short name of the firm's own: « CH-2026-001 » unless typed.
    code: Mapped[Court] = mapped_column(unique=True)
    nom: Mapped[Libelle]
    nom_tri: Mapped[Libelle]
    client_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("client.id", ondelete="RESTRICT")
    )
    adresse: Mapped[Adresse] = adresse_column()
    date_debut: Mapped[date] = mapped_column(Date)
    date_fin: Mapped[date] = mapped_column(Date)
    #: Who runs it, as typed.
    responsable: Mapped[Libelle] = mapped_column(default="")
    statut: Mapped[str] = mapped_column(String(20), default="PLANIFIE")
    notes: Mapped[Texte] = mapped_column(default="")
    recherche: Mapped[Texte]
    cree_le: Mapped[Instant]

    client: Mapped[Client] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy's way)
