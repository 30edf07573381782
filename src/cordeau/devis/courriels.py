"""The e-mails by which a devis went to its client."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cordeau.notifications.models import Message


def list_courriels(session: Session, devis_id: UUID) -> list[Message]:
    """The messages about a devis, latest first."""
    return list(
        session.scalars(
            select(Message)
            .where(Message.objet_type == "devis", Message.objet_id == devis_id)
            .order_by(Message.cree_le.desc(), Message.id.desc())
        )
    )
