"""Clients over the API."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from cordeau.chantiers.models import Chantier
from cordeau.core.journal import list_history
from tests.clients.builders import NUMERO_TVA, SIREN, SIRET, un_client
from tests.gens import TOUTE_VERSION

Api = Callable[..., TestClient]
URL = "/api/v1/clients"

COMPLET: dict[str, Any] = {
    "nom": "Bâtimax",
    "type": "PROFESSIONNEL",
    "email": "contact@batimax.fr",
    "telephone": "+33 2 41 00 00 00",
    "adresse": {
        "ligne1": "3 quai des Carmes",
        "ligne2": "Bâtiment B",
        "codePostal": "49100",
        "ville": "Angers",
        "pays": "FR",
    },
    "siren": SIREN,
    "siret": SIRET,
    "numeroTva": NUMERO_TVA,
    "codeJde": "CLI002",
    "delaiPaiement": 45,
    "notes": "Portail bleu.",
    "soldeOuverture": 1250.5,
    "soldeOuvertureLe": "2026-01-01",
    "contacts": [{"nom": "Léa Roy", "fonction": "Comptable", "email": "lea@batimax.fr"}],
    "sites": [{"nom": "Dépôt", "adresse": {"ligne1": "1 rue du Port", "ville": "Trélazé"}}],
}


def creer(client: TestClient, **champs: Any) -> dict[str, Any]:
    reponse = client.post(URL, json={"nom": "Constructeo", **champs})
    assert reponse.status_code == 201, reponse.text
    cree: dict[str, Any] = reponse.json()
    return cree


def noms(client: TestClient, requete: str = "") -> list[str]:
    reponse = client.get(f"{URL}{requete}")
    assert reponse.status_code == 200, reponse.text
    return [element["nom"] for element in reponse.json()["elements"]]


def test_un_nom_suffit_pour_creer_un_client(api: Api) -> None:
    reponse = api().post(URL, json={"nom": "Jean Dupont", "inconnu": 1})

    cree = reponse.json()
    assert reponse.status_code == 201
    assert reponse.headers["Location"] == f"{URL}/{cree['id']}"
    assert cree["type"] == "PARTICULIER"
    assert cree["delaiPaiement"] is None
    assert cree["adresse"]["pays"] == "FR"


def test_ce_qui_est_envoye_est_relu_tel_quel(api: Api) -> None:
    client = api()
    cree = creer(client, **COMPLET)

    lu = client.get(f"{URL}/{cree['id']}").json()

    assert lu == cree
    assert {nom: lu[nom] for nom in COMPLET if nom not in ("contacts", "sites")} == {
        nom: valeur for nom, valeur in COMPLET.items() if nom not in ("contacts", "sites")
    }
    assert lu["contacts"][0]["fonction"] == "Comptable"
    assert lu["sites"][0]["adresse"]["ville"] == "Trélazé"


def test_le_solde_d_ouverture_sort_avec_deux_decimales(api: Api) -> None:
    client = api()
    cree = creer(client, soldeOuverture=12.5)

    assert '"soldeOuverture":12.50' in client.get(f"{URL}/{cree['id']}").text


def test_une_adresse_en_texte_devient_sa_premiere_ligne(api: Api) -> None:
    cree = creer(api(), adresse="12 rue des Lilas, Angers")

    assert cree["adresse"]["ligne1"] == "12 rue des Lilas, Angers"


def test_le_siren_se_deduit_du_siret(api: Api) -> None:
    assert creer(api(), siret=SIRET)["siren"] == SIREN


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"nom": " "}, "nom"),
        ({"nom": None}, "nom"),
        ({"nom": "x" * 256}, "nom"),
        ({"type": "AMI"}, "type"),
        ({"email": "pas une adresse"}, "email"),
        ({"siren": "123456789"}, "siren"),
        ({"siret": "123"}, "siret"),
        ({"siren": "404833048", "siret": SIRET}, "siret"),
        ({"numeroTva": "FR00"}, "numeroTva"),
        ({"siren": "404833048", "numeroTva": NUMERO_TVA}, "numeroTva"),
        ({"delaiPaiement": -1}, "delaiPaiement"),
        ({"delaiPaiement": 121}, "delaiPaiement"),
        ({"delaiPaiement": 30.5}, "delaiPaiement"),
        ({"soldeOuverture": 1.234}, "soldeOuverture"),
        ({"soldeOuverture": True}, "soldeOuverture"),
        ({"soldeOuvertureLe": "2026-02-30"}, "soldeOuvertureLe"),
        ({"adresse": {"pays": "France"}}, "adresse.pays"),
        ({"adresse": []}, "adresse"),
        ({"contacts": [{"nom": ""}]}, "contacts[0].nom"),
        ({"sites": "ici"}, "sites"),
    ],
)
def test_une_mauvaise_saisie_est_refusee_a_cote_de_son_champ(
    api: Api, champs: dict[str, Any], champ: str
) -> None:
    client = api()

    reponse = client.post(URL, json={"nom": "Constructeo", **champs})

    assert reponse.status_code == 422
    assert [faute["champ"] for faute in reponse.json()["errors"]] == [champ]
    assert noms(client) == []


def test_modifier_ne_change_que_ce_qui_est_donne(api: Api) -> None:
    client = api()
    cree = creer(client, **COMPLET)

    reponse = client.put(
        f"{URL}/{cree['id']}", json={"nom": "Bâtimax SAS", "email": None}, headers=TOUTE_VERSION
    )

    assert reponse.json() == {**cree, "nom": "Bâtimax SAS"}


def test_null_efface_le_delai_et_le_solde(api: Api) -> None:
    client = api()
    cree = creer(client, **COMPLET)

    modifie = client.put(
        f"{URL}/{cree['id']}",
        json={"delaiPaiement": None, "soldeOuverture": None},
        headers=TOUTE_VERSION,
    ).json()

    assert modifie["delaiPaiement"] is None
    assert modifie["soldeOuverture"] is modifie["soldeOuvertureLe"] is None


def test_les_contacts_donnes_remplacent_les_anciens(api: Api) -> None:
    client = api()
    cree = creer(client, contacts=[{"nom": "Léa"}, {"nom": "Marc"}])
    lea = cree["contacts"][0]

    modifie = client.put(
        f"{URL}/{cree['id']}",
        json={"contacts": [{**lea, "telephone": "0601020304"}, {"nom": "Zoé"}]},
        headers=TOUTE_VERSION,
    ).json()

    assert [(c["nom"], c["telephone"]) for c in modifie["contacts"]] == [
        ("Léa", "0601020304"),
        ("Zoé", ""),
    ]
    assert modifie["contacts"][0]["id"] == lea["id"]


def test_if_match_refuse_d_ecraser_le_changement_d_un_autre(api: Api) -> None:
    client = api()
    url = f"{URL}/{creer(client)['id']}"
    lu = client.get(url).headers["ETag"]
    client.put(url, json={"contacts": [{"nom": "Léa"}]}, headers={"If-Match": lu})

    refus = client.put(url, json={"nom": "Autre"}, headers={"If-Match": lu})

    assert refus.status_code == 412
    assert client.get(url).json()["nom"] == "Constructeo"


def test_un_client_inutilise_est_supprime(api: Api) -> None:
    client = api()
    url = f"{URL}/{creer(client, **{**COMPLET, 'soldeOuverture': None})['id']}"

    assert client.delete(url, headers=TOUTE_VERSION).status_code == 204
    assert client.get(url).status_code == 404


def test_un_client_qui_a_servi_est_archive_au_lieu_d_etre_supprime(api: Api, app: FastAPI) -> None:
    client = api()
    cree = creer(client, **{**COMPLET, "soldeOuverture": None})
    client.post("/api/v1/chantiers", json={"nom": "Toiture", "clientId": cree["id"]})
    with app.state.database.read() as session:
        assert session.scalars(select(Chantier.client_id)).all() == [UUID(cree["id"])]

    reponse = client.delete(f"{URL}/{cree['id']}", headers=TOUTE_VERSION)

    assert reponse.status_code == 200
    assert reponse.json()["archive"] is True
    assert reponse.json()["contacts"] == cree["contacts"]


def test_un_client_qui_doit_un_solde_d_ouverture_est_archive(api: Api) -> None:
    client = api()
    cree = creer(client, soldeOuverture=10)

    assert client.delete(f"{URL}/{cree['id']}", headers=TOUTE_VERSION).json()["archive"] is True


def test_archiver_puis_remettre_en_service(api: Api) -> None:
    client = api()
    url = f"{URL}/{creer(client)['id']}"

    assert client.post(f"{url}/archiver").json()["archive"] is True
    assert client.post(f"{url}/restaurer").json()["archive"] is False


def test_la_liste_se_filtre_par_champ(api: Api, app: FastAPI) -> None:
    client = api()
    creer(client, nom="Angers Toiture", adresse={"ville": "Nantes"}, codeJde="CLI001")
    creer(client, nom="Éléonore", type="PUBLIC", adresse={"ville": "Angers"}, siret=SIRET)
    archive = creer(client, nom="Zinc")
    client.post(f"{URL}/{archive['id']}/archiver")

    assert noms(client) == ["Angers Toiture", "Éléonore", "Zinc"]
    assert noms(client, "?tri=-nom") == ["Zinc", "Éléonore", "Angers Toiture"]
    assert noms(client, "?tri=-creeLe&limite=1") == ["Zinc"]
    assert noms(client, "?nom=eleo") == ["Éléonore"]
    assert noms(client, "?ville=ANG") == ["Éléonore"]
    assert noms(client, "?q=angers") == ["Angers Toiture", "Éléonore"]
    assert noms(client, f"?q={SIRET}") == ["Éléonore"]
    assert noms(client, "?type=PUBLIC") == ["Éléonore"]
    assert noms(client, "?codeJde=CLI001") == ["Angers Toiture"]
    assert noms(client, "?archive=true") == ["Zinc"]
    assert noms(client, "?archive=false&type=PARTICULIER") == ["Angers Toiture"]


def test_la_liste_se_lit_par_pages(api: Api) -> None:
    client = api()
    for rang in range(5):
        creer(client, nom=f"Client {rang // 2}")

    vus: list[str] = []
    curseur: str | None = ""
    while curseur is not None:
        page = client.get(f"{URL}?limite=2&curseur={curseur}").json()
        vus += [element["id"] for element in page["elements"]]
        curseur = page["suivant"]

    assert len(vus) == len(set(vus)) == 5


@pytest.mark.parametrize("requete", ["?limite=0", "?limite=201", "?tri=ville", "?type=X"])
def test_une_demande_de_liste_incomprise_est_refusee(api: Api, requete: str) -> None:
    assert api().get(f"{URL}{requete}").status_code == 422


def test_les_roles_decident(api: Api, client_http: TestClient) -> None:
    assert client_http.get(URL).status_code == 401
    assert api("technicien").get(URL).status_code == 403
    assert api("comptable").get(URL).status_code == 200
    assert api("comptable").post(URL, json={"nom": "x"}).status_code == 403
    assert api("commercial").post(URL, json={"nom": "x"}).status_code == 201


@pytest.mark.parametrize("client_id", ["1", "00000000-0000-0000-0000-000000000000"])
def test_un_client_absent_ou_mal_nomme_est_introuvable(api: Api, client_id: str) -> None:
    assert api().get(f"{URL}/{client_id}").status_code == 404


def test_l_historique_dit_ce_qui_a_change(api: Api, app: FastAPI) -> None:
    with app.state.database.write() as session:
        client = un_client(session)
    api().put(f"{URL}/{client.id}", json={"nom": "Autre", "notes": "Sonner"}, headers=TOUTE_VERSION)
    api().put(f"{URL}/{client.id}", json={"nom": "Autre"}, headers=TOUTE_VERSION)

    with app.state.database.read() as session:
        faits = list_history(session, "client", client.id)
    assert [(f.action, f.details) for f in faits] == [
        ("Client modifié", {"champs": "nom, notes"}),
        ("Client créé", {}),
    ]
