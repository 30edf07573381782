"""Writing to people."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.core.dates import maintenant
from cordeau.core.errors import refuser_saisie
from cordeau.core.identifiants import courriel
from cordeau.core.jobs import enqueue
from cordeau.core.texte import nettoyer
from cordeau.notifications.models import Message, PieceJointe
from cordeau.notifications.queries import get_message

JOB_ENVOYER = "notifications.envoyer"


@dataclass(frozen=True, slots=True)
class Piece:
    """A file to attach."""

    nom: str
    type_mime: str
    contenu: bytes


def verifier_email(adresse: str, champ: str) -> str:
    """A cleaned e-mail address, or a refusal beside its field."""
    propre = nettoyer(adresse)
    try:
        connue = courriel(propre)
    except ValueError as erreur:
        raise refuser_saisie(champ, str(erreur)) from erreur
    if not connue:
        raise refuser_saisie(champ, "Écrivez une adresse de courriel, par exemple a@b.fr.")
    return connue


def ecrire(
    session: Session,
    *,
    destinataire: str,
    sujet: str,
    corps: str,
    objet: tuple[str, UUID],
    expediteur: str = "",
    repondre_a: str = "",
    pieces: Sequence[Piece] = (),
    confidentiel: str | None = None,
    en_attente_de_piece: bool = False,
) -> Message:
    """Write a message in the caller's transaction; a job sends it after commit.

    `confidentiel` ends the body and is erased once sent.
    With `en_attente_de_piece` it waits for `joindre_et_envoyer`.
    """
    message = Message(
        destinataire=verifier_email(destinataire, "emailClient"),
        sujet=" ".join(nettoyer(sujet).split())[:255],
        corps=nettoyer(corps),
        confidentiel=confidentiel,
        expediteur=" ".join(nettoyer(expediteur).split()),
        repondre_a=repondre_a,
        cree_le=maintenant(),
        objet_type=objet[0],
        objet_id=objet[1],
        pieces=[PieceJointe(nom=p.nom, type_mime=p.type_mime, contenu=p.contenu) for p in pieces],
    )
    session.add(message)
    session.flush()
    if not en_attente_de_piece:
        _promettre(session, message.id)
    return message


def joindre_et_envoyer(session: Session, message_id: UUID, piece: Piece) -> None:
    """Attach a file rendered after commit, then promise the sending; done twice, acts once."""
    message = get_message(session, message_id)
    if message.pieces:
        return
    message.pieces.append(
        PieceJointe(nom=piece.nom, type_mime=piece.type_mime, contenu=piece.contenu)
    )
    _promettre(session, message_id)


def _promettre(session: Session, message_id: UUID) -> None:
    enqueue(session, JOB_ENVOYER, {"message_id": message_id.hex}, cle_unique=f"mail:{message_id}")
