"""Lists of factures and règlements over the API: filters, derived states, sorts, pages."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from tests.clients.builders import un_client
from tests.devis.builders import refus
from tests.facturation.builders import (
    URL,
    regler,
    un_avoir_emis,
    une_entreprise,
    une_facture,
    une_facture_emise,
)

Api = Callable[..., TestClient]
ABSENT = str(uuid4())
REGLEMENTS = "/api/v1/reglements"


@pytest.fixture(autouse=True)
def _entreprise(database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)


@pytest.fixture
def documents(database: Database) -> dict[str, str]:
    """One document in each state, by identifier; today is far after all of them."""
    with database.write() as session:
        client = un_client(session, "Élodie Dupré")
        retard = une_facture_emise(session, client=client, objet="retard")
        regler(session, une_facture_emise(session, client=client, objet="payée"), "120")
        loin = (aujourd_hui() + timedelta(days=5)).isoformat()
        partiel = une_facture_emise(session, client=client, objet="partiel", dateEcheance=loin)
        regler(session, partiel, "20")
        une_facture_emise(session, client=client, objet="impayée", dateEcheance=loin)
        un_avoir_emis(session, retard, [(retard.lignes[0].id, "0.25")])
        une_facture(session, client=un_client(session, "Autre"), objet="brouillon")
        return {"client": str(client.id), "retard": str(retard.id)}


def objets(programme: TestClient, **demande: Any) -> list[str]:
    reponse = programme.get(URL, params=demande)
    assert reponse.status_code == 200, reponse.text
    return sorted(f"{e['type'][:2]} {e['objet']}" for e in reponse.json()["elements"])


@pytest.mark.parametrize(
    ("demande", "attendus"),
    [
        ({"statutPaiement": "PAYE"}, ["AV retard", "FA payée"]),
        ({"statutPaiement": "EN_RETARD"}, ["FA retard"]),
        ({"statutPaiement": "PARTIEL"}, ["FA partiel"]),
        ({"statutPaiement": ["PARTIEL", "IMPAYE"]}, ["FA impayée", "FA partiel"]),
        ({"type": "AVOIR"}, ["AV retard"]),
        ({"statut": "BROUILLON"}, ["FA brouillon"]),
        ({"q": "elodie retard"}, ["AV retard", "FA retard"]),
        ({"q": "AVO-2026"}, ["AV retard"]),
        ({"au": "2026-03-01"}, []),
    ],
)
def test_les_filtres_de_la_liste(
    api: Api, documents: dict[str, str], demande: dict[str, Any], attendus: list[str]
) -> None:
    assert objets(api(), **demande) == attendus


def test_la_liste_dit_le_meme_etat_que_le_filtre(api: Api, documents: dict[str, str]) -> None:
    programme = api()
    for etat in ("PAYE", "EN_RETARD", "PARTIEL", "IMPAYE"):
        lus = programme.get(URL, params={"statutPaiement": etat}).json()["elements"]
        assert lus
        assert {lu["statutPaiement"] for lu in lus} == {etat}


@pytest.mark.parametrize("tri", ["date", "-date", "numero", "-numero", "montantTTC", "-montantTTC"])
def test_les_pages_ne_perdent_rien(api: Api, documents: dict[str, str], tri: str) -> None:
    programme = api()
    entiere = [e["id"] for e in programme.get(URL, params={"tri": tri}).json()["elements"]]
    feuilletee, curseur = [], None
    for _ in range(3):
        demande: dict[str, Any] = {"tri": tri, "limite": 2}
        if curseur:
            demande["curseur"] = curseur
        page = programme.get(URL, params=demande).json()
        feuilletee += [e["id"] for e in page["elements"]]
        curseur = page["suivant"]

    assert feuilletee == entiere
    assert len(entiere) == 6
    assert curseur is None


@pytest.mark.parametrize(
    ("demande", "champ"),
    [
        ({"limite": 0}, "limite"),
        ({"limite": 201}, "limite"),
        ({"tri": "client_id"}, "tri"),
        ({"curseur": "e30="}, "curseur"),
        ({"statut": "PAYEE"}, "statut"),
        ({"statutPaiement": "x"}, "statutPaiement"),
        ({"devisId": "1"}, "devisId"),
    ],
)
def test_une_demande_de_liste_insensee_est_refusee(
    api: Api, demande: dict[str, Any], champ: str
) -> None:
    assert refus(api().get(URL, params=demande)) == [champ]


def test_les_reglements_se_filtrent(database: Database, api: Api) -> None:
    with database.write() as session:
        facture = une_facture_emise(session)
        for jour, montant in ((date(2026, 3, 2), "10"), (date(2026, 4, 2), "20")):
            regler(session, facture, montant, le=jour)
    programme = api()

    def montants(**demande: Any) -> list[float]:
        lus = programme.get(REGLEMENTS, params=demande).json()["elements"]
        return [lu["montant"] for lu in lus]

    assert montants() == [20, 10]
    assert montants(tri="montant") == [10, 20]
    assert montants(du="2026-04-01") == [20]
    assert montants(au="2026-03-02") == [10]
    assert montants(mode="CHEQUE") == []
    assert montants(clientId=str(facture.client_id), q="constructeo") == [20, 10]
    assert montants(clientId=ABSENT) == []
