"""Devis, their lines, their former versions, their templates."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.columns import (
    Cle,
    Instant,
    Libelle,
    Montant,
    PrixUnitaire,
    Quantite,
    Taux,
    Texte,
    identifiant,
)
from cordeau.core.dates import JAMAIS
from cordeau.core.db import Base
from cordeau.core.recherche import Cherchable
from cordeau.core.totaux import Remise


class Devis(Cherchable, Base):
    """A priced proposal to a client: one number for life, one current version."""

    __tablename__ = "devis"
    __table_args__ = (
        Index(None, "numero_tri", "id"),
        Index(None, "date_emission", "id"),
        Index(None, "montant_ht", "id"),
        Index(None, "montant_ttc", "id"),
        Index(None, "client_tri", "id"),
        Index(None, "validite_tri", "id"),
        Index(None, "statut", "id"),
        Index(None, "statut", "numero_tri", "id"),
        Index(None, "client_id", "numero_tri", "id"),
        Index(None, "chantier_id", "numero_tri", "id"),
        Index(None, "statut", "date_validite", "montant_ht"),
    )

    id: Mapped[Cle]
    revision: Mapped[int] = mapped_column(Integer)
    #: « DEV-2025-001 ».
    numero: Mapped[str] = mapped_column(String(40), unique=True)
    #: The number padded, so that 1000 sorts after 999.
    numero_tri: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer, default=1)
    statut: Mapped[str] = mapped_column(String(20), default="BROUILLON")
    client_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("client.id", ondelete="RESTRICT")
    )
    #: The client's name folded, for sorting.
    client_tri: Mapped[Libelle]
    chantier_id: Mapped[UUID | None] = mapped_column(
        identifiant(), ForeignKey("chantier.id", ondelete="RESTRICT")
    )
    objet: Mapped[Libelle] = mapped_column(default="")
    date_emission: Mapped[date] = mapped_column(Date)
    #: Last day the client may accept.
    date_validite: Mapped[date | None] = mapped_column(Date)

    #: The same, or the end of time: how lists sort.
    validite_tri: Mapped[date] = mapped_column(Date, default=JAMAIS)

    #: Rate of the lines that name none.
    taux_tva: Mapped[Taux]
    remise_pourcentage: Mapped[Taux | None]
    remise_montant: Mapped[Montant | None]
    #: Subcontracted works: VAT is due by the client (art. 283-2 nonies CGI).
    autoliquidation: Mapped[bool] = mapped_column(default=False)
    montant_ht: Mapped[Montant]
    montant_tva: Mapped[Montant]
    montant_ttc: Mapped[Montant]
    #: Sale and cost of the rows whose cost is known.
    marge_vente_ht: Mapped[Montant]
    marge_cout_ht: Mapped[Montant]

    #: The client certified the premises and the works (reduced rates).
    attestation_signee: Mapped[bool] = mapped_column(default=False)
    date_debut_travaux: Mapped[date | None] = mapped_column(Date)
    duree_travaux: Mapped[Libelle] = mapped_column(default="")
    #: Signed away from the firm's premises: right of withdrawal (art. L. 221-18 C. conso.).
    hors_etablissement: Mapped[bool] = mapped_column(default=False)
    #: Waste (art. D. 541-45-1 C. env.): quantity, handling, collection point, cost.
    dechets_quantite: Mapped[Libelle] = mapped_column(default="")
    dechets_gestion: Mapped[Libelle] = mapped_column(default="")
    dechets_collecte: Mapped[Libelle] = mapped_column(default="")
    dechets_cout: Mapped[Libelle] = mapped_column(default="")
    conditions: Mapped[Texte] = mapped_column(default="")

    recherche: Mapped[Texte]
    cree_le: Mapped[Instant]
    envoye_le: Mapped[Instant | None]
    #: Day of the client's answer, yes or no.
    date_reponse: Mapped[date | None] = mapped_column(Date)

    # Read only: the identifiers above are what is written.
    client: Mapped[Client] = relationship(lazy="raise", viewonly=True)
    chantier: Mapped[Chantier | None] = relationship(lazy="raise", viewonly=True)
    lignes: Mapped[list["LigneDevis"]] = relationship(
        lazy="raise", order_by="LigneDevis.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy's way)

    @property
    def remise(self) -> Remise:
        """The global discount."""
        return Remise(pourcentage=self.remise_pourcentage, montant=self.remise_montant)


class LigneDevis(Base):
    """A row of the current version of a devis."""

    __tablename__ = "ligne_devis"
    __table_args__ = (Index(None, "devis_id", "position"),)

    id: Mapped[Cle]
    devis_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("devis.id", ondelete="RESTRICT")
    )
    #: The LOT that holds this row, in the same devis. Not a foreign key: InnoDB checks row by
    #: row and could not replace a tree in one statement.
    parent_id: Mapped[UUID | None] = mapped_column(identifiant())
    position: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(20))
    designation: Mapped[Texte]
    description: Mapped[Texte] = mapped_column(default="")
    quantite: Mapped[Quantite | None]
    unite: Mapped[str] = mapped_column(String(20), default="UNITE")
    prix_unitaire_ht: Mapped[PrixUnitaire | None]
    #: Discount, percent.
    remise: Mapped[Taux]
    #: Its own rate; on a priced row always set.
    taux_tva: Mapped[Taux | None]
    cout_unitaire_ht: Mapped[PrixUnitaire | None]
    #: Net amount; subtotal of a LOT or SOUS_TOTAL.
    montant_ht: Mapped[Montant | None]


class VersionDevis(Base):
    """A version as it was sent: its document, frozen."""

    __tablename__ = "version_devis"
    __table_args__ = (Index(None, "devis_id", "version", unique=True),)

    id: Mapped[Cle]
    devis_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("devis.id", ondelete="RESTRICT")
    )
    version: Mapped[int] = mapped_column(Integer)
    #: What became of it: status when the next version began, or now.
    statut: Mapped[str] = mapped_column(String(20))
    #: `documents.modele.Document` as JSON.
    contenu: Mapped[Texte]
    figee_le: Mapped[Instant]


class ModeleDevis(Base):
    """Lines and terms to start a devis from."""

    __tablename__ = "modele_devis"

    id: Mapped[Cle]
    nom: Mapped[Libelle] = mapped_column(index=True)
    #: What the editor would send: objet, tauxTVA, lignes…
    contenu: Mapped[dict[str, Any]] = mapped_column(JSON)
    cree_le: Mapped[Instant]
