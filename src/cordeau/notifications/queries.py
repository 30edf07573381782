"""Reading messages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from cordeau.core.errors import IntrouvableError
from cordeau.core.listing import Demande, Page, paginate
from cordeau.notifications.models import Message, PieceJointe, StatutMessage


def list_messages(
    session: Session, demande: Demande, statuts: Sequence[StatutMessage] = ()
) -> Page[Message]:
    """Messages, latest first, whose addressee or subject holds every word."""
    cherche = func.lower(Message.destinataire.concat(" ").concat(Message.sujet))
    statement = select(Message)
    for mot in demande.q.lower().split():
        statement = statement.where(cherche.contains(mot, autoescape=True))
    if statuts:
        statement = statement.where(Message.statut.in_(statuts))
    return paginate(
        session,
        statement,
        demande,
        tris={"creeLe": Message.cree_le},
        defaut="-creeLe",
        cle=Message.id,
    )


def get_message(session: Session, message_id: UUID) -> Message:
    """A message with its attachments."""
    message = session.scalar(
        select(Message).where(Message.id == message_id).options(selectinload(Message.pieces))
    )
    if message is None:
        raise IntrouvableError
    return message


def get_piece(session: Session, piece_id: UUID) -> PieceJointe:
    """One attached file."""
    piece = session.get(PieceJointe, piece_id)
    if piece is None:
        raise IntrouvableError
    return piece
