"""Chantiers over the API."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.gens import TOUTE_VERSION

RACINE = "/api/v1/chantiers"
Api = Callable[..., TestClient]


def test_un_chantier_se_cree_avec_un_nom_et_un_client(database: Database, api: Api) -> None:
    client_id = _un_client(database)

    reponse = api().post(RACINE, json={"nom": "Toiture", "clientId": client_id})

    corps, jour = reponse.json(), aujourd_hui()
    assert reponse.status_code == 201
    assert reponse.headers["Location"] == f"{RACINE}/{corps['id']}"
    assert corps == {
        "id": corps["id"],
        "nom": "Toiture",
        "code": f"CH-{jour.year}-001",
        "clientId": client_id,
        "adresse": {"ligne1": "", "ligne2": "", "codePostal": "", "ville": "", "pays": "FR"},
        "dateDebut": jour.isoformat(),
        "dateFin": jour.isoformat(),
        "statut": "PLANIFIE",
        "responsable": "",
        "notes": "",
    }


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"nom": ""}, "nom"),
        ({"nom": None}, "nom"),
        ({"clientId": None}, "clientId"),
        ({"clientId": str(uuid4())}, "clientId"),
        ({"clientId": "abc"}, "clientId"),
        ({"dateDebut": "2026-03-02", "dateFin": "2026-03-01"}, "dateFin"),
        ({"dateDebut": "le 2 mars"}, "dateDebut"),
        ({"statut": "OUVERT"}, "statut"),
        ({"adresse": {"pays": "France"}}, "adresse.pays"),
    ],
)
def test_une_saisie_fausse_est_refusee_a_son_champ(
    database: Database, api: Api, champs: dict[str, object], champ: str
) -> None:
    saisie = {"nom": "Toiture", "clientId": _un_client(database), **champs}

    reponse = api().post(RACINE, json=saisie)

    assert reponse.status_code == 422
    assert [erreur["champ"] for erreur in reponse.json()["errors"]] == [champ]
    assert api().get(RACINE).json()["elements"] == []


def test_put_garde_ce_qui_n_est_pas_donne_et_honore_if_match(database: Database, api: Api) -> None:
    adresse = _un_chantier(database, responsable="Lucie")
    programme = api()
    lu = programme.get(adresse)

    modifie = programme.put(adresse, json={"nom": "Toiture nord"}, headers=_si(lu))
    perime = programme.put(adresse, json={"nom": "Toiture sud"}, headers=_si(lu))

    assert (modifie.status_code, perime.status_code) == (200, 412)
    corps = programme.get(adresse).json()
    assert (corps["nom"], corps["responsable"]) == ("Toiture nord", "Lucie")


def test_le_statut_avance_par_les_mouvements_permis(database: Database, api: Api) -> None:
    adresse = _un_chantier(database)
    programme = api()

    refuse = programme.put(f"{adresse}/statut", json={"statut": "TERMINE"})
    demarre = programme.put(f"{adresse}/statut", json={"statut": "EN_COURS"})

    assert refuse.status_code == 409
    assert refuse.headers["content-type"] == "application/problem+json"
    assert (demarre.status_code, demarre.json()["statut"]) == (200, "EN_COURS")


def test_un_chantier_inutilise_se_supprime(database: Database, api: Api) -> None:
    adresse = _un_chantier(database)

    assert api().delete(adresse, headers=TOUTE_VERSION).status_code == 204
    assert api().get(adresse).status_code == 404


def test_un_identifiant_mal_forme_ne_designe_rien(api: Api) -> None:
    assert api().get(f"{RACINE}/abc").status_code == 404


def test_la_liste_se_filtre_se_trie_et_se_feuillette(database: Database, api: Api) -> None:
    with database.write() as session:
        client_id = un_client(session).id
        for mois in (1, 2, 3):
            jours = {"date_debut": date(2026, mois, 2), "date_fin": date(2026, mois, 9)}
            un_chantier(session, f"Lot {mois}", client_id=client_id, **jours)
    programme = api()

    premiere = programme.get(RACINE, params={"limite": 2, "tri": "nom"}).json()
    suite = programme.get(
        RACINE, params={"limite": 2, "tri": "nom", "curseur": premiere["suivant"]}
    ).json()
    filtree = programme.get(
        RACINE, params={"du": "2026-02-01", "au": "2026-02-28", "clientId": str(client_id)}
    ).json()

    assert _noms(premiere) == ["Lot 1", "Lot 2"]
    assert (_noms(suite), suite["suivant"]) == (["Lot 3"], None)
    assert _noms(filtree) == ["Lot 2"]
    assert programme.get(RACINE, params={"limite": 201}).status_code == 422
    assert programme.get(RACINE, params={"statut": "FINI"}).status_code == 422


def test_un_technicien_lit_les_chantiers_et_n_y_touche_pas(database: Database, api: Api) -> None:
    adresse = _un_chantier(database)
    technicien = api("technicien")

    assert technicien.get(adresse).status_code == 200
    assert technicien.put(f"{adresse}/statut", json={"statut": "EN_COURS"}).status_code == 403
    assert technicien.delete(adresse).status_code == 403


def _un_client(database: Database) -> str:
    with database.write() as session:
        return str(un_client(session).id)


def _un_chantier(database: Database, **champs: object) -> str:
    with database.write() as session:
        return f"{RACINE}/{un_chantier(session, **champs).id}"  # type: ignore[arg-type]


def _si(reponse: object) -> dict[str, str]:
    return {"If-Match": reponse.headers["ETag"]}  # type: ignore[attr-defined]


def _noms(corps: dict[str, list[dict[str, str]]]) -> list[str]:
    return [element["nom"] for element in corps["elements"]]
