"""The same request sent twice acts once; a collision is replayed before anything is answered."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from cordeau.core.jobs import Job
from tests.gens import Navigateur
from tests.web.essais import Collisions

pytestmark = pytest.mark.usefixtures("routes_d_essai")

Ouvrir = Callable[..., Navigateur]
CLE = {"Idempotency-Key": "commande-42"}
PRIX = {"prix": 1, "nom": "x"}


def nombre_de_jobs(app: FastAPI) -> int:
    """How many times something was really done."""
    with app.state.database.read() as session:
        return session.scalar(select(func.count()).select_from(Job)) or 0


def test_un_formulaire_renvoye_n_agit_qu_une_fois(app: FastAPI, navigateur: Ouvrir) -> None:
    client = navigateur()
    champs = {"texte": "un", "cle_operation": "abc"}

    reponses = [client.soumettre("/essai", champs) for _ in range(3)]

    assert {(r.status_code, r.headers["location"]) for r in reponses} == {(303, "/essai/un")}
    assert [r.headers.get("idempotency-replayed") for r in reponses] == [None, "true", "true"]
    assert nombre_de_jobs(app) == 1


def test_un_appel_repete_recoit_la_meme_reponse(
    app: FastAPI, api: Callable[..., TestClient]
) -> None:
    programme = api()

    premiere, seconde = (programme.post("/api/essai", json=PRIX, headers=CLE) for _ in range(2))

    assert premiere.status_code == seconde.status_code == 200
    assert premiere.content == seconde.content
    assert premiere.headers["content-type"] == seconde.headers["content-type"]
    assert nombre_de_jobs(app) == 1


def test_un_double_clic_simultane_n_agit_qu_une_fois(
    app: FastAPI, api: Callable[..., TestClient]
) -> None:
    programme = api()

    with ThreadPoolExecutor(8) as pool:
        reponses = list(
            pool.map(lambda _: programme.post("/api/essai", json=PRIX, headers=CLE), range(8))
        )

    assert {r.status_code for r in reponses} <= {200, 409}
    assert 200 in {r.status_code for r in reponses}
    assert nombre_de_jobs(app) == 1


def test_une_cle_ne_sert_pas_a_deux_demandes(app: FastAPI, api: Callable[..., TestClient]) -> None:
    programme = api()
    programme.post("/api/essai", json=PRIX, headers=CLE)

    autre = programme.post("/api/essai", json={**PRIX, "prix": 2}, headers=CLE)

    assert autre.status_code == 422
    (faute,) = autre.json()["errors"]
    assert autre.json()["title"] == "Clé déjà utilisée"
    assert (faute["champ"], "déjà servi" in faute["message"]) == ("Idempotency-Key", True)
    assert nombre_de_jobs(app) == 1


def test_une_autre_adresse_est_une_autre_demande(
    app: FastAPI, api: Callable[..., TestClient]
) -> None:
    programme = api()
    programme.post("/api/essai?x=1", json=PRIX, headers=CLE)

    assert programme.post("/api/essai?x=2", json=PRIX, headers=CLE).status_code == 422
    assert programme.post("/api/essai?x=1", json=PRIX, headers=CLE).status_code == 200
    assert nombre_de_jobs(app) == 1


def test_une_demande_refaite_apres_relecture_est_deja_faite(
    app: FastAPI, api: Callable[..., TestClient]
) -> None:
    programme = api()
    for version in ('"1"', '"2"'):
        faite = programme.post("/api/essai", json=PRIX, headers={**CLE, "If-Match": version})
        assert faite.status_code == 200

    assert nombre_de_jobs(app) == 1


def test_seule_une_operation_qui_ecrit_annonce_une_cle(app: FastAPI) -> None:
    chemins = app.openapi()["paths"]

    def annonce(operation: dict[str, Any]) -> bool:
        return any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", ()))

    assert not annonce(chemins["/api/v1/devis/calcul"]["post"])
    assert not annonce(chemins["/api/v1/devis"]["get"])
    assert annonce(chemins["/api/v1/devis"]["post"])


def test_deux_personnes_peuvent_avoir_la_meme_cle(
    app: FastAPI, api: Callable[..., TestClient]
) -> None:
    for role in ("admin", "comptable"):
        assert api(role).post("/api/essai", json=PRIX, headers=CLE).status_code == 200

    assert nombre_de_jobs(app) == 2


def test_une_demande_refusee_peut_etre_corrigee_sous_la_meme_cle(
    app: FastAPI, api: Callable[..., TestClient]
) -> None:
    programme = api()
    assert programme.post("/api/essai", json={}, headers=CLE).status_code == 422

    assert programme.post("/api/essai", json=PRIX, headers=CLE).status_code == 200
    assert nombre_de_jobs(app) == 1


def test_une_cle_demesuree_est_refusee(api: Callable[..., TestClient]) -> None:
    reponse = api().post("/api/essai", json=PRIX, headers={"Idempotency-Key": "x" * 121})

    assert reponse.status_code == 422
    assert reponse.json()["errors"][0]["champ"] == "Idempotency-Key"


def test_une_collision_se_rejoue_sans_que_personne_ne_la_voie(
    app: FastAPI, navigateur: Ouvrir
) -> None:
    client = navigateur()
    Collisions.restantes = 3

    assert client.soumettre("/essai", {"texte": "a"}).status_code == 303

    assert Collisions.restantes == 0
    assert nombre_de_jobs(app) == 1


def test_la_reponse_part_apres_l_ecriture(app: FastAPI, api: Callable[..., TestClient]) -> None:
    """When the first byte of the answer leaves, anybody can read what it acknowledges."""
    faits: list[int] = []

    async def guetter(scope: Scope, receive: Receive, send: Send) -> None:
        async def partir(message: Message) -> None:
            if message["type"] == "http.response.start":
                faits.append(nombre_de_jobs(app))
            await send(message)

        await app(scope, receive, partir)

    programme = TestClient(guetter, headers=dict(api().headers))
    statuts = [programme.post("/api/essai", json=PRIX).status_code for _ in range(2)]

    assert statuts == [200, 200]
    assert faits == [1, 2]


def test_seize_demandes_a_la_fois_ont_chacune_leur_effet(
    app: FastAPI, api: Callable[..., TestClient]
) -> None:
    programme = api()

    with ThreadPoolExecutor(16) as pool:
        statuts = list(
            pool.map(lambda _: programme.post("/api/essai", json=PRIX).status_code, range(48))
        )

    assert set(statuts) == {200}
    assert nombre_de_jobs(app) == 48
