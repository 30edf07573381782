"""Closing a period: its totals are chained, and nothing can bear one of its days any more."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cordeau.comptabilite.commands.ancrage import JOB_ANCRER
from cordeau.comptabilite.mouvements import ORIGINE, jours_mouvementes, lire_mouvements
from cordeau.comptabilite.periodes import bornes, nommer
from cordeau.core import journal
from cordeau.core.dates import maintenant
from cordeau.core.errors import ConflitError
from cordeau.core.gardes import exiger_gardes
from cordeau.core.ids import new_id
from cordeau.core.jobs import enqueue
from cordeau.core.permissions import SYSTEME, Acteur
from cordeau.core.registre.clotures import retenir_journaux
from cordeau.core.registre.ecriture import inscrire
from cordeau.core.registre.models import Cloture
from cordeau.core.registre.releve import relever
from cordeau.core.registre.states import Evenement, GenreCloture, Journal

JOB_CLORE = "comptabilite.clore_jours"
#: Days closed in one unit of work.
JOURS_MAX = 31


def clore(session: Session, genre: GenreCloture, jour: date, *, actor: Acteur, le: date) -> Cloture:
    """Close the day, month or year that holds this day, for good; an anchor follows.

    Raises `ConflitError` when the period is not over, or is closed already.
    """
    exiger_gardes(session)
    tetes = retenir_journaux(session)
    debut, fin = bornes(genre, jour)
    _exiger_a_clore(session, genre, debut, fin, le)
    cloture = Cloture(
        id=new_id(), genre=genre, debut=debut, fin=fin, close_le=maintenant(), close_par=actor.nom
    )
    session.add(cloture)
    session.flush()
    journal.record(
        session, actor, "cloture", cloture.id, "Période close", periode=nommer(genre, debut)
    )
    enqueue(session, JOB_ANCRER, {}, cle_unique=f"{JOB_ANCRER}:{cloture.id}")
    connection = session.connection()
    contenu = {
        "cloture": relever(cloture),
        "periode": lire_mouvements(connection, debut, fin).en_contenu(),
        "perpetuel": lire_mouvements(connection, ORIGINE, fin).en_contenu(),
        "tetes": tetes,
    }
    inscrire(
        session, Journal.CLOTURES, Evenement.CLOTURE, contenu, actor=actor, objet_id=cloture.id
    )
    return cloture


def _exiger_a_clore(
    session: Session, genre: GenreCloture, debut: date, fin: date, le: date
) -> None:
    if fin >= le:
        raise ConflitError(f"{nommer(genre, debut)} n’est pas fini : il se clôt ensuite.")
    if session.scalar(select(Cloture.id).where(Cloture.genre == genre, Cloture.debut == debut)):
        raise ConflitError(f"{nommer(genre, debut)} est déjà clos.")


def clore_jours(session: Session, le: date) -> int:
    """Close each past day on which something was recorded; how many, a month of them at most."""
    dernier = session.scalar(
        select(func.max(Cloture.fin)).where(Cloture.genre == GenreCloture.JOUR)
    )
    veille = le - timedelta(days=1)
    jours = jours_mouvementes(session.connection(), dernier or ORIGINE, veille)[:JOURS_MAX]
    for jour in jours:
        clore(session, GenreCloture.JOUR, jour, actor=SYSTEME, le=le)
    return len(jours)
