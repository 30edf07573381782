"""The demonstration firm: two years of its life, made through the commands people use.

Nothing is drawn at random but the passwords, and every day is counted from the one given: the same
demonstration comes out each time.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from cordeau.auth.demo import Login, creer_comptes, tirer_logins
from cordeau.clients.demo import creer_clients
from cordeau.core import journal
from cordeau.core.dates import PARIS, a_l_instant
from cordeau.core.db import Database
from cordeau.core.permissions import Role
from cordeau.entreprise.demo import creer_entreprise
from cordeau.facturation.demo import Recit

#: The day the firm came to Cordeau.
ARRIVEE = -730
OUVERTURE = time(8, 20)
#: Between two things done the same day.
PAS = timedelta(minutes=7)
VENDREDI = 4


def charger(database: Database, *, le: date) -> list[Login]:
    """Fill an empty base as if this day were today; who may sign in, each role once.

    All or nothing: one unit of work.
    """
    logins = tirer_logins()
    database.transaction(lambda session: _raconter(session, logins, le))
    return logins


def jour_ouvre(jour: date) -> date:
    """This day, or the Friday before a week-end: nobody issues invoices on a Sunday."""
    return jour - timedelta(days=max(jour.weekday() - VENDREDI, 0))


def _raconter(session: Session, logins: list[Login], le: date) -> None:
    with a_l_instant(_instant(jour_ouvre(le + timedelta(days=ARRIVEE)), 0)):
        acteurs = creer_comptes(session, logins)
        creer_entreprise(session, le, actor=acteurs[Role.ADMIN])
        clients = creer_clients(session, actor=acteurs[Role.COMMERCIAL])
        journal.ecrire(session)
    faits: dict[date, int] = {}
    for decalage, action in Recit(clients, acteurs, le).etapes():
        jour = jour_ouvre(le + timedelta(days=decalage))
        faits[jour] = faits.get(jour, 0) + 1
        with a_l_instant(_instant(jour, faits[jour])):
            action(session, jour)
            journal.ecrire(session)
        # Each step reads what the former ones wrote, as a request of its own would.
        session.expunge_all()


def _instant(jour: date, rang: int) -> datetime:
    return datetime.combine(jour, OUVERTURE, PARIS) + rang * PAS
