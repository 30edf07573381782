"""E-mails, sent or kept, with what was attached."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cordeau.core.columns import Cle, Instant, Libelle, LongText, Texte, identifiant
from cordeau.core.db import Base


class StatutMessage(StrEnum):
    """Where a message stands."""

    A_ENVOYER = "A_ENVOYER"
    ENVOYE = "ENVOYE"
    #: No mail server is set: kept, readable under Paramètres, Messages.
    CONSERVE = "CONSERVE"
    #: The mail server refused it; the queue tries again, then gives up.
    ECHEC = "ECHEC"


class Message(Base):
    """One e-mail."""

    __tablename__ = "message"
    __table_args__ = (Index(None, "objet_type", "objet_id"),)

    id: Mapped[Cle]
    destinataire: Mapped[Libelle]
    #: Name shown as the sender, and where answers go: the firm's.
    expediteur: Mapped[Libelle] = mapped_column(default="")
    repondre_a: Mapped[Libelle] = mapped_column(default="")
    sujet: Mapped[Libelle]
    corps: Mapped[Texte]
    #: What opens something (a link), put at the end of the body; erased once sent.
    confidentiel: Mapped[str | None] = mapped_column(LongText)
    statut: Mapped[str] = mapped_column(String(20), default=StatutMessage.A_ENVOYER)
    erreur: Mapped[str | None] = mapped_column(LongText)
    cree_le: Mapped[Instant] = mapped_column(index=True)
    envoye_le: Mapped[Instant | None]
    #: What the message is about: « devis » and its identifier.
    objet_type: Mapped[str] = mapped_column(String(40))
    objet_id: Mapped[UUID] = mapped_column(identifiant())

    pieces: Mapped[list["PieceJointe"]] = relationship(
        back_populates="message", lazy="raise", cascade="all, delete-orphan"
    )


class PieceJointe(Base):
    """A file attached to a message, as it was when it was written."""

    __tablename__ = "piece_jointe"

    id: Mapped[Cle]
    message_id: Mapped[UUID] = mapped_column(
        identifiant(), ForeignKey("message.id", ondelete="RESTRICT"), index=True
    )
    nom: Mapped[Libelle]
    type_mime: Mapped[str] = mapped_column(String(100))
    contenu: Mapped[bytes] = mapped_column(LargeBinary(length=2**28))

    message: Mapped[Message] = relationship(back_populates="pieces", lazy="raise")
