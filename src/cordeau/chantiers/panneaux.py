"""The panel that chantiers add to the page of a client."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.permissions import Acteur, Permission
from cordeau.web.panneaux import Panneau

LIGNES = 10


def panneau_client(session: Session, client: Client, acteur: Acteur) -> Panneau | None:
    """The latest chantiers of a client."""
    if not acteur.peut(Permission.CHANTIER_LIRE):
        return None
    chantiers = session.scalars(
        select(Chantier)
        .where(Chantier.client_id == client.id)
        .order_by(Chantier.date_debut.desc(), Chantier.id.desc())
        .limit(LIGNES + 1)
    ).all()
    contexte = {
        "chantiers": chantiers[:LIGNES],
        "il_y_en_a_d_autres": len(chantiers) > LIGNES,
        "client_id": client.id,
    }
    return Panneau("Chantiers", "chantiers/_panneau_client.html", contexte)
