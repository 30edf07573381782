"""What the client answers."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.core import journal
from cordeau.core.dates import a_paris
from cordeau.core.permissions import SYSTEME, Acteur
from cordeau.devis.models import Devis
from cordeau.devis.queries import get_devis
from cordeau.devis.states import TRANSITIONS, StatutDevis
from cordeau.devis.versions import figer_version

JOB_EXPIRER = "devis.expirer"
SEUL_ENVOYE_ACCEPTE = "Seul un devis envoyé peut être accepté."
SEUL_ENVOYE_REFUSE = "Seul un devis envoyé peut être refusé."


def accepter(
    session: Session,
    devis_id: UUID,
    *,
    actor: Acteur,
    le: date,
    attestation_signee: bool | None = None,
) -> Devis:
    """The client agreed: the devis is frozen and may be billed."""
    devis = get_devis(session, devis_id, for_update=True)
    devis.statut = TRANSITIONS.check(
        StatutDevis(devis.statut),
        StatutDevis.ACCEPTE,
        SEUL_ENVOYE_ACCEPTE,
    )
    devis.date_reponse = le
    if attestation_signee is not None:
        devis.attestation_signee = attestation_signee
    _clore_version(session, devis, actor, "Devis accepté")
    return devis


def refuser(session: Session, devis_id: UUID, *, actor: Acteur, le: date, motif: str = "") -> Devis:
    """The client declined."""
    devis = get_devis(session, devis_id, for_update=True)
    devis.statut = TRANSITIONS.check(
        StatutDevis(devis.statut), StatutDevis.REFUSE, SEUL_ENVOYE_REFUSE
    )
    devis.date_reponse = le
    _clore_version(session, devis, actor, "Devis refusé", motif=motif)
    return devis


def expirer(session: Session, devis_id: UUID, *, le: date) -> bool:
    """Close a devis whose client did not answer in time; False when it must not be.

    Only a devis sent before its validity date expires: one sent late is still expected.
    """
    devis = get_devis(session, devis_id, for_update=True)
    envoye = a_paris(devis.envoye_le).date() if devis.envoye_le else None
    validite = devis.date_validite
    if devis.statut != StatutDevis.ENVOYE or validite is None or envoye is None:
        return False
    if not envoye <= validite < le:
        return False
    devis.statut = TRANSITIONS.check(
        StatutDevis(devis.statut), StatutDevis.EXPIRE, "Seul un devis envoyé peut expirer."
    )
    _clore_version(session, devis, SYSTEME, "Devis expiré")
    return True


def definir_attestation(session: Session, devis_id: UUID, *, signee: bool, actor: Acteur) -> Devis:
    """Record that the client signed (or not) the certificate for reduced rates."""
    devis = get_devis(session, devis_id, for_update=True)
    devis.attestation_signee = signee
    session.flush()
    action = "Attestation de TVA signée" if signee else "Attestation de TVA retirée"
    journal.record(session, actor, "devis", devis.id, action)
    return devis


def _clore_version(
    session: Session, devis: Devis, actor: Acteur, action: str, **details: str
) -> None:
    figer_version(session, devis)
    session.flush()
    journal.record(session, actor, "devis", devis.id, action, **details)
