"""The export, from the page and from the API."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from starlette.testclient import TestClient

from cordeau.comptabilite.queries import Periode, lire_export_jde
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.jsonable import loads
from cordeau.facturation.models import Facture
from cordeau.facturation.states import TypeFacture
from tests.clients.builders import un_client
from tests.comptabilite.builders import un_document_emis
from tests.gens import Navigateur

JANVIER, FEVRIER = date(2026, 1, 15), date(2026, 2, 15)
API = "/api/v1/exports/jde"
Ouvrir = Callable[..., Navigateur]
Api = Callable[..., TestClient]


def test_la_page_et_l_api_donnent_le_meme_fichier(
    database: Database, navigateur: Ouvrir, api: Api
) -> None:
    _janvier_et_fevrier(database)
    demande = {"format": "csv", "du": "2026-01-01", "au": "2026-01-31"}

    page = navigateur("comptable").get("/export/jde", params=demande)
    programme = api("comptable").get(API, params=demande)

    assert page.content == programme.content
    assert page.headers["content-type"] == "text/csv; charset=utf-8"
    nom = "export_jde_simple_20260101_20260131.csv"
    assert page.headers["content-disposition"] == f'attachment; filename="{nom}"'
    lignes = page.text.splitlines()
    assert len(lignes) == 2
    assert lignes[1].startswith("FAC-2026-")
    assert ";Constructeo;120.00;20260115;20260120;CLI001;100.00;20.00;120.00;PAYE;" in lignes[1]


def test_le_json_porte_des_nombres_exacts_et_nomme_les_clients_sans_code(
    database: Database, api: Api
) -> None:
    facture = _janvier_et_fevrier(database)

    corps = loads(api().get(API).content)

    assert corps["elements"][0] == {
        "reference": facture.numero,
        "client": "Constructeo",
        "montant": Decimal("120.00"),
        "dateEmission": "2026-01-15",
        "datePaiement": "2026-01-20",
        "codeJde": "CLI001",
        "montantHT": Decimal("100.00"),
        "montantTVA": Decimal("20.00"),
        "montantTTC": Decimal("120.00"),
        "statutPaiement": "PAYE",
        "type": "FACTURE",
    }
    assert [element["montant"] for element in corps["elements"]] == [
        Decimal("120.00"),
        Decimal("-60.00"),
    ]
    assert corps["avertissements"] == [
        "Le client « Bâtimax » n’a pas de code JD Edwards : la colonne reste vide."
    ]


def test_un_brouillon_n_est_pas_exporte(database: Database) -> None:
    with database.write() as session:
        session.add(_brouillon(un_document_emis(session, JANVIER)))

    with database.read() as session:
        export = lire_export_jde(session, Periode(), JANVIER)

    assert len(export.lignes) == 1


def test_le_statut_de_paiement_est_celui_du_jour(database: Database) -> None:
    hier = aujourd_hui() - timedelta(days=1)
    with database.write() as session:
        un_document_emis(session, hier, echeance=hier)
        un_document_emis(session, hier, echeance=aujourd_hui(), regle="60.00")

    with database.read() as session:
        export = lire_export_jde(session, Periode(), aujourd_hui())

    assert [ligne.statut_paiement for ligne in export.lignes] == ["EN_RETARD", "PARTIEL"]


def test_la_page_montre_la_periode_ses_totaux_et_les_codes_qui_manquent(
    database: Database, navigateur: Ouvrir
) -> None:
    _janvier_et_fevrier(database)

    page = navigateur().get("/export/jde?du=&au=").text

    assert "2 documents" in page
    assert "60,00" in page
    assert "Bâtimax</a>" in page
    assert 'name="format" value="csv"' in page


def test_la_page_propose_le_mois_en_cours(database: Database, navigateur: Ouvrir) -> None:
    with database.write() as session:
        un_document_emis(session, aujourd_hui())
        un_document_emis(session, aujourd_hui() - timedelta(days=40))

    assert "1 document<" in navigateur().get("/export/jde").text


@pytest.mark.parametrize(
    "demande",
    ["du=2026-02-01&au=2026-01-01", "du=hier", "format=xml", "profil=complet"],
)
def test_une_demande_insensee_est_refusee(api: Api, demande: str) -> None:
    assert api().get(f"{API}?{demande}").status_code == 422


@pytest.mark.parametrize("role", ["commercial", "technicien"])
def test_l_export_est_reserve_a_la_comptabilite(api: Api, role: str) -> None:
    assert api(role).get(API).status_code == 403


def _janvier_et_fevrier(database: Database) -> Facture:
    """A paid facture in January, and in February an avoir of a client without code."""
    with database.write() as session:
        connu = un_client(session, "Constructeo", code_jde="CLI001")
        inconnu = un_client(session, "Bâtimax")
        un_document_emis(session, FEVRIER, "50.00", client=inconnu, type=TypeFacture.AVOIR)
        return un_document_emis(
            session, JANVIER, client=connu, regle="120.00", solde_le=date(2026, 1, 20)
        )


def _brouillon(emise: Facture) -> Facture:
    """A draft that looks like this document."""
    return Facture(
        type=TypeFacture.FACTURE,
        client_id=emise.client_id,
        client_nom=emise.client_nom,
        client_tri=emise.client_tri,
        date_tri=JANVIER,
        taux_tva=emise.taux_tva,
        lignes_ht=emise.lignes_ht,
        remise_ht=emise.remise_ht,
        montant_ht=emise.montant_ht,
        montant_tva=emise.montant_tva,
        montant_ttc=emise.montant_ttc,
        recherche="",
        cree_le=emise.cree_le,
    )
