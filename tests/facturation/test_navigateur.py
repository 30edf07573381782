"""Factures and règlements in a real browser: keyboard, phone, figures, looks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from cordeau.core.db import Database
from cordeau.facturation.models import Facture
from tests import navigateur as nav
from tests.clients.builders import un_client
from tests.devis.builders import un_devis_accepte, un_lot, une_ligne
from tests.facturation.builders import un_acompte, une_entreprise, une_facture, une_facture_emise

pytestmark = pytest.mark.chromium

LIGNES = [
    un_lot("l1", designation="Toiture"),
    une_ligne("48", "12", designation="Dépose", parentId="l1", unite="METRE_CARRE"),
    une_ligne("62.50", "12", designation="Repose", parentId="l1", unite="METRE_CARRE"),
    un_lot("l2", designation="Menuiseries"),
    une_ligne("884", "3", designation="Fenêtre", parentId="l2", remise="5"),
]


@pytest.fixture
def adresse(app: FastAPI) -> Iterator[str]:
    with nav.servir(app) as adresse:
        yield adresse


@pytest.fixture
def poste(app: FastAPI, chromium: Browser, adresse: str) -> Iterator[nav.Poste]:
    with nav.installer(chromium, app, adresse) as poste:
        yield poste


def test_du_brouillon_a_l_avoir_au_clavier(database: Database, poste: nav.Poste) -> None:
    """A person who never touches the mouse: free facture, issued, paid in part, credited."""
    with database.write() as session:
        une_entreprise(session)
        un_client(session, "Constructeo")
    page = poste.aller("/factures/nouvelle")

    page.locator("#champ-client_id-ts-control").focus()
    page.keyboard.type("construc")
    page.get_by_role("option", name="Constructeo (Angers)").wait_for()
    page.keyboard.press("Enter")
    page.get_by_label("Désignation").first.focus()
    _taper(page, "Dépannage", "2", "1 250,50")
    expect(page.locator("[data-totaux]")).to_contain_text("3 001,20")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Prix unitaire HT").nth(1)).to_be_focused()
    _entrer(page, "Enregistrer le brouillon")

    _entrer(page, "Émettre")
    expect(page.locator("#confirmation")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Facture FAC-")

    _entrer(page, "Saisir un règlement", "link")
    montant = page.get_by_label("Montant reçu")
    expect(montant).to_have_value("3\u202f001,20")
    montant.fill("1 000")
    page.keyboard.press("Enter")
    expect(page.locator("dl.c-def").first).to_contain_text("2 001,20")

    _entrer(page, "Faire un avoir", "link")
    page.get_by_label("Quantité de Dépannage").fill("1")
    expect(page.get_by_label("Des quantités, ligne par ligne")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Avoir en brouillon")
    _entrer(page, "Émettre")
    page.locator("#confirmation [data-oui]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Avoir AVO-")
    assert poste.plaintes == []


def test_un_paiement_se_repartit_sous_les_yeux(database: Database, poste: nav.Poste) -> None:
    with database.write() as session:
        une_entreprise(session)
        client = un_client(session)
        for prix in ("100", "200"):
            une_facture_emise(session, client=client, lignes=[une_ligne(prix)])
    page = poste.aller(f"/reglements/nouveau?client_id={client.id}")
    bilan = page.locator("[data-bilan]")

    page.get_by_label("Montant reçu").fill("300")
    expect(bilan).to_contain_text("Reste à répartir 300,00")
    page.get_by_role("button", name="Répartir").click()
    expect(bilan).to_contain_text("Tout est réparti")
    seconde = page.locator("[name=part]").nth(1)
    expect(seconde).to_have_value("180,00")
    seconde.fill("240")
    expect(bilan).to_contain_text("Trop réparti 60,00")
    page.locator("[name=choix]").first.uncheck()
    expect(bilan).to_contain_text("Reste à répartir 60,00")
    page.get_by_label("Montant reçu").fill("")
    page.get_by_role("button", name="Enregistrer le règlement").click()
    expect(page.locator("#avis")).to_contain_text("Règlement de 240,00")
    assert poste.plaintes == []


def test_facturer_un_devis_sur_un_telephone(
    database: Database, app: FastAPI, chromium: Browser, adresse: str
) -> None:
    """At 360 px, with a thumb: nothing overflows, the part is chosen, the draft is there."""
    with database.write() as session:
        une_entreprise(session)
        devis = un_devis_accepte(session, objet="Réfection de la toiture", lignes=LIGNES)
        un_acompte(session, devis)
    with nav.installer(chromium, app, adresse, largeur=360, has_touch=True) as poste:
        page = poste.aller(f"/factures/generer/{devis.id}")
        _tient(page)
        page.get_by_label("Part du devis").fill("50")
        expect(page.get_by_label("Une partie de chaque ligne")).to_be_checked()
        page.get_by_role("button", name="Préparer la facture").tap()
        expect(page.get_by_role("heading", level=1)).to_have_text("Facture en brouillon")
        _tient(page)
        nav.apres_chargement(page.get_by_role("button", name="Émettre")).tap()
        page.locator("#confirmation [data-oui]").tap()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Facture FAC-")
        assert poste.plaintes == []


@pytest.mark.parametrize(("largeur", "theme"), [(1440, "light"), (360, "dark")])
def test_chaque_page_est_accessible_et_tient_dans_l_ecran(
    database: Database,
    app: FastAPI,
    chromium: Browser,
    adresse: str,
    tmp_path: Path,
    largeur: int,
    theme: str,
) -> None:
    options: dict[str, Any] = {"largeur": largeur, "theme": theme}
    chemins = _remplir(database)
    with nav.installer(chromium, app, adresse, **options) as poste:
        for nom, chemin in chemins.items():
            page = poste.aller(chemin)
            page.screenshot(path=tmp_path / f"{nom}.png", full_page=True)
            assert poste.axe() == [], nom
            _tient(page)
        assert poste.plaintes == []


def _remplir(database: Database) -> dict[str, str]:
    """One of each page, with something on it."""
    with database.write() as session:
        une_entreprise(session)
        client = un_client(session, "Mairie de Saint-Barthélemy-d’Anjou")
        devis = un_devis_accepte(session, client=client, objet="Réfection", lignes=LIGNES)
        acompte = un_acompte(session, devis)
        emise = une_facture_emise(session, client=client, objet="Dépannage")
        incomplet = une_facture(
            session,
            client=un_client(session, "Durand", type="PROFESSIONNEL"),
            lignes=[*LIGNES, une_ligne(tauxTVA="10")],
        )
    return _chemins(emise, acompte, incomplet, str(devis.id))


def _chemins(emise: Facture, acompte: Facture, brouillon: Facture, devis: str) -> dict[str, str]:
    return {
        "liste": "/factures",
        "vide": "/factures?q=introuvable",
        "generer": f"/factures/generer/{devis}",
        "nouvelle": "/factures/nouvelle",
        "modifier": f"/factures/{brouillon.id}/modifier",
        "brouillon": f"/factures/{brouillon.id}",
        "emise": f"/factures/{emise.id}",
        "acompte": f"/factures/{acompte.id}",
        "avoir": f"/factures/{emise.id}/avoir",
        "reglement": f"/factures/{emise.id}/reglement",
        "reglements": "/reglements",
        "encaissement": "/reglements/nouveau",
        "repartition": f"/reglements/nouveau?client_id={emise.client_id}",
        "client": f"/clients/{emise.client_id}",
        "devis": f"/devis/{devis}",
    }


def _taper(page: Page, *textes: str) -> None:
    """Designation, quantity, price, going from field to field by Tab."""
    designation, quantite, prix = textes
    page.keyboard.type(designation)
    page.keyboard.press("Tab")
    page.keyboard.type(quantite)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(prix)


def _entrer(page: Page, nom: str, role: Any = "button") -> None:
    """Press Enter on a button or a link."""
    nav.apres_chargement(page.get_by_role(role, name=nom)).focus()
    page.keyboard.press("Enter")


def _tient(page: Page) -> None:
    """Nothing makes the page wider than the screen."""
    largeur = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert largeur <= 0, page.url
