"""Factures and règlements over the API: the contract, the refusals, the lists."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from cordeau.core.adresse import Adresse
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from tests.clients.builders import un_client
from tests.devis.builders import refus, un_devis, un_devis_accepte, une_ligne
from tests.facturation.builders import (
    URL,
    appeler,
    une_entreprise,
    une_facture,
)
from tests.gens import TOUTE_VERSION

Api = Callable[..., TestClient]
ABSENT = str(uuid4())
REGLEMENTS = "/api/v1/reglements"


@pytest.fixture(autouse=True)
def _entreprise(database: Database) -> None:
    with database.write() as session:
        une_entreprise(session)


@pytest.fixture
def client_id(database: Database) -> str:
    with database.write() as session:
        return str(un_client(session, "Jean Dupont").id)


def creer(programme: TestClient, client_id: str, **champs: Any) -> dict[str, Any]:
    """A free draft."""
    corps = {"clientId": client_id, "lignes": [une_ligne()], **champs}
    return appeler(programme, "POST", URL, 201, corps)


def creer_emise(programme: TestClient, client_id: str, **champs: Any) -> dict[str, Any]:
    """A free facture, issued today."""
    facture = creer(programme, client_id, **champs)
    return appeler(programme, "PUT", f"{URL}/{facture['id']}/emettre", 200)


def accepte(database: Database, **champs: Any) -> str:
    """Where to bill an accepted devis."""
    with database.write() as session:
        return f"{URL}/depuis-devis/{un_devis_accepte(session, **champs).id}"


def test_une_liste_de_lignes_vide_ne_facture_pas_tout(database: Database, api: Api) -> None:
    adresse = accepte(database, lignes=[une_ligne("100")])

    reponse = api().post(adresse, json={"lignes": []})

    assert reponse.status_code == 422
    assert reponse.json()["errors"][0]["champ"] == "lignes"


def test_depuis_devis_sans_corps_facture_tout_et_porte_les_champs_du_contrat(
    database: Database, api: Api
) -> None:
    adresse = accepte(database, lignes=[une_ligne("18400")])

    reponse = api().post(adresse)

    assert reponse.status_code == 201
    facture = reponse.json()
    assert reponse.headers["location"] == f"{URL}/{facture['id']}"
    attendu = {
        "numero": None,
        "type": "FACTURE",
        "statut": "BROUILLON",
        "statutPaiement": "IMPAYE",
        "client": "Constructeo",
        "devisId": adresse.rsplit("/", maxsplit=1)[1],
        "factureOrigineId": None,
        "dateEmission": None,
        "dateEcheance": None,
    }
    assert {cle: facture[cle] for cle in attendu} == attendu
    for montant in ('"montantHT":18400.00', '"montantTVA":3680.00', '"resteAPayer":22080.00'):
        assert montant in reponse.text


def test_depuis_devis_facture_une_part(database: Database, api: Api) -> None:
    programme = api()
    adresse = accepte(database, lignes=[une_ligne("10", "45"), une_ligne("50")])

    acompte = appeler(programme, "POST", adresse, 201, {"type": "ACOMPTE", "pourcentage": 30})
    part = appeler(programme, "POST", adresse, 201, {"pourcentage": "12,5"})
    ligne = part["lignes"][0]["ligneDevisId"]
    choix = {"lignes": [{"ligneId": ligne, "quantite": 1.5}]}

    assert (acompte["type"], acompte["montantHT"]) == ("ACOMPTE", 150)
    assert part["montantHT"] == 62.5
    assert appeler(programme, "POST", adresse, 201, choix)["montantHT"] == 15


@pytest.mark.parametrize(
    ("corps", "champ"),
    [
        ({"type": "AVOIR"}, "type"),
        ({"type": "PROFORMA"}, "type"),
        ({"type": "ACOMPTE"}, "pourcentage"),
        ({"pourcentage": 0}, "pourcentage"),
        ({"pourcentage": -10}, "pourcentage"),
        ({"pourcentage": 100.01}, "pourcentage"),
        ({"pourcentage": "trente"}, "pourcentage"),
        ({"lignes": [{"ligneId": "x", "quantite": 1}]}, "lignes[0].ligneId"),
        ({"lignes": [{"ligneId": ABSENT}]}, "lignes[0].quantite"),
        ({"lignes": [{"ligneId": ABSENT, "quantite": 0}]}, "lignes[0].quantite"),
        ({"lignes": [{"ligneId": ABSENT, "quantite": 1.00001}]}, "lignes[0].quantite"),
        ({"lignes": "toutes"}, "lignes"),
    ],
)
def test_une_demande_de_facturation_fausse_est_refusee_a_son_champ(
    database: Database, api: Api, corps: dict[str, Any], champ: str
) -> None:
    programme = api()

    assert refus(programme.post(accepte(database), json=corps)) == [champ]
    assert programme.get(URL).json()["elements"] == []


def test_depuis_devis_refuse_ce_qui_n_est_pas_accepte_ou_deja_facture(
    database: Database, api: Api
) -> None:
    programme, adresse = api(), accepte(database)
    with database.write() as session:
        ecrit = un_devis(session).id

    assert refus(programme.post(f"{URL}/depuis-devis/{ecrit}"), 409) == []
    assert refus(programme.post(f"{URL}/depuis-devis/{ABSENT}"), 404) == []
    assert programme.post(adresse).status_code == 201
    dernier = programme.post(adresse)
    assert refus(dernier, 409) == []
    assert "déjà facturé" in dernier.json()["detail"]


def test_emettre_date_du_jour_numerote_et_fige(api: Api, client_id: str) -> None:
    programme = api()

    emise = creer_emise(programme, client_id)

    assert emise["numero"] == f"FAC-{aujourd_hui().year}-001"
    assert emise["dateEmission"] == aujourd_hui().isoformat()
    assert emise["dateEcheance"] == (aujourd_hui() + timedelta(days=30)).isoformat()
    adresse = f"{URL}/{emise['id']}"
    for methode, suite in (("PUT", ""), ("DELETE", ""), ("PUT", "/emettre")):
        corps: dict[str, Any] | None = {} if methode == "PUT" else None
        reponse = programme.request(methode, f"{adresse}{suite}", json=corps, headers=TOUTE_VERSION)
        assert refus(reponse, 409) == []
    assert programme.get(adresse).json() == emise


def test_emettre_liste_tout_ce_qui_manque(database: Database, api: Api) -> None:
    with database.write() as session:
        client = un_client(session, type="PROFESSIONNEL", adresse=Adresse())
        facture = une_facture(session, client=client, lignes=[une_ligne(tauxTVA=10)])

    champs = refus(api().put(f"{URL}/{facture.id}/emettre"), 409)

    assert set(champs) == {"client.adresse", "client.siren", "attestationSignee"}


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"clientId": None}, "clientId"),
        ({"clientId": ABSENT}, "clientId"),
        ({"lignes": []}, "lignes"),
        ({"lignes": [une_ligne("100", 0)]}, "lignes[0].quantite"),
        ({"lignes": [une_ligne(-1)]}, "lignes[0].prixUnitaireHT"),
        ({"lignes": [une_ligne(type="OPTION")]}, "lignes[0].type"),
        ({"remise": {"montant": 100.01}}, "remise"),
        ({"dateEcheance": "2026-02-30"}, "dateEcheance"),
        ({"tauxTVA": 101}, "tauxTVA"),
        ({"chantierId": ABSENT}, "chantierId"),
        ({"referenceCommande": "x" * 256}, "referenceCommande"),
    ],
)
def test_une_facture_libre_fausse_est_refusee_a_son_champ(
    api: Api, client_id: str, champs: dict[str, Any], champ: str
) -> None:
    programme = api()

    reponse = programme.post(URL, json={"clientId": client_id, "lignes": [une_ligne()], **champs})

    assert refus(reponse) == [champ]
    assert programme.get(URL).json()["elements"] == []


def test_un_brouillon_se_modifie_sous_if_match_et_se_supprime(api: Api, client_id: str) -> None:
    programme = api()
    adresse = f"{URL}/{creer(programme, client_id)['id']}"
    etag = {"If-Match": programme.get(adresse).headers["etag"]}

    modifie = programme.put(adresse, json={"lignes": [une_ligne("250")]}, headers=etag)

    assert modifie.json()["montantTTC"] == 300
    assert refus(programme.put(adresse, json={"objet": "X"}, headers=etag), 412) == []
    assert refus(programme.put(f"{adresse}/emettre", headers=etag), 412) == []
    assert refus(programme.delete(adresse, headers=etag), 412) == []
    assert programme.delete(adresse, headers=TOUTE_VERSION).status_code == 204
    assert refus(programme.get(adresse), 404) == []


def test_un_avoir_par_l_api(api: Api, client_id: str) -> None:
    programme = api()
    emise = creer_emise(programme, client_id, lignes=[une_ligne("10", 5)])
    adresse, ligne = f"{URL}/{emise['id']}/avoir", emise["lignes"][0]["id"]

    partiel = appeler(
        programme, "POST", adresse, 201, {"lignes": [{"ligneId": ligne, "quantite": 2}]}
    )

    assert (partiel["type"], partiel["statut"], partiel["montantHT"]) == ("AVOIR", "BROUILLON", 20)
    assert partiel["factureOrigineId"] == emise["id"]
    trop = programme.post(adresse, json={"lignes": [{"ligneId": ligne, "quantite": 3.1}]})
    assert refus(trop, 409) == ["lignes[0].quantite"]
    assert appeler(programme, "POST", adresse, 201)["montantHT"] == 30
    assert refus(programme.post(adresse), 409) == []


def test_les_reglements_d_une_facture(api: Api, client_id: str) -> None:
    programme = api()
    adresse = f"{URL}/{creer_emise(programme, client_id)['id']}"
    reglements = f"{adresse}/reglements"

    paye = appeler(
        programme,
        "POST",
        reglements,
        201,
        {"date": "2026-03-02", "montant": 20.5, "mode": "CHEQUE", "reference": "n° 7"},
    )
    partiel = programme.get(adresse).json()
    second = programme.post(reglements, json={"montant": "99,50"})
    solde = programme.get(adresse).json()

    attendu = {"date": "2026-03-02", "montant": 20.5, "mode": "CHEQUE", "reference": "n° 7"}
    assert {cle: paye[cle] for cle in attendu} == attendu
    assert second.headers["location"] == f"{REGLEMENTS}/{second.json()['id']}"
    assert programme.get(second.headers["location"]).json() == second.json()
    assert (partiel["resteAPayer"], partiel["statutPaiement"]) == (99.5, "PARTIEL")
    assert (solde["resteAPayer"], solde["statutPaiement"]) == (0, "PAYE")
    lus = programme.get(reglements).json()["elements"]
    assert sorted(lu["montant"] for lu in lus) == [20.5, 99.5]
    assert {lu["mode"] for lu in lus} == {"CHEQUE", "VIREMENT"}


@pytest.mark.parametrize(
    ("corps", "statut", "champ"),
    [
        ({}, 422, "montant"),
        ({"montant": 0}, 422, "montant"),
        ({"montant": -1}, 422, "montant"),
        ({"montant": 1.001}, 422, "montant"),
        ({"montant": None}, 422, "montant"),
        ({"montant": 120.01}, 409, "montant"),
        ({"montant": 1, "mode": "TROC"}, 422, "mode"),
        ({"montant": 1, "date": "hier"}, 422, "date"),
        ({"montant": 1, "reference": "x" * 256}, 422, "reference"),
    ],
)
def test_un_reglement_faux_est_refuse_a_son_champ(
    api: Api, client_id: str, corps: dict[str, Any], statut: int, champ: str
) -> None:
    programme = api()
    adresse = f"{URL}/{creer_emise(programme, client_id)['id']}"

    assert refus(programme.post(f"{adresse}/reglements", json=corps), statut) == [champ]
    assert programme.get(adresse).json()["resteAPayer"] == 120


def test_un_reglement_de_ce_qui_n_existe_pas_est_refuse_a_son_champ(
    api: Api, client_id: str
) -> None:
    programme, inconnu = api(), str(uuid4())
    emise = creer_emise(programme, client_id)["id"]

    def regler(client: str, *factures: str | None) -> list[str]:
        imputations = [{"factureId": facture, "montant": 1} for facture in factures]
        corps = {"clientId": client, "mode": "VIREMENT", "imputations": imputations}
        return refus(programme.post(REGLEMENTS, json=corps), 422)

    assert regler(client_id, emise, inconnu) == ["imputations[1].factureId"]
    assert regler(inconnu, None) == ["clientId"]


def test_un_paiement_sur_deux_factures_s_annule_par_une_ecriture(api: Api, client_id: str) -> None:
    programme = api()
    ids = [creer_emise(programme, client_id)["id"] for _ in range(2)]
    parts = [{"factureId": ids[0], "montant": 120}, {"factureId": ids[1], "montant": 30}]

    paye = appeler(
        programme, "POST", REGLEMENTS, 201, {"clientId": client_id, "imputations": parts}
    )
    annule = appeler(
        programme, "POST", f"{REGLEMENTS}/{paye['id']}/annulation", 201, {"motif": "Rejet"}
    )

    assert (paye["montant"], annule["montant"], annule["annuleId"]) == (150, -150, paye["id"])
    assert [programme.get(f"{URL}/{i}").json()["resteAPayer"] for i in ids] == [120, 120]
    lus = {lu["id"]: lu["annule"] for lu in programme.get(REGLEMENTS).json()["elements"]}
    assert lus == {paye["id"]: True, annule["id"]: False}
    assert refus(programme.post(f"{REGLEMENTS}/{paye['id']}/annulation"), 409) == []
    assert refus(programme.post(f"{REGLEMENTS}/{ABSENT}/annulation"), 404) == []


@pytest.mark.parametrize(
    ("role", "lecture", "ecriture"),
    [("technicien", 403, 403), ("commercial", 200, 403), ("comptable", 200, 201)],
)
def test_chaque_role_a_ses_droits(
    api: Api, client_id: str, role: str, lecture: int, ecriture: int
) -> None:
    emise = creer_emise(api(), client_id)
    programme = api(role)

    assert programme.get(URL).status_code == lecture
    assert programme.get(f"{URL}/{emise['id']}/reglements").status_code == lecture
    corps = {"clientId": client_id, "lignes": [une_ligne()]}
    assert programme.post(URL, json=corps).status_code == ecriture
    regle = programme.post(f"{URL}/{emise['id']}/reglements", json={"montant": 1})
    assert regle.status_code == ecriture
