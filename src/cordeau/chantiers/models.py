"""Chantiers."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, Date, ForeignKey, Index, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cordeau.clients.models import Client
from cordeau.core.adresse import Adresse, adresse_column
from cordeau.core.columns import Cle, Court, Instant, Libelle, Texte, identifiant
from cordeau.core.db import Base
from cordeau.core.recherche import Cherchable, TexteDe, suivre


class Chantier(Cherchable, Base):
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

    CHERCHE_PAR = ("recherche", "client_id")

    def texte_cherche(self, connexion: Connection) -> str:
        """Its client's name too."""
        nom = connexion.scalar(select(Client.nom_tri).where(Client.id == self.client_id))
        return f"{self.recherche} {nom}"


@suivre(Client)
def _chantiers_du_client(connexion: Connection, client: Client) -> Iterator[TexteDe]:
    """A client's new name is that of its chantiers' client."""
    rows = connexion.execute(
        select(Chantier.id, Chantier.recherche).where(Chantier.client_id == client.id)
    )
    for chantier_id, recherche in rows.all():
        yield TexteDe(Chantier.__tablename__, chantier_id, f"{recherche} {client.nom_tri}")
