"""The panels that devis add to the pages of a client and of a chantier."""

from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.listing import Demande
from cordeau.core.permissions import Acteur, Permission
from cordeau.devis.queries import FiltreDevis, list_devis
from cordeau.web.panneaux import Panneau

LIGNES = 10


def panneau_client(session: Session, client: Client, acteur: Acteur) -> Panneau | None:
    """The latest devis of a client."""
    filtre = FiltreDevis(client_id=client.id)
    return _panneau(session, filtre, acteur, ("clientId", client.id), client.id)


def panneau_chantier(session: Session, chantier: Chantier, acteur: Acteur) -> Panneau | None:
    """The devis of a chantier."""
    filtre = FiltreDevis(chantier_id=chantier.id)
    return _panneau(session, filtre, acteur, ("chantierId", chantier.id), chantier.client_id)


def _panneau(
    session: Session,
    filtre: FiltreDevis,
    acteur: Acteur,
    critere: tuple[str, UUID],
    client_id: UUID,
) -> Panneau | None:
    if not acteur.peut(Permission.DEVIS_LIRE):
        return None
    page = list_devis(session, Demande(limite=LIGNES), filtre)
    contexte = {
        "devis": page.elements,
        "tous": f"/devis?{critere[0]}={critere[1]}" if page.suivant else "",
        "client_id": client_id,
    }
    return Panneau("Devis", "devis/_panneau_devis.html", contexte)
