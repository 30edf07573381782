"""Entries of the ledger, the head of each chain, and signed anchors of it."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from cordeau.core.columns import Cle, Instant, Libelle, LongText, identifiant
from cordeau.core.db import Base


class EntreeRegistre(Base):
    """One fact, chained: nobody changes or deletes it (triggers see to it)."""

    __tablename__ = "registre_entree"
    __table_args__ = (Index(None, "objet_id"),)

    #: `states.Journal`.
    journal: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: 1, 2, 3… without a gap in the journal.
    rang: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    #: `states.Evenement`.
    evenement: Mapped[str] = mapped_column(String(40))
    #: The row this tells of; none when there is no such row.
    objet_id: Mapped[UUID | None] = mapped_column(identifiant())
    survenu_le: Mapped[Instant]
    #: Version of the formulas (`canonique.ALGORITHME`).
    algorithme: Mapped[int] = mapped_column(Integer)
    #: 16 random bytes, hexadecimal.
    sel: Mapped[str] = mapped_column(String(32))
    #: Canonical JSON: everything printed or exported.
    contenu: Mapped[str] = mapped_column(LongText)
    contenu_sha256: Mapped[str] = mapped_column(String(64))
    #: Digest of the entry before, zeros for the first.
    precedente: Mapped[str] = mapped_column(String(64))
    empreinte: Mapped[str] = mapped_column(String(64))


class TeteRegistre(Base):
    """The last link of a chain: the one row locked and written at each posting."""

    __tablename__ = "registre_tete"

    journal: Mapped[str] = mapped_column(String(20), primary_key=True)
    rang: Mapped[int] = mapped_column(Integer)
    empreinte: Mapped[str] = mapped_column(String(64))


class AncreRegistre(Base):
    """A signed statement of where a chain stood; copies of it live outside the database."""

    __tablename__ = "registre_ancre"
    __table_args__ = (Index(None, "journal", "rang"),)

    id: Mapped[Cle]
    journal: Mapped[str] = mapped_column(String(20))
    rang: Mapped[int] = mapped_column(Integer)
    empreinte: Mapped[str] = mapped_column(String(64))
    posee_le: Mapped[Instant]
    #: Which key signed: the first 16 digits of the SHA-256 of the public one.
    cle_id: Mapped[str] = mapped_column(String(16))
    #: Ed25519 (RFC 8032), hexadecimal.
    signature: Mapped[str] = mapped_column(String(128))


class Cloture(Base):
    """A period closed for good: its totals are in the entry of the same identifier."""

    __tablename__ = "cloture"
    __table_args__ = (Index(None, "genre", "debut", unique=True), Index(None, "fin"))

    id: Mapped[Cle]
    #: `states.GenreCloture`.
    genre: Mapped[str] = mapped_column(String(10))
    #: First and last day, both included.
    debut: Mapped[date] = mapped_column(Date)
    fin: Mapped[date] = mapped_column(Date)
    close_le: Mapped[Instant]
    close_par: Mapped[Libelle]
