"""Jobs that last, and jobs long done: one worker at a time, a key never used twice."""

import threading
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cordeau.core import jobs
from cordeau.core.dates import maintenant
from cordeau.core.db import Database
from cordeau.core.jobs import CleConsommee, EtatJob, Job, Worker, enqueue, purge
from tests.core.test_jobs import NOM, Carnet, lire, promettre, rendre_dus

PATIENCE_SECONDES = 30


def bail(database: Database) -> datetime:
    """When the only job's lease ends."""
    [job] = lire(database)
    assert job.bail_jusqu_a is not None
    return job.bail_jusqu_a


def finir_il_y_a(database: Database, jours: int) -> None:
    """Let the time pass over the jobs done."""
    alors = maintenant() - timedelta(days=jours)
    with database.write() as session:
        session.execute(update(Job).values(a_partir_de=alors, termine_le=alors))


class TroisFois(threading.Event):
    """Time for three renewals, no more."""

    def __init__(self) -> None:
        super().__init__()
        self.tours = 0

    def wait(self, timeout: float | None = None) -> bool:
        """Let a little time pass; True at the end."""
        self.tours += 1
        return super().wait(timeout) or self.tours > 3


def compter(session: Session, modele: type[Any]) -> int:
    """How many rows."""
    return session.scalar(select(func.count()).select_from(modele)) or 0


def test_un_travail_plus_long_que_son_bail_n_est_fait_qu_une_fois(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BAIL", timedelta(seconds=1))
    pris: list[bool] = []

    def travailler(base: Database, _parametres: Mapping[str, Any]) -> None:
        premier = bail(base)
        limite = maintenant() + timedelta(seconds=PATIENCE_SECONDES)
        while maintenant() <= premier + timedelta(seconds=0.5):  # well past the first lease
            pris.append(Worker(base, {NOM: Carnet()}).run_one())
            threading.Event().wait(0.05)
        assert bail(base) > premier
        assert maintenant() < limite

    promettre(database, 1)
    Worker(database, {NOM: travailler}).run_one()

    [job] = lire(database)
    assert (job.etat, job.essais, any(pris)) == (EtatJob.FAIT, 1, False), job.erreur


def test_un_bail_perdu_n_est_pas_repris_a_celui_qui_l_a(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BAIL", timedelta(seconds=0.2))
    promettre(database, 1)
    lent = Worker(database, {})
    job = lent._claim()
    assert job is not None
    rendre_dus(database)
    autre = Worker(database, {})
    autre.name = "autre"
    assert autre._claim() is not None
    avant = bail(database)

    tours = TroisFois()
    lent._renew(job, tours)

    assert bail(database) == avant
    assert tours.tours == 1  # it gave up by itself at its first renewal


def test_un_renouvellement_manque_est_retente(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BAIL", timedelta(seconds=0.1))
    ouvrier = Worker(database, {})
    fini, appels = threading.Event(), []

    def tenir(_job: Job, _values: Mapping[str, Any]) -> bool:
        appels.append(1)
        if len(appels) == 1:
            raise OperationalError("UPDATE", {}, OSError("base partie"))
        fini.set()
        return True

    monkeypatch.setattr(ouvrier, "_update_held", tenir)
    ouvrier._renew(Job(id=None, nom=NOM), fini)

    assert len(appels) == 2


def test_un_travail_fini_depuis_longtemps_est_oublie_sans_sa_cle(database: Database) -> None:
    promettre(database, 1, cle_unique="rendu:1")
    promettre(database, 2)
    ouvrier = Worker(database, {NOM: Carnet()})
    while ouvrier.run_one():
        pass
    finir_il_y_a(database, 31)

    with database.write() as session:
        assert purge(session, maintenant() - timedelta(days=30)) == 2

    promettre(database, 3, cle_unique="rendu:1")
    with database.read() as session:
        assert (compter(session, Job), compter(session, CleConsommee)) == (0, 1)


def test_un_travail_quotidien_oublie_n_est_pas_refait(database: Database) -> None:
    jour, carnet = date(2026, 11, 21), Carnet()
    Worker(database, {"relance": carnet}, ["relance"]).promise_daily(jour)
    with database.write() as session:
        session.execute(update(Job).values(etat=EtatJob.FAIT))
    finir_il_y_a(database, 31)
    with database.write() as session:
        purge(session, maintenant() - timedelta(days=30))

    Worker(database, {"relance": carnet}, ["relance"]).promise_daily(jour)

    assert lire(database) == []


@pytest.mark.parametrize("etat", [EtatJob.EN_ATTENTE, EtatJob.EN_COURS, EtatJob.MORT])
def test_un_travail_qui_attend_une_decision_n_est_jamais_oublie(
    database: Database, etat: EtatJob
) -> None:
    promettre(database, 1)
    with database.write() as session:
        session.execute(update(Job).values(etat=etat))
    finir_il_y_a(database, 400)

    with database.write() as session:
        assert purge(session, maintenant()) == 0


def test_un_travail_fini_recemment_peut_encore_se_lire(database: Database) -> None:
    """Promised long ago, tried again for weeks, done yesterday."""
    promettre(database, 1)
    with database.write() as session:
        session.execute(
            update(Job).values(
                etat=EtatJob.FAIT,
                a_partir_de=maintenant() - timedelta(days=60),
                termine_le=maintenant() - timedelta(days=1),
            )
        )

    with database.write() as session:
        assert purge(session, maintenant() - timedelta(days=30)) == 0


def test_un_autre_ouvrier_peut_promettre_le_jour_en_premier(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    jour = date(2026, 11, 21)
    Worker(database, {}, ["relance"]).promise_daily(jour)
    monkeypatch.setattr(jobs, "_est_promis", lambda *_: False)  # both looked before either wrote

    Worker(database, {}, ["relance"]).promise_daily(jour)

    assert len(lire(database)) == 1


def test_une_cle_promise_et_oubliee_se_lit_dans_la_transaction(session: Session) -> None:
    session.add(CleConsommee(cle="rendu:1", consommee_le=maintenant()))

    enqueue(session, NOM, {}, cle_unique="rendu:1")

    assert compter(session, Job) == 0
