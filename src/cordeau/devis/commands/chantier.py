"""From an accepted devis to its chantier."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.chantiers.commands import ouvrir_chantier
from cordeau.chantiers.models import Chantier
from cordeau.core import journal
from cordeau.core.errors import ConflitError
from cordeau.core.permissions import Acteur
from cordeau.devis.queries import get_devis
from cordeau.devis.states import StatutDevis

DUREE_PROPOSEE = timedelta(days=14)


def ouvrir_depuis_devis(session: Session, devis_id: UUID, *, actor: Acteur, le: date) -> Chantier:
    """Open the chantier of an accepted devis, in one go: client, name, place, dates."""
    devis = get_devis(session, devis_id, for_update=True)
    if devis.statut != StatutDevis.ACCEPTE:
        raise ConflitError("Le chantier s’ouvre quand le devis est accepté.")
    if devis.chantier is not None:
        raise ConflitError(f"Ce devis a déjà son chantier : {devis.chantier.nom}.")
    debut = devis.date_debut_travaux or le
    chantier = ouvrir_chantier(
        session,
        nom=devis.objet or f"{devis.client.nom} – {devis.numero}",
        client_id=devis.client_id,
        date_debut=debut,
        date_fin=debut + DUREE_PROPOSEE,
        adresse=devis.client.adresse,
        actor=actor,
    )
    devis.chantier_id, devis.chantier = chantier.id, chantier
    session.flush()
    journal.record(session, actor, "devis", devis.id, "Chantier ouvert", chantier=chantier.nom)
    return chantier
