"""The dashboard page, its workbook and the palette, as people use them."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.devis.states import StatutDevis
from tests.analytics.builders import un_devis, un_reglement
from tests.chantiers.builders import un_chantier
from tests.clients.builders import un_client
from tests.comptabilite.builders import un_document_emis
from tests.gens import Navigateur

Ouvrir = Callable[..., Navigateur]


def test_le_tableau_montre_les_chiffres_et_les_documents(
    database: Database, navigateur: Ouvrir
) -> None:
    _une_entreprise_au_travail(database)

    page = navigateur().get("/dashboard").text

    assert "Impayés TTC" in page
    assert "1\u202f200,00" in page
    assert "1 facture en retard" in page
    assert "Pose de bardage" in page
    assert 'href="/reglements/nouveau"' in page
    assert 'href="/dashboard/export.xlsx"' in page


def test_le_tableau_d_une_base_vide_se_lit(navigateur: Ouvrir) -> None:
    page = navigateur().get("/dashboard")

    assert page.status_code == 200
    assert "Rien n’attend" in page.text


def test_un_technicien_ne_voit_aucun_montant(database: Database, navigateur: Ouvrir) -> None:
    _une_entreprise_au_travail(database)
    technicien = navigateur("technicien")

    page = technicien.get("/dashboard")

    assert "Réfection de la toiture" in page.text
    assert "€" not in page.text
    assert "devis" not in page.text.lower().split("<main", 1)[1].split("</main>", 1)[0]
    assert technicien.get("/dashboard/export.xlsx").status_code == 403


def test_exporter_donne_un_classeur_aux_nombres_exacts(
    database: Database, navigateur: Ouvrir
) -> None:
    _une_entreprise_au_travail(database)

    fichier = navigateur().get("/dashboard/export.xlsx")

    classeur = load_workbook(io.BytesIO(fichier.content))
    assert classeur.sheetnames == [
        "Indicateurs",
        "Facturé par mois",
        "Impayés",
        "Devis par statut",
        "Derniers devis",
        "Prochains chantiers",
    ]
    assert ("Impayés", 1200, "€ TTC") in list(classeur["Indicateurs"].values)
    piege = classeur["Derniers devis"]["C2"]
    assert (piege.value, piege.data_type) == ("=1+1", "s")


def test_la_palette_propose_les_actions_permises(navigateur: Ouvrir) -> None:
    assert _titres(navigateur(), "") == [
        "Nouveau devis",
        "Nouveau chantier",
        "Encaissement",
        "Export JD Edwards",
        "Nouveau client",
    ]
    assert _titres(navigateur("technicien"), "") == []
    assert _titres(navigateur("comptable"), "export") == ["Export JD Edwards"]


def test_la_palette_trouve_partout(database: Database, navigateur: Ouvrir) -> None:
    _une_entreprise_au_travail(database)
    utilisateur = navigateur()

    genres = {e["genre"] for e in _elements(utilisateur, "constructeo")}

    assert genres == {"Client", "Devis", "Chantier", "Facture"}
    trouve = _elements(utilisateur, "BARDAGE pose")
    assert [e["titre"] for e in trouve] == ["DEV-2026-900 · Constructeo · Pose de bardage"]
    assert trouve[0]["url"].startswith("/devis/")
    chantier = _elements(utilisateur, "toiture")[0]
    assert utilisateur.get(chantier["url"]).status_code == 200


def test_la_palette_ne_montre_pas_ce_qu_on_ne_peut_lire(
    database: Database, navigateur: Ouvrir
) -> None:
    _une_entreprise_au_travail(database)

    elements = _elements(navigateur("technicien"), "constructeo")

    assert [e["genre"] for e in elements] == ["Chantier"]


@pytest.mark.parametrize("q", ["%", "_", "'", "\\", "é" * 200])
def test_la_palette_prend_chaque_signe_pour_lui_meme(navigateur: Ouvrir, q: str) -> None:
    assert _elements(navigateur(), q) == []


def _une_entreprise_au_travail(database: Database) -> None:
    """One client with a late facture, a règlement, devis and a chantier to come."""
    jour = aujourd_hui()
    with database.write() as session:
        client = un_client(session, "Constructeo")
        un_document_emis(session, jour, "1000.00", client=client, echeance=jour - timedelta(days=3))
        un_reglement(session, jour, "10.00", client)
        bardage = un_devis(session, StatutDevis.ENVOYE, client=client, objet="Pose de bardage")
        bardage.numero = bardage.numero_tri = "DEV-2026-900"
        piege = un_devis(session, client=client, objet="=1+1")
        piege.numero = piege.numero_tri = "DEV-2026-901"
        fin = jour + timedelta(days=9)
        un_chantier(session, client_id=client.id, date_debut=jour, date_fin=fin)


def _elements(navigateur: Navigateur, q: str) -> list[dict[str, Any]]:
    reponse = navigateur.get("/recherche", params={"q": q})
    elements: list[dict[str, Any]] = reponse.json()["elements"]
    return elements


def _titres(navigateur: Navigateur, q: str) -> list[str]:
    return [element["titre"] for element in _elements(navigateur, q)]
