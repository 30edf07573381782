"""Factures with their rows and VAT, règlements with their allocations, rendered files."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.columns import (
    Cle,
    Instant,
    Libelle,
    LongText,
    Montant,
    PrixUnitaire,
    Quantite,
    ScaledDecimal,
    Taux,
    Texte,
    identifiant,
)
from cordeau.core.dates import JAMAIS
from cordeau.core.db import Base
from cordeau.core.recherche import Cherchable
from cordeau.core.totaux import Remise
from cordeau.devis.models import Devis
from cordeau.facturation.states import StatutFacture, TypeFacture


class Facture(Cherchable, Base):
    """A facture, acompte or avoir; once EMISE no column ever changes (triggers see to it)."""

    __tablename__ = "facture"
    __table_args__ = (
        CheckConstraint("(statut = 'EMISE') = (numero IS NOT NULL)", name="numero_emise"),
        Index(None, "date_tri", "id"),
        Index(None, "numero_tri", "id"),
        Index(None, "montant_ttc", "id"),
        Index(None, "client_tri", "id"),
        Index(None, "echeance_tri", "id"),
        Index(None, "statut", "date_tri", "id"),
        Index(None, "type", "date_tri", "id"),
        Index(None, "client_id", "date_tri", "id"),
        Index(None, "chantier_id", "date_tri", "id"),
        Index(None, "statut", "date_emission", "type", "montant_ht"),
    )

    id: Mapped[Cle]
    revision: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(20))
    statut: Mapped[str] = mapped_column(String(20), default="BROUILLON")
    #: « FAC-2026-001 », « AVO-2026-001 »; none for a BROUILLON.
    numero: Mapped[str | None] = mapped_column(String(40), unique=True)
    #: The number padded; empty for a BROUILLON.
    numero_tri: Mapped[str] = mapped_column(String(40), default="")
    client_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("client.id", ondelete="RESTRICT")
    )
    #: The client's name on the document, and folded for sorting; frozen at issue.
    client_nom: Mapped[Libelle]
    client_tri: Mapped[Libelle]
    devis_id: Mapped[UUID | None] = mapped_column(
        identifiant(), ForeignKey("devis.id", ondelete="RESTRICT"), index=True
    )
    chantier_id: Mapped[UUID | None] = mapped_column(
        identifiant(), ForeignKey("chantier.id", ondelete="RESTRICT")
    )
    #: The facture an avoir corrects.
    facture_origine_id: Mapped[UUID | None] = mapped_column(
        identifiant(), ForeignKey("facture.id", ondelete="RESTRICT"), index=True
    )
    objet: Mapped[Libelle] = mapped_column(default="")
    date_emission: Mapped[date | None] = mapped_column(Date)
    #: As typed on a BROUILLON, else from the client's terms at issue.
    date_echeance: Mapped[date | None] = mapped_column(Date)
    #: The same, or the end of time: how lists sort.
    echeance_tri: Mapped[date] = mapped_column(Date, default=JAMAIS)
    #: Date of the works, or of their end.
    date_prestation: Mapped[date | None] = mapped_column(Date)
    #: Issue date, creation date of a BROUILLON: how lists sort.
    date_tri: Mapped[date] = mapped_column(Date)
    #: The client's order number and, for public buyers, its service code.
    reference_commande: Mapped[Libelle] = mapped_column(default="")
    reference_acheteur: Mapped[Libelle] = mapped_column(default="")
    conditions: Mapped[Texte] = mapped_column(default="")

    taux_tva: Mapped[Taux]
    remise_pourcentage: Mapped[Taux | None]
    remise_montant: Mapped[Montant | None]
    autoliquidation: Mapped[bool] = mapped_column(default=False)
    attestation_signee: Mapped[bool] = mapped_column(default=False)
    #: Σ rows, discount, totals: above zero for an avoir too.
    lignes_ht: Mapped[Montant]
    remise_ht: Mapped[Montant]
    montant_ht: Mapped[Montant]
    montant_tva: Mapped[Montant]
    montant_ttc: Mapped[Montant]

    recherche: Mapped[Texte]
    cree_le: Mapped[Instant]
    emise_le: Mapped[Instant | None]
    #: `documents.modele.Document` as JSON: what was issued, word for word. Last, and loaded only
    #: on demand: lists walk past it.
    contenu: Mapped[str | None] = mapped_column(LongText, deferred=True)

    # Read only: the identifiers above are what is written; a flush has four links less to follow.
    client: Mapped[Client] = relationship(lazy="raise", viewonly=True)
    devis: Mapped[Devis | None] = relationship(lazy="raise", viewonly=True)
    chantier: Mapped[Chantier | None] = relationship(lazy="raise", viewonly=True)
    origine: Mapped["Facture | None"] = relationship(
        lazy="raise", viewonly=True, remote_side="Facture.id"
    )
    lignes: Mapped[list["LigneFacture"]] = relationship(
        lazy="raise",
        order_by="LigneFacture.position",
        cascade="all, delete-orphan",
        foreign_keys="LigneFacture.facture_id",
    )
    tva: Mapped[list["TvaFacture"]] = relationship(
        lazy="raise", order_by="TvaFacture.taux.desc()", cascade="all, delete-orphan"
    )
    solde: Mapped["Solde | None"] = relationship(lazy="raise", viewonly=True)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy's way)

    @property
    def signe(self) -> int:
        """−1 for an avoir, whose amounts are kept above zero."""
        return -1 if self.type == TypeFacture.AVOIR else 1

    @property
    def remise(self) -> Remise:
        """The global discount typed on a free facture."""
        return Remise(pourcentage=self.remise_pourcentage, montant=self.remise_montant)

    @property
    def reste_a_payer(self) -> Decimal:
        """What is still due (or to refund, for an avoir); a draft asks for all of it."""
        if self.statut == StatutFacture.BROUILLON or self.solde is None:
            return self.montant_ttc
        return self.solde.reste


class LigneFacture(Base):
    """A row of a facture."""

    __tablename__ = "ligne_facture"
    __table_args__ = (Index(None, "facture_id", "position"),)

    id: Mapped[Cle]
    facture_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("facture.id", ondelete="RESTRICT")
    )
    position: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(20))
    #: « 1.2 », the same as on the devis.
    numero: Mapped[str] = mapped_column(String(40), default="")
    niveau: Mapped[int] = mapped_column(Integer, default=0)
    #: The row of the accepted devis this bills.
    ligne_devis_id: Mapped[UUID | None] = mapped_column(
        identifiant(), ForeignKey("ligne_devis.id", ondelete="RESTRICT"), index=True
    )
    #: The row of the facture an avoir corrects.
    ligne_origine_id: Mapped[UUID | None] = mapped_column(
        identifiant(), ForeignKey("ligne_facture.id", ondelete="RESTRICT"), index=True
    )
    #: The acompte a DEDUCTION takes back.
    acompte_id: Mapped[UUID | None] = mapped_column(
        identifiant(), ForeignKey("facture.id", ondelete="RESTRICT"), index=True
    )
    designation: Mapped[Texte]
    description: Mapped[Texte] = mapped_column(default="")
    quantite: Mapped[Quantite | None]
    unite: Mapped[str] = mapped_column(String(20), default="UNITE")
    prix_unitaire_ht: Mapped[PrixUnitaire | None]
    remise: Mapped[Taux]
    taux_tva: Mapped[Taux | None]
    #: Below zero on a DEDUCTION; subtotal of a LOT or SOUS_TOTAL.
    montant_ht: Mapped[Montant | None]


class TvaFacture(Base):
    """One rate of the VAT table of a facture."""

    __tablename__ = "tva_facture"

    facture_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("facture.id", ondelete="RESTRICT"), primary_key=True
    )
    taux: Mapped[Decimal] = mapped_column(ScaledDecimal(4), primary_key=True)
    #: Σ rows, deductions included.
    lignes_ht: Mapped[Montant]
    remise_ht: Mapped[Montant]
    base_ht: Mapped[Montant]
    montant_tva: Mapped[Montant]


class Solde(Base):
    """What remains to pay on an issued document; the only part of it that moves."""

    __tablename__ = "solde"
    __table_args__ = (
        Index(None, "client_id", "reste"),
        Index(None, "reste", "date_echeance"),
    )

    facture_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("facture.id", ondelete="RESTRICT"), primary_key=True
    )
    client_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("client.id", ondelete="RESTRICT")
    )
    #: None for an avoir: a refund is never late.
    date_echeance: Mapped[date | None] = mapped_column(Date)
    #: Σ règlements.
    regle: Mapped[Montant]
    #: Σ avoirs set against it.
    credite: Mapped[Montant]
    reste: Mapped[Montant]
    #: Day it was settled, none while it is not.
    solde_le: Mapped[date | None] = mapped_column(Date)


class Reglement(Base):
    """Money received (above zero) or given back; never changed, reversed by a counter-entry."""

    __tablename__ = "reglement"
    __table_args__ = (
        Index(None, "date", "id"),
        Index(None, "montant", "id"),
        Index(None, "client_id", "date", "id"),
        Index(None, "mode", "date", "id"),
    )

    id: Mapped[Cle]
    client_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("client.id", ondelete="RESTRICT")
    )
    date: Mapped[date] = mapped_column(Date)
    montant: Mapped[Montant]
    mode: Mapped[str] = mapped_column(String(20))
    reference: Mapped[Libelle] = mapped_column(default="")
    #: The règlement this counter-entry reverses.
    annule_id: Mapped[UUID | None] = mapped_column(
        identifiant(), ForeignKey("reglement.id", ondelete="RESTRICT"), unique=True
    )
    motif: Mapped[Libelle] = mapped_column(default="")
    cree_le: Mapped[Instant]
    cree_par: Mapped[Libelle]

    client: Mapped[Client] = relationship(lazy="raise")
    imputations: Mapped[list["Imputation"]] = relationship(lazy="raise")


class Imputation(Base):
    """The part of a règlement that settles one document, or the client's opening balance."""

    __tablename__ = "imputation"

    id: Mapped[Cle]
    reglement_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("reglement.id", ondelete="RESTRICT"), index=True
    )
    #: None: the client's opening balance.
    facture_id: Mapped[UUID | None] = mapped_column(
        identifiant(), ForeignKey("facture.id", ondelete="RESTRICT"), index=True
    )
    #: What it takes off the document's balance; below zero in a counter-entry.
    montant: Mapped[Montant]

    facture: Mapped[Facture | None] = relationship(lazy="raise")


class PieceFacture(Base):
    """The Factur-X of an issued document: rendered once, the same bytes ever after."""

    __tablename__ = "piece_facture"

    facture_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("facture.id", ondelete="RESTRICT"), primary_key=True
    )
    pdf: Mapped[bytes] = mapped_column(LargeBinary(length=2**28))
    xml: Mapped[bytes] = mapped_column(LargeBinary(length=2**28))
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    xml_sha256: Mapped[str] = mapped_column(String(64))
    rendue_le: Mapped[Instant]
