"""Sending what was written, once the business transaction is committed."""

import smtplib
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from typing import Any
from uuid import UUID

from cordeau.core.dates import maintenant
from cordeau.core.db import Database
from cordeau.core.jobs import Handler
from cordeau.core.settings import Settings
from cordeau.notifications import smtp
from cordeau.notifications.models import Message, StatutMessage
from cordeau.notifications.queries import get_message


def make_sender(settings: Settings) -> Handler:
    """The handler of `notifications.envoyer` for these settings."""

    def envoyer(database: Database, parametres: Mapping[str, Any]) -> None:
        """Send one message; a message already sent is left alone."""
        message_id = UUID(parametres["message_id"])
        with database.read() as session:
            message = get_message(session, message_id)
        if message.statut == StatutMessage.ENVOYE:
            return
        if not settings.smtp_url:
            _settle(database, message_id, StatutMessage.CONSERVE)
            return
        try:
            smtp.send(settings.smtp_url, _to_email(message, settings))
        except (OSError, ValueError, smtplib.SMTPException) as error:
            _settle(database, message_id, StatutMessage.ECHEC, str(error))
            raise
        _settle(database, message_id, StatutMessage.ENVOYE)

    return envoyer


def _to_email(message: Message, settings: Settings) -> EmailMessage:
    """The message on the wire; its identifier lets a server drop a second delivery."""
    email = EmailMessage()
    domaine = settings.base_url.split("://")[-1].split("/")[0].split(":")[0]
    email["From"] = formataddr((message.expediteur or "Cordeau", f"ne-pas-repondre@{domaine}"))
    if message.repondre_a:
        email["Reply-To"] = message.repondre_a
    email["To"] = message.destinataire
    email["Subject"] = message.sujet
    email["Date"] = formatdate(message.cree_le.timestamp())
    email["Message-ID"] = f"<{message.id}@{domaine}>"
    email.set_content("\n\n".join(filter(None, (message.corps, message.confidentiel))))
    for piece in message.pieces:
        principal, _, secondaire = piece.type_mime.partition("/")
        email.add_attachment(
            piece.contenu, maintype=principal, subtype=secondaire, filename=piece.nom
        )
    return email


def _settle(
    database: Database, message_id: UUID, statut: StatutMessage, erreur: str | None = None
) -> None:
    def write(session: Any) -> None:
        message = session.get(Message, message_id)
        message.statut, message.erreur = statut, erreur
        message.envoye_le = maintenant() if statut == StatutMessage.ENVOYE else None
        if statut == StatutMessage.ENVOYE:
            message.confidentiel = None

    database.transaction(write)
