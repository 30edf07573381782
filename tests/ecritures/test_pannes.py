"""A use case that fails anywhere leaves the base as before or as after, and says which."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from tests.clients.builders import un_client
from tests.devis.builders import en_json, un_devis, une_ligne
from tests.ecritures.pannes import Genre, Panne, etat, pannes
from tests.facturation.builders import emettre, une_entreprise, une_facture

Api = Callable[..., TestClient]
Demande = tuple[str, str, Any]
Etat = dict[str, tuple[int, int]]

#: More statements than any of these requests executes.
ORDRES_MAX = 200


def devis(database: Database) -> Demande:
    """Write a devis."""
    with database.write() as session:
        client = un_client(session)
    lignes = [en_json(une_ligne()), en_json(une_ligne("30.50", "3"))]
    return "POST", "/api/v1/devis", {"clientId": str(client.id), "lignes": lignes}


def envoi(database: Database) -> Demande:
    """Send a devis."""
    with database.write() as session:
        return "PUT", f"/api/v1/devis/{un_devis(session).id}/envoyer", None


def emission(database: Database) -> Demande:
    """Issue a facture."""
    with database.write() as session:
        return "PUT", f"/api/v1/factures/{une_facture(session).id}/emettre", None


def reglement(database: Database) -> Demande:
    """Record a payment."""
    with database.write() as session:
        facture = emettre(session, une_facture(session), le=aujourd_hui())
    return "POST", f"/api/v1/factures/{facture.id}/reglements", {"montant": 20}


def avoir(database: Database) -> Demande:
    """Prepare a credit note."""
    with database.write() as session:
        facture = emettre(session, une_facture(session), le=aujourd_hui())
    return "POST", f"/api/v1/factures/{facture.id}/avoir", None


CAS = (devis, envoi, emission, reglement, avoir)
Preparer = Callable[[Database], Demande]


class Banc:
    """One use case, done again and again under faults."""

    def __init__(self, app: FastAPI, programme: TestClient, panne: Panne) -> None:
        self.database: Database = app.state.database
        self.programme, self.panne = programme, panne
        self.rang = 0

    def etat(self) -> Etat:
        """What the base holds, read without any fault."""
        with self.database.read() as session:
            return etat(session)

    def demander(self, demande: Demande, cle: str) -> Response:
        """Send the request under this key."""
        methode, url, corps = demande
        entetes = {"Idempotency-Key": cle} if cle else {}
        return self.programme.request(methode, url, json=corps, headers=entetes)

    def eprouver(self, preparer: Preparer, viser: Callable[[Panne], None], *, cle: bool) -> None:
        """Fail once; before or after, never between; a yes is kept, a key acts once."""
        demande = preparer(self.database)
        avant = self.etat()
        self.rang += 1
        nom = f"essai-{self.rang}" if cle else ""
        viser(self.panne)
        reponse = self.demander(demande, nom)
        self.panne.restants = None
        entre = self.etat()
        if self.panne.genre is Genre.COUPURE:
            assert reponse.is_success, "a lost connection was seen"
        if reponse.is_success:
            assert entre != avant, "a yes that was not saved"
        else:
            assert reponse.status_code == 503, reponse.text
            assert int(reponse.headers["retry-after"]) > 0
            assert cle or entre == avant, "a no that was saved"
        if cle:
            redite = self.demander(demande, nom)
            assert redite.is_success, redite.text
            apres = self.etat()
            assert entre in (avant, apres), "between before and after"
            assert self.demander(demande, nom).headers["idempotency-replayed"] == "true"
            assert self.etat() == apres, "done twice"


@pytest.fixture
def banc(app: FastAPI, api: Api, request: pytest.FixtureRequest) -> Any:
    """The base with its firm, and the fault the test asks for."""
    with app.state.database.write() as session:
        une_entreprise(session)
    if app.state.database.is_sqlite and request.param is Genre.COUPURE:
        pytest.skip("une base embarquée n’a pas de connexion à perdre")
    programme = api()
    with pannes(app.state.database, request.param) as panne:
        yield Banc(app, programme, panne)


@pytest.mark.parametrize("preparer", CAS)
@pytest.mark.parametrize("banc", Genre, indirect=True)
def test_un_ordre_sql_qui_echoue_ne_laisse_rien_a_moitie(banc: Banc, preparer: Preparer) -> None:
    for rang in range(1, ORDRES_MAX):
        banc.eprouver(preparer, partial(Panne.au_rang, rang=rang), cle=rang % 2 == 0)
        if not banc.panne.survenue:
            break

    assert 5 < rang < ORDRES_MAX - 1


@pytest.mark.parametrize("moment", ["avant", "apres"])
@pytest.mark.parametrize("cle", [True, False])
@pytest.mark.parametrize("banc", Genre, indirect=True)
def test_un_commit_sans_reponse_ne_fait_ni_double_ni_perte(
    banc: Banc,
    moment: str,
    cle: bool,  # noqa: FBT001
) -> None:
    sqlite = banc.database.is_sqlite
    for preparer in CAS:
        if sqlite and moment == "apres" and not cle:
            continue  # an embedded base answers for what it committed: see `Database._end`
        avant = banc.etat()
        banc.eprouver(preparer, partial(Panne.au_commit, moment=moment), cle=cle)
        assert banc.panne.survenue
        assert banc.etat() != avant


@pytest.mark.parametrize("banc", [Genre.COUPURE], indirect=True)
def test_une_coupure_ne_se_voit_pas(banc: Banc) -> None:
    """Whatever the moment, the person gets the answer of the one effect."""
    for moment in ("avant", "apres"):
        demande = devis(banc.database)
        banc.panne.au_commit(moment)

        reponse = banc.demander(demande, "")

        assert reponse.status_code == 201
        lu = banc.programme.get(reponse.headers["location"])
        assert lu.json()["numero"] == reponse.json()["numero"]
    numeros = [d["numero"] for d in banc.programme.get("/api/v1/devis").json()["elements"]]
    assert [numero[-3:] for numero in sorted(numeros)] == ["001", "002"]


@pytest.mark.parametrize("banc", [Genre.COUPURE], indirect=True)
def test_une_lecture_recommence_une_fois(banc: Banc) -> None:
    for rang in range(1, 5):
        banc.panne.au_rang(rang)
        assert banc.programme.get("/api/v1/devis").status_code == 200
