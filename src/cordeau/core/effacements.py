"""The register of erasures: what was erased, when, by which command; never whose it was.

Triggers let a line of the journal lose its content, and a devis nobody signed be deleted with its
versions, only when the record stands here; rows here never change.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cordeau.core.columns import Cle, Instant, identifiant
from cordeau.core.db import Base

#: What the journal calls a person of the firm once erased; the trigger knows this very text.
NOM_EFFACE = "Utilisateur effacé"


class Effacement(Base):
    """One person erased, as the law asks (GDPR art. 17)."""

    __tablename__ = "effacement"

    id: Mapped[Cle]
    #: « client », « contact » or « utilisateur ».
    personne_type: Mapped[str] = mapped_column(String(20))
    personne_id: Mapped[UUID] = mapped_column(identifiant(), index=True)
    fait_le: Mapped[Instant]
    #: The command that did it, and the account of the machine that ran it.
    par: Mapped[str] = mapped_column(String(160))
    #: How many rows of each table were erased, deleted, kept.
    bilan: Mapped[dict[str, Any]] = mapped_column(JSON)


class EffacementObjet(Base):
    """A record whose lines of the journal lost their content."""

    __tablename__ = "effacement_objet"

    objet_type: Mapped[str] = mapped_column(String(40), primary_key=True)
    objet_id: Mapped[UUID] = mapped_column(identifiant(), primary_key=True)
    effacement_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("effacement.id", ondelete="RESTRICT"), index=True
    )
