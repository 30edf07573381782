"""Sending a devis to its client."""

from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.core import journal
from cordeau.core.dates import maintenant
from cordeau.core.jobs import enqueue
from cordeau.core.permissions import Acteur
from cordeau.devis.models import Devis, VersionDevis
from cordeau.devis.queries import get_devis
from cordeau.devis.states import TRANSITIONS, StatutDevis
from cordeau.devis.versions import figer_version
from cordeau.entreprise.models import Entreprise
from cordeau.entreprise.queries import entreprise_or_blank
from cordeau.notifications.commands import ecrire

JOB_JOINDRE = "devis.joindre"
DEJA_REPONDU = "Ce devis a déjà sa réponse : modifiez-le pour en faire une nouvelle version."
SANS_COURRIEL = "Le client n’a pas d’adresse de courriel : le devis est noté envoyé, sans message."


def envoyer(
    session: Session,
    devis_id: UUID,
    *,
    actor: Acteur,
    email: str = "",
    message: str = "",
) -> Devis:
    """Send the devis, frozen in its version, to its client.

    The e-mail goes to `email`, else to the client's address; without either the devis is sent
    by other means, and only marked so. A job renders the PDF and delivers.
    """
    devis = get_devis(session, devis_id, for_update=True)
    devis.statut = TRANSITIONS.check(
        StatutDevis(devis.statut),
        StatutDevis.ENVOYE,
        DEJA_REPONDU,
    )
    devis.envoye_le = devis.envoye_le or maintenant()
    version = figer_version(session, devis)
    destinataire = email or devis.client.email
    if destinataire:
        _ecrire_au_client(session, devis, version, destinataire, message)
    session.flush()
    journal.record(
        session, actor, "devis", devis.id, "Devis envoyé", destinataire=destinataire or "—"
    )
    return devis


def _ecrire_au_client(
    session: Session, devis: Devis, version: VersionDevis, destinataire: str, message: str
) -> None:
    """The e-mail, to be completed with its PDF by a job."""
    entreprise = entreprise_or_blank(session)
    courriel = ecrire(
        session,
        destinataire=destinataire,
        sujet=_sujet(entreprise, devis),
        expediteur=entreprise.nom,
        repondre_a=entreprise.email,
        corps=message or proposer_message(devis),
        objet=("devis", devis.id),
        en_attente_de_piece=True,
    )
    session.flush()
    enqueue(
        session,
        JOB_JOINDRE,
        {"message_id": courriel.id.hex, "version_id": version.id.hex},
        cle_unique=f"{JOB_JOINDRE}:{courriel.id}",
    )


def _sujet(entreprise: Entreprise, devis: Devis) -> str:
    parties = (f"Devis {devis.numero}", devis.objet, entreprise.nom)
    return " – ".join(partie for partie in parties if partie)


def proposer_message(devis: Devis) -> str:
    """The words of the e-mail, unless the person writes her own."""
    return (
        f"Bonjour,\n\nVeuillez trouver ci-joint notre devis {devis.numero}.\n\n"
        "Nous restons à votre disposition.\n\nCordialement,"
    )
