"""Where upper contexts add their panels (factures, règlements) to the page of a devis."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from cordeau.core.permissions import Acteur
from cordeau.devis.models import Devis
from cordeau.web.panneaux import Panneau

#: Makes a panel, or none when this person may not see it.
FabriquePanneau = Callable[[Session, Devis, Acteur], Panneau | None]

#: In the order of the page; filled once, when the application is wired.
PANNEAUX: list[FabriquePanneau] = []


def panneaux_de(session: Session, devis: Devis, acteur: Acteur) -> list[Panneau]:
    """The panels this person sees on the page of a devis."""
    panneaux = (fabrique(session, devis, acteur) for fabrique in PANNEAUX)
    return [panneau for panneau in panneaux if panneau is not None]
