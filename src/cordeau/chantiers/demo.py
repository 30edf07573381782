"""A chantier of the demonstration firm: when it runs, who leads it, where it stands."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from cordeau.chantiers.commands import changer_statut, modifier_chantier
from cordeau.chantiers.queries import get_chantier
from cordeau.chantiers.states import StatutChantier
from cordeau.core.permissions import Acteur


@dataclass(frozen=True, slots=True)
class Travail:
    """The works on site; days are counted from the day the demonstration is made."""

    debut: int
    fin: int
    responsable: str
    #: Day each later state is entered.
    suite: tuple[tuple[int, StatutChantier], ...] = ()


def planifier(
    session: Session, chantier_id: UUID, travail: Travail, le: date, *, actor: Acteur
) -> None:
    """Put the works in the calendar and name who leads them."""
    modifier_chantier(
        session,
        get_chantier(session, chantier_id),
        {
            "date_debut": le + timedelta(days=travail.debut),
            "date_fin": le + timedelta(days=travail.fin),
            "responsable": travail.responsable,
        },
        actor=actor,
    )


def avancer(session: Session, chantier_id: UUID, statut: StatutChantier, *, actor: Acteur) -> None:
    """Move a chantier to its next state."""
    changer_statut(session, get_chantier(session, chantier_id), statut, actor=actor)
