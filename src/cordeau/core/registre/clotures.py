"""Closed periods: what bears a day of one is refused from then on."""

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cordeau.core.db import Base
from cordeau.core.errors import ConflitError
from cordeau.core.registre.models import Cloture, TeteRegistre
from cordeau.core.registre.states import GenreCloture

#: What a person closes. A daily closing forbids no date that is typed: it adds up what came in.
FERMANTES = (GenreCloture.MOIS, GenreCloture.ANNEE)
_CLOTURES = Base.metadata.tables[Cloture.__tablename__].c
_TOTALISE_AU = select(func.max(_CLOTURES.fin))
_CLOSE_AU = _TOTALISE_AU.where(or_(*(_CLOTURES.genre == genre for genre in FERMANTES)))


def close_au(session: Session) -> date | None:
    """The last day of the periods closed by a person; none when there is none."""
    fin: date | None = session.scalar(_CLOSE_AU)
    return fin


def exiger_ouverte(session: Session, jour: date) -> None:
    """Refuse a day of a closed period (`ConflitError`).

    Ask once the entry is written: the head of its journal, held, makes a closing wait.
    """
    fin = close_au(session)
    if fin is not None and jour <= fin:
        raise ConflitError(
            f"La comptabilité est close jusqu’au {fin:%d/%m/%Y} : l’opération ne peut pas porter "
            f"la date du {jour:%d/%m/%Y}. Donnez-lui une date qui suit la clôture."
        )


def exiger_non_totalise(session: Session, jour: date) -> None:
    """Refuse to record on a day that a closing of any kind added up (`ConflitError`).

    The clock went back, or midnight passed while the request waited. Ask once the entry is written.
    """
    fin = session.connection().scalar(_TOTALISE_AU)
    if fin is not None and jour <= fin:
        raise ConflitError(
            f"La journée du {jour:%d/%m/%Y} est close, rien ne peut plus s’y inscrire : minuit "
            "vient de passer, ou l’horloge de la machine a reculé. Recommencez ; si le refus "
            "dure, vérifiez l’horloge de la machine."
        )


def retenir_journaux(session: Session) -> dict[str, str]:
    """Hold every journal until the unit of work ends, and say where each stands."""
    tetes = session.execute(
        select(TeteRegistre.journal, TeteRegistre.rang, TeteRegistre.empreinte)
        .order_by(TeteRegistre.journal)
        .with_for_update()
    )
    return {journal: f"{rang}:{empreinte}" for journal, rang, empreinte in tetes}
