"""Fifty at the same instant: one effect, and every answer says what happened."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import func, select
from starlette.testclient import TestClient

from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.devis.models import Devis
from cordeau.facturation.models import Facture, Reglement
from tests.clients.builders import un_client
from tests.devis.builders import en_json, un_devis, une_ligne
from tests.facturation.builders import emettre, une_entreprise, une_facture

Api = Callable[..., TestClient]
COUREURS = 50


@pytest.fixture
def programme(app: FastAPI, api: Api) -> TestClient:
    """A program, on a base with its firm."""
    with app.state.database.write() as session:
        une_entreprise(session)
    return api()


def courir(demander: Callable[[int], Response]) -> list[Response]:
    """Ask fifty times at the same instant."""
    depart = threading.Barrier(COUREURS)

    def partir(rang: int) -> Response:
        depart.wait(timeout=60)
        return demander(rang)

    with ThreadPoolExecutor(COUREURS) as pool:
        return list(pool.map(partir, range(COUREURS)))


def statuts(reponses: list[Response]) -> Counter[int]:
    """How many answers of each kind."""
    return Counter(reponse.status_code for reponse in reponses)


def compter(database: Database, modele: Any) -> int:
    """How many rows."""
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(modele)) or 0


def test_une_meme_demande_cinquante_fois(app: FastAPI, programme: TestClient) -> None:
    with app.state.database.write() as session:
        corps = {"clientId": str(un_client(session).id), "lignes": [en_json(une_ligne())]}
    cle = {"Idempotency-Key": "la-meme"}

    recues = courir(lambda _: programme.post("/api/v1/devis", json=corps, headers=cle))

    assert statuts(recues).keys() <= {201, 409}
    faites = [recue for recue in recues if recue.status_code == 201]
    assert len({recue.json()["id"] for recue in faites}) == 1
    assert len([r for r in faites if "idempotency-replayed" not in r.headers]) == 1
    assert all(int(r.headers["retry-after"]) for r in recues if r.status_code == 409)
    assert compter(app.state.database, Devis) == 1
    encore = programme.post("/api/v1/devis", json=corps, headers=cle)
    assert (encore.status_code, encore.json()) == (201, faites[0].json())


def test_une_meme_cle_pour_cinquante_demandes(app: FastAPI, programme: TestClient) -> None:
    with app.state.database.write() as session:
        client_id = str(un_client(session).id)
    cle = {"Idempotency-Key": "la-meme"}

    def demander(rang: int) -> Response:
        corps = {"clientId": client_id, "lignes": [en_json(une_ligne(str(rang + 1)))]}
        return programme.post("/api/v1/devis", json=corps, headers=cle)

    recues = courir(demander)

    assert statuts(recues)[201] == 1
    assert statuts(recues).keys() <= {201, 409, 422}
    assert compter(app.state.database, Devis) == 1


def test_une_meme_version_modifiee_cinquante_fois(app: FastAPI, programme: TestClient) -> None:
    with app.state.database.write() as session:
        url = f"/api/v1/devis/{un_devis(session).id}"
    lu = {"If-Match": programme.get(url).headers["etag"]}

    recues = courir(lambda rang: programme.put(url, json={"objet": f"n° {rang}"}, headers=lu))

    assert statuts(recues) == {200: 1, 412: COUREURS - 1}
    gagnant = next(recue for recue in recues if recue.status_code == 200)
    assert programme.get(url).json() == gagnant.json()


def test_un_meme_brouillon_emis_cinquante_fois(app: FastAPI, programme: TestClient) -> None:
    with app.state.database.write() as session:
        url = f"/api/v1/factures/{une_facture(session).id}"

    recues = courir(lambda _: programme.put(f"{url}/emettre"))

    assert statuts(recues) == {200: 1, 409: COUREURS - 1}
    with app.state.database.read() as session:
        assert [n[-3:] for n in session.scalars(select(Facture.numero))] == ["001"]


def test_une_meme_facture_payee_cinquante_fois(app: FastAPI, programme: TestClient) -> None:
    with app.state.database.write() as session:
        facture = emettre(session, une_facture(session), le=aujourd_hui())
    url = f"/api/v1/factures/{facture.id}"
    du = programme.get(url).json()["resteAPayer"]

    recues = courir(lambda _: programme.post(f"{url}/reglements", json={"montant": du}))

    assert statuts(recues) == {201: 1, 409: COUREURS - 1}
    assert compter(app.state.database, Reglement) == 1
    assert programme.get(url).json()["resteAPayer"] == 0
