"""Clients, their contacts and the addresses where works take place."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cordeau.core.adresse import Adresse, adresse_column
from cordeau.core.columns import Cle, Court, Instant, Libelle, Montant, Texte, identifiant
from cordeau.core.db import Base
from cordeau.core.recherche import Cherchable


class Client(Cherchable, Base):
    """Who orders works and pays for them."""

    __tablename__ = "client"
    __table_args__ = (
        Index(None, "nom_tri", "id"),
        Index(None, "archive", "nom_tri", "id"),
        Index(None, "cree_le", "id"),
    )

    id: Mapped[Cle]
    revision: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(20), default="PARTICULIER", index=True)
    nom: Mapped[Libelle]
    #: The name folded, for sorting alike on both engines.
    nom_tri: Mapped[Libelle]
    email: Mapped[Libelle] = mapped_column(default="", index=True)
    telephone: Mapped[Court] = mapped_column(default="")
    #: Billing address.
    adresse: Mapped[Adresse] = adresse_column()
    siren: Mapped[str] = mapped_column(String(9), default="", index=True)
    siret: Mapped[str] = mapped_column(String(14), default="", index=True)
    numero_tva: Mapped[str] = mapped_column(String(20), default="")
    #: Address number of this client in JD Edwards.
    code_jde: Mapped[Court] = mapped_column(default="", index=True)
    #: Days; none takes the firm's.
    delai_paiement: Mapped[int | None] = mapped_column(Integer)
    notes: Mapped[Texte] = mapped_column(default="")
    #: Kept for its documents, no longer proposed.
    archive: Mapped[bool] = mapped_column(default=False)
    #: What the client owed when the firm came to Cordeau; below zero when it was owed.
    solde_ouverture: Mapped[Montant | None]
    solde_ouverture_le: Mapped[date | None] = mapped_column(Date)
    #: Folded name, town, numbers and code: what a search looks into.
    recherche: Mapped[Texte]
    cree_le: Mapped[Instant]

    contacts: Mapped[list["Contact"]] = relationship(
        lazy="raise", order_by="Contact.nom", cascade="all, delete-orphan"
    )
    sites: Mapped[list["Site"]] = relationship(
        lazy="raise", order_by="Site.nom", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy's way)


class Contact(Base):
    """A person to talk to at a client's."""

    __tablename__ = "contact"

    id: Mapped[Cle]
    client_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("client.id", ondelete="RESTRICT"), index=True
    )
    nom: Mapped[Libelle]
    fonction: Mapped[Libelle] = mapped_column(default="")
    email: Mapped[Libelle] = mapped_column(default="")
    telephone: Mapped[Court] = mapped_column(default="")


class Site(Base):
    """An address of a client where works may take place."""

    __tablename__ = "site"

    id: Mapped[Cle]
    client_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("client.id", ondelete="RESTRICT"), index=True
    )
    nom: Mapped[Libelle]
    adresse: Mapped[Adresse] = adresse_column()
