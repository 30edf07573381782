"""Promised work: never lost, never run for a change that was undone, at most one at a time."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from cordeau.core import jobs
from cordeau.core.dates import maintenant
from cordeau.core.db import Database
from cordeau.core.jobs import ESSAIS_MAX, EtatJob, Job, Worker, count_by_state, enqueue
from cordeau.core.retries import CommitInDoubtError

NOM = "essai"


class Carnet:
    """A handler that notes what it was asked; fails as long as it is told to."""

    def __init__(self, echecs: int = 0) -> None:
        self.faits: list[Any] = []
        self.echecs = echecs

    def __call__(self, _database: Database, parametres: Mapping[str, Any]) -> None:
        """Do the work."""
        if self.echecs:
            self.echecs -= 1
            raise OSError("le réseau ne répond pas")
        self.faits.append(parametres["n"])


@pytest.fixture
def carnet() -> Carnet:
    """A handler that succeeds."""
    return Carnet()


def promettre(database: Database, *numeros: int, **options: Any) -> None:
    """Promise jobs in one committed unit of work."""
    with database.write() as session:
        for numero in numeros:
            enqueue(session, NOM, {"n": numero}, **options)


def lire(database: Database) -> list[Job]:
    """Every job, oldest first."""
    with database.read() as session:
        return list(session.scalars(select(Job).order_by(Job.id)))


def rendre_dus(database: Database) -> None:
    """Let the time pass: every pause and every lease is over."""
    with database.write() as session:
        passe = maintenant() - timedelta(seconds=1)
        session.execute(update(Job).values(a_partir_de=passe))
        session.execute(update(Job).where(Job.bail_jusqu_a.is_not(None)).values(bail_jusqu_a=passe))


def test_un_travail_promis_est_fait_une_fois(database: Database, carnet: Carnet) -> None:
    promettre(database, 1)
    ouvrier = Worker(database, {NOM: carnet})

    assert ouvrier.run_one() is True
    assert ouvrier.run_one() is False

    assert carnet.faits == [1]
    assert lire(database)[0].etat == EtatJob.FAIT


def test_une_transaction_annulee_ne_promet_rien(database: Database, carnet: Carnet) -> None:
    def travail(session: Session) -> None:
        enqueue(session, NOM, {"n": 1})
        session.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.transaction(travail)

    assert Worker(database, {NOM: carnet}).run_one() is False


def test_une_cle_unique_ne_promet_qu_une_fois_meme_apres(
    database: Database, carnet: Carnet
) -> None:
    promettre(database, 1, 2, cle_unique="rendu:1")
    Worker(database, {NOM: carnet}).run_one()
    promettre(database, 3, cle_unique="rendu:1")

    assert Worker(database, {NOM: carnet}).run_one() is False
    assert carnet.faits == [1]


def test_un_travail_a_venir_attend_son_heure(database: Database, carnet: Carnet) -> None:
    promettre(database, 1, apres=maintenant() + timedelta(hours=1))

    assert Worker(database, {NOM: carnet}).run_one() is False


def test_un_echec_est_repris_plus_tard(database: Database) -> None:
    carnet = Carnet(echecs=1)
    ouvrier = Worker(database, {NOM: carnet})
    promettre(database, 1)

    ouvrier.run_one()

    job = lire(database)[0]
    assert job.etat == EtatJob.EN_ATTENTE
    assert job.a_partir_de > maintenant()
    assert "le réseau ne répond pas" in (job.erreur or "")
    assert ouvrier.run_one() is False

    rendre_dus(database)
    ouvrier.run_one()
    assert carnet.faits == [1]
    assert lire(database)[0].erreur is None


def test_un_travail_qui_echoue_toujours_finit_mort(database: Database) -> None:
    ouvrier = Worker(database, {NOM: Carnet(echecs=100)})
    promettre(database, 1)

    for _ in range(ESSAIS_MAX + 2):
        ouvrier.run_one()
        rendre_dus(database)

    job = lire(database)[0]
    assert (job.etat, job.essais) == (EtatJob.MORT, ESSAIS_MAX)
    with database.read() as session:
        assert count_by_state(session) == {EtatJob.MORT: 1}


def test_le_travail_d_un_ouvrier_disparu_est_repris(database: Database, carnet: Carnet) -> None:
    promettre(database, 1)
    disparu = Worker(database, {NOM: carnet})
    assert disparu._claim() is not None
    suivant = Worker(database, {NOM: carnet})

    assert suivant.run_one() is False
    rendre_dus(database)
    assert suivant.run_one() is True

    assert carnet.faits == [1]
    assert lire(database)[0].essais == 2


def test_un_travail_qui_tue_son_ouvrier_finit_mort(database: Database, carnet: Carnet) -> None:
    """A document that makes the process fall must not bring it down for ever."""
    promettre(database, 1)
    for _ in range(ESSAIS_MAX):
        assert Worker(database, {NOM: carnet})._claim() is not None
        rendre_dus(database)

    assert Worker(database, {NOM: carnet}).run_one() is False

    assert lire(database)[0].etat == EtatJob.MORT
    assert carnet.faits == []


def test_celui_qui_a_perdu_son_bail_ne_note_rien(database: Database, carnet: Carnet) -> None:
    promettre(database, 1)
    lent = Worker(database, {NOM: carnet})
    job = lent._claim()
    assert job is not None
    rendre_dus(database)
    Worker(database, {NOM: carnet}).run_one()

    lent._settle(job, "trop tard")

    assert lire(database)[0].etat == EtatJob.FAIT


def test_deux_ouvriers_se_partagent_les_travaux(database: Database, carnet: Carnet) -> None:
    promettre(database, *range(30))

    def travailler(nom: str) -> None:
        ouvrier = Worker(database, {NOM: carnet})
        ouvrier.name = nom
        while ouvrier.run_one():
            pass

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(travailler, ("a", "b")))

    assert sorted(carnet.faits) == list(range(30))


def test_un_travail_inconnu_est_une_panne_notee(database: Database) -> None:
    promettre(database, 1)

    Worker(database, {}).run_one()

    assert "KeyError" in (lire(database)[0].erreur or "")


def test_un_travail_quotidien_est_promis_une_fois_par_jour(
    database: Database, carnet: Carnet
) -> None:
    jour = date(2026, 11, 21)
    for _ in range(2):
        Worker(database, {"relance": carnet}, ["relance"]).promise_daily(jour)
    Worker(database, {"relance": carnet}, ["relance"]).promise_daily(jour + timedelta(days=1))

    assert [job.cle_unique for job in lire(database)] == [
        "relance:2026-11-21",
        "relance:2026-11-22",
    ]


def test_l_ouvrier_s_arrete_quand_on_le_lui_demande(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PAUSE_SECONDS", 0.01)
    ouvrier = Worker(database, {NOM: lambda _database, _parametres: ouvrier.stop()})
    promettre(database, 1)

    ouvrier.run()

    assert lire(database)[0].etat == EtatJob.FAIT


def test_une_promesse_se_lit_dans_la_transaction_qui_la_fait(session: Session) -> None:
    enqueue(session, NOM, {"n": 1})

    assert count_by_state(session) == {EtatJob.EN_ATTENTE: 1}


def test_deux_travaux_se_font_ensemble(database: Database) -> None:
    ensemble = Barrier(2, timeout=20)
    promettre(database, 1, 2)

    def attendre_l_autre(_database: Database, _parametres: Mapping[str, Any]) -> None:
        try:
            ensemble.wait()
        finally:
            ouvrier.stop()

    ouvrier = Worker(database, {NOM: attendre_l_autre})
    ouvrier.run()

    assert {job.etat for job in lire(database)} == {EtatJob.FAIT}


@pytest.mark.parametrize("panne", [CommitInDoubtError(), PoolTimeoutError(), OSError()])
def test_aucune_panne_n_arrete_l_ouvrier(
    database: Database, monkeypatch: pytest.MonkeyPatch, panne: Exception
) -> None:
    """The first outcome cannot be written; the second job is done all the same."""
    monkeypatch.setattr(jobs, "PAUSE_SECONDS", 0.01)
    pannes, faits = [panne], []
    promettre(database, 1, 2)

    def travailler(_database: Database, parametres: Mapping[str, Any]) -> None:
        faits.append(parametres["n"])
        if len(faits) == 2:
            ouvrier.stop()

    def noter(*_: object) -> bool:
        if pannes:
            raise pannes.pop()
        return True

    ouvrier = Worker(database, {NOM: travailler})
    monkeypatch.setattr(ouvrier, "_update_held", noter)
    ouvrier._work()

    assert faits == [1, 2]


def test_un_bail_se_renouvelle_apres_une_panne(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trouble at one renewal leaves the next ones."""
    monkeypatch.setattr(jobs, "BAIL", timedelta(milliseconds=40))
    pannes: list[Exception] = [PoolTimeoutError(), CommitInDoubtError()]
    renouvele = Event()

    def noter(*_: object) -> bool:
        if pannes:
            raise pannes.pop()
        renouvele.set()
        return True

    ouvrier = Worker(database, {})
    monkeypatch.setattr(ouvrier, "_update_held", noter)
    with ouvrier._renewing(Job(nom=NOM)):
        assert renouvele.wait(10)
