"""A key in use, a key used, a key forgotten."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text, update
from starlette.testclient import TestClient

from cordeau.app import QUOTIDIENS
from cordeau.core import operations
from cordeau.core.dates import maintenant
from cordeau.core.db import Database, Temoin
from cordeau.core.ids import first_id, new_id
from cordeau.core.jobs import Job
from cordeau.core.operations import EnCoursError, Operation, reserve
from cordeau.core.retries import Unit
from tests.devis.formulaire import Formulaire
from tests.gens import Navigateur, un_utilisateur
from tests.serveurs import ouvrir
from tests.web.essais import Lenteur

pytestmark = pytest.mark.usefixtures("routes_d_essai")

Api = Callable[..., TestClient]
CLE = {"Idempotency-Key": "lente-1"}
LENTE = "/api/essai/lent"
MOI = UUID(int=7)


@pytest.fixture
def en_cours() -> Iterator[Callable[[Callable[[], Any]], Future[Any]]]:
    """Begin a slow request in another thread; it goes on when the test says so."""
    Lenteur.entree.clear()
    Lenteur.suite.clear()
    with ThreadPoolExecutor(2) as pool:

        def commencer(demander: Callable[[], Any]) -> Future[Any]:
            futur = pool.submit(demander)
            assert Lenteur.entree.wait(timeout=20)
            return futur

        yield commencer
        Lenteur.suite.set()


def test_une_demande_en_cours_n_est_pas_recommencee(
    app: FastAPI, api: Api, en_cours: Callable[..., Future[Any]]
) -> None:
    programme = api()
    premiere = en_cours(lambda: programme.post(LENTE, headers=CLE))

    pendant = programme.post(LENTE, headers=CLE)
    Lenteur.suite.set()
    apres = premiere.result(timeout=20)
    redite = programme.post(LENTE, headers=CLE)

    assert pendant.status_code == 409
    assert pendant.headers["content-type"] == "application/problem+json"
    assert int(pendant.headers["retry-after"]) > 0
    assert "déjà en cours" in pendant.json()["detail"]
    assert apres.status_code == redite.status_code == 200
    assert redite.content == apres.content
    for nom in ("etag", "location", "content-type"):
        assert redite.headers[nom] == apres.headers[nom]
    assert redite.headers["idempotency-replayed"] == "true"
    assert _jobs(app.state.database) == 1


def test_un_second_clic_recoit_la_reponse_au_premier(
    app: FastAPI, navigateur: Callable[..., Navigateur], en_cours: Callable[..., Future[Any]]
) -> None:
    client = navigateur()
    champs = {"csrf": client.jeton(), "cle_operation": "clic"}
    premier = en_cours(lambda: client.post("/essai/lent", data=champs))
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(client.post, "/essai/lent", data=champs)
        Lenteur.suite.set()
        reponses = [premier.result(timeout=20), second.result(timeout=20)]

    assert [r.status_code for r in reponses] == [200, 200]
    assert reponses[1].headers["idempotency-replayed"] == "true"
    assert _jobs(app.state.database) == 1


def test_une_page_dit_calmement_que_la_demande_est_en_cours(
    app: FastAPI,
    navigateur: Callable[..., Navigateur],
    en_cours: Callable[..., Future[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cordeau.web.idempotency.PATIENCE_SECONDS", 0.0)
    client = navigateur()
    champs = {"csrf": client.jeton(), "cle_operation": "clic"}
    premier = en_cours(lambda: client.post("/essai/lent", data=champs))

    pendant = client.post("/essai/lent", data=champs)
    Lenteur.suite.set()

    assert premier.result(timeout=20).status_code == 200
    assert pendant.status_code == 409
    assert "Demande en cours" in pendant.text
    assert int(pendant.headers["retry-after"]) > 0
    assert _jobs(app.state.database) == 1


def test_un_formulaire_repris_et_change_se_renvoie(
    app: FastAPI, navigateur: Callable[..., Navigateur]
) -> None:
    """« Back », another value, sent again: a way out, and nothing done unseen."""
    client = navigateur()
    envoi = {"texte": "un", "cle_operation": "la-meme"}
    assert client.soumettre("/essai", envoi).status_code == 303

    page = client.soumettre("/essai", {**envoi, "texte": "deux <b>"})

    assert page.status_code == 422
    assert "déjà été enregistré" in page.text
    assert 'href="/essai/un"' in page.text
    assert _jobs(app.state.database) == 1
    renvoi = {n: v[0] for n, v in Formulaire(page.text, "").champs.items()}
    assert (renvoi["texte"], renvoi["cle_operation"] != "la-meme") == ("deux <b>", True)
    assert client.post("/essai", data=renvoi, follow_redirects=False).status_code == 303
    assert _jobs(app.state.database) == 2


def test_un_autre_processus_qui_agit_n_est_pas_attendu(app: FastAPI, api: Api) -> None:
    database: Database = app.state.database
    if database.is_sqlite:
        pytest.skip("un seul processus à la fois sur une base embarquée")
    programme = api()
    personne = un_utilisateur(database, "admin").id
    ailleurs = ouvrir(database.engine.url.render_as_string(hide_password=False))
    with ailleurs.write() as session:
        reserve(session, personne, CLE["Idempotency-Key"], "e", waiting=False)
        pendant = programme.post("/api/essai", json={"prix": 1, "nom": "x"}, headers=CLE)
        session.rollback()  # the other process dies: its key dies with it
    ailleurs.dispose()

    assert pendant.status_code == 409
    assert int(pendant.headers["retry-after"]) > 0
    reprise = programme.post("/api/essai", json={"prix": 1, "nom": "x"}, headers=CLE)
    assert reprise.status_code == 200
    assert _jobs(database) == 1


def test_une_cle_reservee_attend_ou_renonce(database: Database) -> None:
    """In a replay the key may still be held by the try that was cut: it is waited for."""
    if database.is_sqlite:
        pytest.skip("un seul écrivain à la fois sur une base embarquée")
    with database.write() as premier, database.write() as second:
        second.execute(text("SET SESSION innodb_lock_wait_timeout = 50"))
        reserve(premier, MOI, "k", "e", waiting=False)
        with ThreadPoolExecutor(1) as pool:
            refus = pool.submit(reserve, second, MOI, "k", "e", waiting=False)
            with pytest.raises(EnCoursError):
                refus.result(timeout=20)
            attente = pool.submit(reserve, second, MOI, "k", "e", waiting=True)
            premier.rollback()
            assert isinstance(attente.result(timeout=20), UUID)


def test_les_cles_s_oublient_apres_sept_jours(database: Database) -> None:
    assert operations.JOB_OUBLIER in QUOTIDIENS
    assert timedelta(days=7) <= operations.GARDE
    instant = maintenant()
    with database.write() as session:
        for cle in ("neuve", "ancienne"):
            reserve(session, MOI, cle, "e", waiting=False)
        vieux = first_id(instant - operations.GARDE - timedelta(minutes=1))
        session.execute(update(Operation).where(Operation.cle == "ancienne").values(id=vieux))
        session.add_all(
            Temoin(id=i) for i in (new_id(), first_id(instant - operations.GARDE_TEMOINS * 2))
        )

    operations.oublier(database, {})

    with database.read() as session:
        assert list(session.scalars(select(Operation.cle))) == ["neuve"]
        restants = list(session.scalars(select(Temoin.id)))
    assert min(restants) > first_id(instant)


def test_un_temoin_prouve_l_enregistrement_et_lui_seul(database: Database) -> None:
    unit = Unit()
    with database.write(unit) as session:
        session.add(_job())

    with database.read() as session:
        temoins = list(session.scalars(select(Temoin.id)))
    assert temoins == ([] if database.is_sqlite else [unit.id])


def _job() -> Job:
    instant = maintenant()
    return Job(nom="x", parametres={}, a_partir_de=instant, cree_le=instant)


def _jobs(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Job)) or 0
