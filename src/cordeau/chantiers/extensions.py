"""Where upper contexts add their panels (devis, factures, règlements) to the page of a chantier."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from cordeau.chantiers.models import Chantier
from cordeau.core.permissions import Acteur
from cordeau.web.panneaux import Panneau

#: Makes a panel, or none when this person may not see it.
FabriquePanneau = Callable[[Session, Chantier, Acteur], Panneau | None]

#: In the order of the page; filled once, when the application is wired.
PANNEAUX: list[FabriquePanneau] = []


def panneaux_de(session: Session, chantier: Chantier, acteur: Acteur) -> list[Panneau]:
    """The panels this person sees on the page of a chantier."""
    panneaux = (fabrique(session, chantier, acteur) for fabrique in PANNEAUX)
    return [panneau for panneau in panneaux if panneau is not None]
