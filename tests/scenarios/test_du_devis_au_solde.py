"""The whole job of a firm, through the API: from a client to a paid, exported invoice."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from cordeau.core.dates import aujourd_hui
from cordeau.core.jsonable import loads
from tests.documents.lecture import lire_pdf, valeurs
from tests.documents.validation import valider
from tests.facturation.builders import appeler

Api = Callable[..., TestClient]
ENTREPRISE = {
    "nom": "Guérin & Fils",
    "siren": "732829320",
    "siret": "73282932000074",
    "numeroTva": "FR44732829320",
    "iban": "FR7630006000011234567890189",
    "adresse": {"ligne1": "12 rue des Maçons", "codePostal": "49000", "ville": "Angers"},
}
CLIENT = {
    "nom": "Jean Dupont",
    "email": "jean.dupont@example.com",
    "codeJde": "CLI001",
    "adresse": {"ligne1": "3 rue Haute", "codePostal": "49100", "ville": "Angers"},
}
LIGNES = [
    {"id": "gros-oeuvre", "type": "LOT", "designation": "Gros œuvre"},
    {
        "parentId": "gros-oeuvre",
        "designation": "Maçonnerie murs porteurs",
        "quantite": 45,
        "unite": "METRE_CARRE",
        "prixUnitaireHT": 120.005,
    },
    {"designation": "Charpente", "unite": "FORFAIT", "quantite": 1, "prixUnitaireHT": 8000},
    {"designation": "Isolation", "quantite": 33.3, "prixUnitaireHT": 27.77, "tauxTVA": 5.5},
]


def test_du_client_a_la_facture_payee_et_exportee(app: FastAPI, api: Api) -> None:
    commerce, compta = api("commercial"), api("comptable")
    appeler(api(), "PUT", "/api/v1/entreprise", 200, ENTREPRISE)

    devis = _vendre(commerce)
    acompte = _facturer(compta, devis, {"type": "ACOMPTE", "pourcentage": 30})
    _payer(compta, acompte, acompte["montantTTC"])
    murs = next(li["id"] for li in devis["lignes"] if li["quantite"] == 45)
    situation = _facturer(compta, devis, {"lignes": [{"ligneId": murs, "quantite": 20}]})
    solde = _facturer(compta, devis, None)
    avoir = _corriger(compta, solde)
    for facture in (situation, solde):
        _payer(compta, facture, _lire(compta, facture)["resteAPayer"])

    documents = [acompte, situation, solde, avoir]
    annee = aujourd_hui().year
    assert [d["numero"] for d in documents] == [
        *(f"FAC-{annee}-00{rang}" for rang in (1, 2, 3)),
        f"AVO-{annee}-001",
    ]
    for montant in ("montantHT", "montantTVA", "montantTTC"):
        factures = sum(_decimal(d[montant]) for d in documents[:3])
        assert factures == _decimal(devis[montant])
    for document in documents:
        lu = _lire(compta, document)
        assert (lu["resteAPayer"], lu["statutPaiement"]) == (0, "PAYE")
        _piece_valable(compta, lu)
    _tout_est_exporte(compta, documents)
    _tout_est_rendu(app)


def _vendre(programme: TestClient) -> dict[str, Any]:
    """The commercial's part: client, devis, answer, chantier."""
    client = appeler(programme, "POST", "/api/v1/clients", 201, CLIENT)
    corps = {"clientId": client["id"], "objet": "Villa", "lignes": LIGNES}
    remise = {"remise": {"pourcentage": 7}, "attestationSignee": True}
    devis = appeler(programme, "POST", "/api/v1/devis", 201, corps | remise)
    adresse = f"/api/v1/devis/{devis['id']}"
    appeler(programme, "PUT", f"{adresse}/envoyer", 200)
    accepte = appeler(programme, "PUT", f"{adresse}/accepter", 200)
    ouvert = appeler(programme, "POST", f"{adresse}/chantier", 201)
    assert (accepte["statut"], ouvert["chantier"]) == ("ACCEPTE", "Villa")
    return ouvert


def _facturer(programme: TestClient, devis: dict[str, Any], demande: Any) -> dict[str, Any]:
    adresse = f"/api/v1/factures/depuis-devis/{devis['id']}"
    brouillon = appeler(programme, "POST", adresse, 201, demande)
    assert brouillon["chantierId"] == devis["chantierId"]
    return appeler(programme, "PUT", f"/api/v1/factures/{brouillon['id']}/emettre", 200)


def _payer(programme: TestClient, facture: dict[str, Any], montant: float) -> None:
    adresse = f"/api/v1/factures/{facture['id']}/reglements"
    trop = appeler(programme, "POST", adresse, 409, {"montant": montant + 1})
    assert "reste dû" in trop["detail"]
    appeler(programme, "POST", adresse, 201, {"montant": montant, "mode": "VIREMENT"})


def _corriger(programme: TestClient, facture: dict[str, Any]) -> dict[str, Any]:
    """Credit a quarter of the timber frame."""
    ligne = next(li["id"] for li in facture["lignes"] if li["designation"] == "Charpente")
    corps = {"lignes": [{"ligneId": ligne, "quantite": 0.25}]}
    brouillon = appeler(programme, "POST", f"/api/v1/factures/{facture['id']}/avoir", 201, corps)
    return appeler(programme, "PUT", f"/api/v1/factures/{brouillon['id']}/emettre", 200)


def _lire(programme: TestClient, facture: dict[str, Any]) -> dict[str, Any]:
    return appeler(programme, "GET", f"/api/v1/factures/{facture['id']}", 200)


def _piece_valable(programme: TestClient, facture: dict[str, Any]) -> None:
    adresse = f"/api/v1/factures/{facture['id']}"
    xml = programme.get(f"{adresse}/xml").content
    assert valider(xml) == []
    assert valeurs(xml, "//ram:GrandTotalAmount") == [f"{_decimal(facture['montantTTC']):.2f}"]
    assert facture["numero"] in lire_pdf(programme.get(f"{adresse}/pdf").content)


def _tout_est_exporte(programme: TestClient, documents: list[dict[str, Any]]) -> None:
    export = loads(programme.get("/api/v1/exports/jde").content)["elements"]
    assert [ligne["reference"] for ligne in sorted(export, key=lambda e: e["reference"])] == sorted(
        document["numero"] for document in documents
    )
    total = sum(ligne["montantTTC"] for ligne in export)
    attendu = sum(
        _decimal(d["montantTTC"]) * (-1 if d["type"] == "AVOIR" else 1) for d in documents
    )
    assert total == attendu
    assert {ligne["statutPaiement"] for ligne in export} == {"PAYE"}


def _tout_est_rendu(app: FastAPI) -> None:
    """The jobs find their work done, and leave nothing behind."""
    while app.state.worker.run_one():
        pass
    with app.state.database.read() as session:
        etats = session.connection().exec_driver_sql("SELECT DISTINCT etat FROM job").scalars()
        assert set(etats) == {"FAIT"}


def _decimal(montant: float) -> Decimal:
    return Decimal(str(montant))
