"""Versions of a devis over the API: what was sent stays readable, whatever came after."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from cordeau.core.db import Database
from tests.clients.builders import un_client
from tests.devis.builders import URL, creer, refus, un_lot, une_ligne
from tests.gens import TOUTE_VERSION

Api = Callable[..., TestClient]


@pytest.fixture
def devis(api: Api, database: Database) -> dict[str, Any]:
    """A devis sent, then changed: version 2 is being written."""
    with database.write() as session:
        client_id = un_client(session, "Élodie Dupré").id
    programme = api()
    lignes = [un_lot("gros"), une_ligne("12.345", "4", unite="METRE_CARRE", parentId="gros")]
    cree = creer(programme, client_id, objet="Façade", lignes=lignes)
    url = f"{URL}/{cree['id']}"
    assert programme.put(f"{url}/envoyer").status_code == 200
    corps = {"objet": "Façade et murs", "lignes": [une_ligne("80")]}
    change = programme.put(url, json=corps, headers=TOUTE_VERSION)
    assert (change.json()["version"], change.json()["statut"]) == (2, "BROUILLON")
    return cree


def test_la_version_envoyee_se_relit(api: Api, devis: dict[str, Any]) -> None:
    lue = api().get(f"{URL}/{devis['id']}/versions/1").json()

    assert (lue["numero"], lue["version"], lue["statut"]) == (devis["numero"], 1, "ENVOYE")
    assert (lue["objet"], lue["client"]) == ("Façade", "Élodie Dupré")
    assert [ligne["type"] for ligne in lue["lignes"]] == ["LOT", "LIGNE"]
    champs = ("numero", "niveau", "quantite", "unite", "prixUnitaireHT", "montantHT")
    assert [lue["lignes"][1][c] for c in champs] == ["1.1", 1, 4, "METRE_CARRE", 12.345, 49.38]
    assert (lue["montantHT"], lue["montantTTC"]) == (devis["montantHT"], devis["montantTTC"])
    assert lue["tva"] == devis["tva"]


def test_les_versions_envoyees_se_listent_la_derniere_d_abord(
    api: Api, devis: dict[str, Any]
) -> None:
    programme = api()
    url = f"{URL}/{devis['id']}"
    assert [v["version"] for v in lister(programme, url)] == [1]
    programme.put(f"{url}/envoyer")

    versions = lister(programme, url)
    assert [(v["version"], v["montantHT"]) for v in versions] == [(2, 80), (1, 49.38)]


def test_une_version_s_imprime_telle_qu_elle_est_partie(api: Api, devis: dict[str, Any]) -> None:
    reponse = api().get(f"{URL}/{devis['id']}/versions/1/pdf")

    assert reponse.headers["content-type"] == "application/pdf"
    assert reponse.content.startswith(b"%PDF")


@pytest.mark.parametrize("version", ["2", "0", "-1", f"{10**20}", f"-{10**20}"])
def test_une_version_jamais_envoyee_n_existe_pas(
    api: Api, devis: dict[str, Any], version: str
) -> None:
    refus(api().get(f"{URL}/{devis['id']}/versions/{version}"), 404)


def test_les_versions_d_un_devis_inconnu_n_existent_pas(api: Api) -> None:
    refus(api().get(f"{URL}/{uuid4()}/versions"), 404)


def test_un_technicien_ne_lit_pas_les_versions(api: Api, devis: dict[str, Any]) -> None:
    refus(api("technicien").get(f"{URL}/{devis['id']}/versions/1"), 403)


def lister(programme: TestClient, url: str) -> list[dict[str, Any]]:
    page = programme.get(f"{url}/versions").json()
    assert page["suivant"] is None
    elements: list[dict[str, Any]] = page["elements"]
    return elements
