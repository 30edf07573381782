"""Reading messages."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cordeau.core.errors import IntrouvableError
from cordeau.core.listing import Demande, Page, paginate
from cordeau.notifications.models import Message, PieceJointe


def list_messages(session: Session, demande: Demande) -> Page[Message]:
    """Messages, latest first."""
    return paginate(
        session,
        select(Message),
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
