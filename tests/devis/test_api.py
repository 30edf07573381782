"""Devis over the API: the published contract, its refusals, its lists."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from cordeau.core.db import Database
from cordeau.core.jsonable import loads
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.devis.builders import URL, accepter, creer, refus, un_lot, une_ligne
from tests.facturation.builders import une_entreprise
from tests.gens import TOUTE_VERSION

Api = Callable[..., TestClient]
ABSENT = str(uuid4())


@pytest.fixture
def client_id(database: Database) -> str:
    with database.write() as session:
        return str(un_client(session, "Jean Dupont", email="jean.dupont@example.com").id)


def test_l_exemple_du_contrat_donne_la_reponse_du_contrat(database: Database, api: Api) -> None:
    with database.write() as session:
        client = un_client(session, "Jean Dupont")
        chantier = un_chantier(session, "Construction Villa Moderne", client_id=client.id)
    demande = {
        "clientId": str(client.id),
        "chantierId": str(chantier.id),
        "dateEmission": "2025-10-01",
        "dateValidite": "2025-11-01",
        "tauxTVA": 20.00,
        "lignes": [
            _ligne_du_contrat("Terrassement et fondations", 1, "FORFAIT", 5000.00),
            _ligne_du_contrat("Maçonnerie murs porteurs", 45, "METRE_CARRE", 120.00),
            _ligne_du_contrat("Charpente traditionnelle", 1, "FORFAIT", 8000.00),
        ],
    }

    reponse = api().post(URL, json=demande)

    assert reponse.status_code == 201
    corps = reponse.json()
    assert reponse.headers["location"] == f"{URL}/{corps['id']}"
    attendu = {
        "numero": "DEV-2025-001",
        "client": "Jean Dupont",
        "chantier": "Construction Villa Moderne",
        "dateEmission": "2025-10-01",
        "dateValidite": "2025-11-01",
        "statut": "BROUILLON",
        "version": 1,
    }
    assert {cle: corps[cle] for cle in attendu} == attendu
    assert [
        (li["designation"], li["quantite"], li["unite"], li["prixUnitaireHT"], li["montantHT"])
        for li in corps["lignes"]
    ] == [
        ("Terrassement et fondations", 1, "FORFAIT", 5000.00, 5000.00),
        ("Maçonnerie murs porteurs", 45, "METRE_CARRE", 120.00, 5400.00),
        ("Charpente traditionnelle", 1, "FORFAIT", 8000.00, 8000.00),
    ]
    for montant in ('"montantHT":18400.00', '"montantTVA":3680.00', '"montantTTC":22080.00'):
        assert montant in reponse.text
    assert '"quantite":45,' in reponse.text
    assert '"prixUnitaireHT":120.00' in reponse.text


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"clientId": None}, "clientId"),
        ({"clientId": ABSENT}, "clientId"),
        ({"clientId": "client-uuid"}, "clientId"),
        ({"chantierId": ABSENT}, "chantierId"),
        ({"lignes": []}, "lignes"),
        ({"lignes": None}, "lignes"),
        ({"lignes": [{"type": "TEXTE", "designation": "Bonjour"}]}, "lignes"),
        ({"lignes": [une_ligne("100", 0)]}, "lignes[0].quantite"),
        ({"lignes": [une_ligne("100", -1)]}, "lignes[0].quantite"),
        ({"lignes": [une_ligne("100", "1.23456")]}, "lignes[0].quantite"),
        ({"lignes": [une_ligne("100", None)]}, "lignes[0].quantite"),  # type: ignore[arg-type]
        ({"lignes": [une_ligne(-0.01)]}, "lignes[0].prixUnitaireHT"),
        ({"lignes": [une_ligne("1.1234567")]}, "lignes[0].prixUnitaireHT"),
        ({"lignes": [une_ligne(), une_ligne(remise=101)]}, "lignes[1].remise"),
        ({"lignes": [une_ligne(tauxTVA=100.01)]}, "lignes[0].tauxTVA"),
        ({"lignes": [une_ligne(tauxTVA=-1)]}, "lignes[0].tauxTVA"),
        ({"lignes": [une_ligne(unite="PALETTE")]}, "lignes[0].unite"),
        ({"lignes": [une_ligne(type="ARTICLE")]}, "lignes[0].type"),
        ({"lignes": [une_ligne(designation="")]}, "lignes[0].designation"),
        ({"lignes": [une_ligne(designation="x" * 2001)]}, "lignes[0].designation"),
        ({"tauxTVA": 100.5}, "tauxTVA"),
        ({"tauxTVA": -0.5}, "tauxTVA"),
        ({"remise": {"pourcentage": 101}}, "remise.pourcentage"),
        ({"remise": {"montant": -1}}, "remise.montant"),
        ({"remise": {"montant": 100.01}}, "remise"),
        ({"remise": {"montant": 1, "pourcentage": 1}}, "remise"),
        ({"dateEmission": "2025-10-01", "dateValidite": "2025-10-01"}, "dateValidite"),
        ({"dateEmission": "2025-10-01", "dateValidite": "2025-09-30"}, "dateValidite"),
        ({"dateEmission": "31/04/2026"}, "dateEmission"),
        ({"objet": "x" * 256}, "objet"),
        ({"autoliquidation": "peut-être"}, "autoliquidation"),
    ],
)
def test_chaque_verification_du_contrat_nomme_son_champ_et_n_ecrit_rien(
    api: Api, client_id: str, champs: dict[str, Any], champ: str
) -> None:
    programme = api()

    reponse = programme.post(URL, json={"clientId": client_id, "lignes": [une_ligne()], **champs})

    assert refus(reponse) == [champ]
    assert programme.get(URL).json()["elements"] == []
    assert creer(programme, client_id)["numero"].endswith("-001")


def test_les_valeurs_limites_sont_acceptees(api: Api, client_id: str) -> None:
    cree = creer(
        api(),
        client_id,
        tauxTVA=100,
        lignes=[une_ligne(0), une_ligne("0.000001", "0.0001", tauxTVA=0, remise=100)],
    )

    assert [ligne["montantHT"] for ligne in cree["lignes"]] == [0, 0]
    assert cree["lignes"][1]["prixUnitaireHT"] == 0.000001


def test_un_nombre_ecrit_a_la_francaise_est_compris(api: Api, client_id: str) -> None:
    cree = creer(api(), client_id, lignes=[une_ligne("1 234,56", "2,5")])

    assert cree["montantHT"] == 3086.4


def test_les_identifiants_choisis_par_le_client_rangent_les_lignes(
    api: Api, client_id: str
) -> None:
    choisi = str(uuid4())
    cree = creer(
        api(),
        client_id,
        lignes=[
            un_lot("lot-1"),
            un_lot("lot-1.1", parent="lot-1", designation="Murs"),
            une_ligne("10", parentId="lot-1.1", id=choisi),
            {"type": "SOUS_TOTAL"},
            une_ligne("7", type="OPTION"),
        ],
    )

    lot, sous_lot, ligne, sous_total, option = cree["lignes"]
    assert (sous_lot["parentId"], ligne["parentId"]) == (lot["id"], sous_lot["id"])
    assert ligne["id"] == choisi
    assert [li["numero"] for li in cree["lignes"]] == ["1", "1.1", "1.1.1", "", "2"]
    assert (sous_total["montantHT"], option["montantHT"]) == (10, 7)
    assert (cree["montantHT"], cree["optionsHT"]) == (10, 7)


def test_la_reponse_a_une_creation_est_ce_qui_est_enregistre(api: Api, client_id: str) -> None:
    prise = creer(api(), client_id, lignes=[une_ligne(id=str(uuid4()))])["lignes"][0]["id"]
    lignes = [
        un_lot("A", designation="  Gros œuvre  "),
        un_lot("B", parent="A"),
        une_ligne("48.350000", "12.5000", parentId="B", tauxTVA=5.5, coutUnitaireHT="22.1"),
        une_ligne("0.123456", "3.3333", parentId="A", remise="12.25", description="Deux\nlignes"),
        une_ligne(id=prise, type="OPTION"),
        {"type": "TEXTE", "designation": "À savoir", "parentId": "A"},
        {"type": "SOUS_TOTAL", "designation": ""},
        une_ligne(unite="HEURE"),
    ]
    remise = {"pourcentage": "7.50"}

    creation = api().post(URL, json={"clientId": client_id, "lignes": lignes, "remise": remise})
    adresse = creation.headers["location"]
    copie = api().post(f"{adresse}/dupliquer")

    assert creation.status_code == copie.status_code == 201
    for reponse in (creation, copie):
        relu = api().get(reponse.headers["location"])
        assert reponse.json() == relu.json()
        assert reponse.headers["etag"] == relu.headers["etag"]
        assert prise not in {ligne["id"] for ligne in relu.json()["lignes"]}


def test_les_montants_de_reference_avec_une_remise_globale(api: Api, client_id: str) -> None:
    cree = creer(
        api(),
        client_id,
        remise={"pourcentage": 7},
        lignes=[une_ligne(208.72), une_ligne(143.93, tauxTVA=10), une_ligne(56.08, tauxTVA=5.5)],
    )

    assert (cree["remise"], cree["remiseHT"]) == ({"pourcentage": 7}, 28.61)
    assert cree["montantTTC"] == 435.20


def test_l_autoliquidation_ne_porte_pas_de_tva(api: Api, client_id: str) -> None:
    cree = creer(api(), client_id, autoliquidation=True)

    assert (cree["montantTVA"], cree["montantTTC"]) == (0, 100)
    assert cree["tva"] == [{"taux": 0, "baseHT": 100, "montantTVA": 0}]


def test_put_garde_ce_qui_n_est_pas_donne(api: Api, client_id: str) -> None:
    programme = api()
    cree = creer(
        programme, client_id, objet="Villa", tauxTVA=10, remise={"montant": 10}, conditions="30 j"
    )

    modifie = programme.put(
        f"{URL}/{cree['id']}", json={"objet": "Garage"}, headers=TOUTE_VERSION
    ).json()

    change = {"objet": "Garage"}
    ignores = ("avertissements",)
    assert {k: v for k, v in modifie.items() if k not in ignores} == {
        **{k: v for k, v in cree.items() if k not in ignores},
        **change,
    }


def test_l_etag_suit_le_devis_et_if_match_est_honore(api: Api, client_id: str) -> None:
    programme = api()
    adresse = f"{URL}/{creer(programme, client_id)['id']}"
    etag = programme.get(adresse).headers["etag"]

    premier = programme.put(adresse, json={"objet": "A"}, headers={"If-Match": etag})
    perime = programme.put(adresse, json={"objet": "B"}, headers={"If-Match": etag})
    envoi = programme.put(f"{adresse}/envoyer", headers={"If-Match": etag})

    assert premier.status_code == 200
    assert premier.headers["etag"] != etag
    assert refus(perime, 412) == refus(envoi, 412) == []
    lu = programme.get(adresse)
    assert (lu.json()["objet"], lu.json()["statut"]) == ("A", "BROUILLON")
    assert lu.headers["etag"] == premier.headers["etag"]


def test_le_chemin_d_un_devis_et_ses_refus(api: Api, client_id: str) -> None:
    programme = api()
    devis = creer(programme, client_id)
    adresse = f"{URL}/{devis['id']}"

    assert refus(programme.put(f"{adresse}/accepter"), 409) == []
    assert refus(programme.put(f"{adresse}/refuser"), 409) == []
    accepte = accepter(programme, devis)

    assert accepte["statut"] == "ACCEPTE"
    for action in ("envoyer", "accepter", "refuser"):
        assert programme.put(f"{adresse}/{action}").status_code == 409
    assert refus(programme.put(adresse, json={"objet": "X"}, headers=TOUTE_VERSION), 409) == []
    assert programme.get(adresse).json() == accepte


def test_un_devis_refuse_repart_en_version_deux(api: Api, client_id: str) -> None:
    programme = api()
    adresse = f"{URL}/{creer(programme, client_id)['id']}"
    programme.put(f"{adresse}/envoyer")
    assert programme.put(f"{adresse}/refuser", json={"motif": "Trop cher"}).status_code == 200

    repris = programme.put(
        adresse, json={"remise": {"pourcentage": 10}}, headers=TOUTE_VERSION
    ).json()

    assert (repris["version"], repris["statut"], repris["montantHT"]) == (2, "BROUILLON", 90)


def test_envoyer_avertit_de_ce_qui_manque_sans_bloquer(api: Api, client_id: str) -> None:
    programme = api()
    devis = creer(programme, client_id, lignes=[une_ligne(tauxTVA=10)])

    envoye = programme.put(f"{URL}/{devis['id']}/envoyer", json={"emailClient": "a@b.fr"}).json()

    assert envoye["statut"] == "ENVOYE"
    dits = " ".join(envoye["avertissements"])
    for manque in ("Identité de l’entreprise", "décennale", "Déchets", "Médiateur", "Attestation"):
        assert manque in dits


def test_une_adresse_de_courriel_fausse_est_refusee_a_son_champ(api: Api, client_id: str) -> None:
    programme = api()
    adresse = f"{URL}/{creer(programme, client_id)['id']}"

    for email in ("jean", "a@b", "a@b.fr, c@d.fr", "a@b.fr\nBcc: x@y.fr", "<a@b.fr>"):
        reponse = programme.put(f"{adresse}/envoyer", json={"emailClient": email})
        assert refus(reponse) == ["emailClient"]

    assert programme.get(adresse).json()["statut"] == "BROUILLON"


def test_sans_adresse_le_devis_est_note_envoye_avec_un_avertissement(
    database: Database, api: Api
) -> None:
    with database.write() as session:
        muet = un_client(session, "Sans courriel").id
    programme = api()

    envoye = programme.put(f"{URL}/{creer(programme, muet)['id']}/envoyer").json()

    assert envoye["statut"] == "ENVOYE"
    assert any("pas d’adresse de courriel" in dit for dit in envoye["avertissements"])


def test_l_attestation_avertit_puis_se_note(api: Api, client_id: str) -> None:
    programme = api()
    devis = creer(programme, client_id, lignes=[une_ligne(tauxTVA=5.5)])
    accepte = accepter(programme, devis)
    assert any("Attestation" in dit for dit in accepte["avertissements"])

    note = programme.put(f"{URL}/{devis['id']}/attestation", json={"attestationSignee": True})

    assert note.json()["attestationSignee"] is True
    assert not any("Attestation" in dit for dit in note.json()["avertissements"])


def test_accepter_avec_l_attestation_signee_n_avertit_pas(api: Api, client_id: str) -> None:
    programme = api()
    adresse = f"{URL}/{creer(programme, client_id, lignes=[une_ligne(tauxTVA=10)])['id']}"
    programme.put(f"{adresse}/envoyer")

    accepte = programme.put(f"{adresse}/accepter", json={"attestationSignee": True}).json()

    assert accepte["attestationSignee"] is True
    assert not any("Attestation" in dit for dit in accepte["avertissements"])


def test_dupliquer_donne_un_nouveau_brouillon(api: Api, client_id: str) -> None:
    programme = api()
    source = accepter(programme, creer(programme, client_id, objet="Villa"))

    reponse = programme.post(f"{URL}/{source['id']}/dupliquer")

    copie = reponse.json()
    assert reponse.headers["location"] == f"{URL}/{copie['id']}"
    assert copie["id"] != source["id"]
    assert (copie["objet"], copie["statut"]) == ("Villa", "BROUILLON")


def test_le_pdf_se_telecharge(database: Database, api: Api, client_id: str) -> None:
    with database.write() as session:
        une_entreprise(session)
    programme = api()
    devis = creer(programme, client_id)

    reponse = programme.get(f"{URL}/{devis['id']}/pdf")

    assert reponse.headers["content-type"] == "application/pdf"
    assert reponse.content.startswith(b"%PDF-")
    assert devis["numero"] in reponse.headers["content-disposition"]


def test_les_statistiques_comptent_par_statut(api: Api, client_id: str) -> None:
    programme = api()
    assert programme.get(f"{URL}/stats").json()["tauxAcceptation"] is None
    for _ in range(2):
        accepter(programme, creer(programme, client_id))
    refuse = creer(programme, client_id)
    programme.put(f"{URL}/{refuse['id']}/envoyer")
    programme.put(f"{URL}/{refuse['id']}/refuser")
    creer(programme, client_id)

    reponse = programme.get(f"{URL}/stats")

    assert loads(reponse.content) == {
        "total": 4,
        "parStatut": {"BROUILLON": 1, "ENVOYE": 0, "ACCEPTE": 2, "REFUSE": 1, "EXPIRE": 0},
        "montantHTAccepte": 200,
        "tauxAcceptation": loads(b"66.7"),
    }
    assert '"montantHTAccepte":200.00' in reponse.text


def test_le_calcul_n_enregistre_rien(api: Api) -> None:
    programme = api()

    calcule = programme.post(
        f"{URL}/calcul", json={"lignes": [{"quantite": 3, "prixUnitaireHT": "10,5"}]}
    ).json()

    assert (calcule["montantHT"], calcule["montantTTC"]) == (31.5, 37.8)
    assert programme.get(URL).json()["elements"] == []


def test_le_calcul_nomme_chaque_ligne_par_un_identifiant(api: Api) -> None:
    lot, ligne = uuid4(), {"quantite": 1, "prixUnitaireHT": 10, "coutUnitaireHT": 4}

    calcule = (
        api()
        .post(
            f"{URL}/calcul",
            json={
                "lignes": [
                    {"id": str(lot), "type": "LOT", "designation": "Murs"},
                    {**ligne, "parentId": str(lot)},
                    ligne,
                ]
            },
        )
        .json()
    )

    cles = [ligne["id"] for ligne in calcule["lignes"]]
    assert len({UUID(cle) for cle in cles}) == 3
    assert cles[0] == str(lot)
    assert calcule["lignes"][1]["parentId"] == str(lot)
    assert list(calcule["margeParLot"]) == [str(lot)]


def test_un_devis_absent_ou_mal_nomme_est_introuvable(api: Api) -> None:
    programme = api()

    for adresse in (f"{URL}/{ABSENT}", f"{URL}/abc", f"{URL}/{ABSENT}/pdf"):
        assert refus(programme.get(adresse), 404) == []
    assert refus(programme.put(f"{URL}/{ABSENT}/envoyer"), 404) == []


@pytest.mark.parametrize(
    ("role", "lecture", "ecriture"),
    [("technicien", 403, 403), ("comptable", 200, 403), ("commercial", 200, 201)],
)
def test_chaque_role_a_ses_droits(
    api: Api, client_id: str, role: str, lecture: int, ecriture: int
) -> None:
    programme = api(role)

    assert programme.get(URL).status_code == lecture
    corps = {"clientId": client_id, "lignes": [une_ligne()]}
    assert programme.post(URL, json=corps).status_code == ecriture


def test_sans_jeton_rien_n_est_lu(client_http: TestClient) -> None:
    assert client_http.get(URL).status_code == 401


def _ligne_du_contrat(
    designation: str, quantite: int, unite: str, prix: float
) -> dict[str, object]:
    return {
        "designation": designation,
        "quantite": quantite,
        "unite": unite,
        "prixUnitaireHT": prix,
    }
