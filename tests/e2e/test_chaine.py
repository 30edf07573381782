"""The whole chain, as a person does it: from a new client to the accountant's file."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from cordeau.core.permissions import Role
from tests import navigateur as nav
from tests.e2e.conftest import Ouvreur, Serveur

pytestmark = pytest.mark.chromium

CLIENT = "Pénélope d’Arçon & Fils"
#: 18 m² at 36 €, 24 m² at 58,50 €; VAT at 10 %.
TOTAL_HT, TOTAL_TTC = "2 052,00 €", "2 257,20 €"
ACOMPTE_TTC, SOLDE_TTC = "677,16 €", "1 580,04 €"


def test_du_devis_au_solde(onglet: Ouvreur, serveur: Serveur, tmp_path: Path) -> None:
    page = onglet().page
    _se_connecter(page, serveur)
    _creer_client(page)
    _rediger_devis(page)
    devis = _envoyer_et_accepter(page)
    _ouvrir_chantier(page)

    page.goto(devis)
    _preparer_acompte(page)
    _emettre(page)
    _regler(page, ACOMPTE_TTC)

    page.goto(devis)
    _preparer_solde(page)
    _emettre(page)
    expect(page.get_by_text(SOLDE_TTC).first).to_be_visible()
    numero = page.get_by_role("heading", level=1).inner_text().split()[-1]
    assert _telecharger_facture(page).startswith(b"%PDF-1.7")
    assert numero in _telecharger_export(page, tmp_path)


def _se_connecter(page: Page, serveur: Serveur) -> None:
    page.goto("/devis")
    assert urlsplit(page.url).path == "/login"
    page.locator("[name=username]").fill(serveur.email(Role.ADMIN))
    page.locator("[name=password]").fill(serveur.mots_de_passe[Role.ADMIN])
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/devis")


def _creer_client(page: Page) -> None:
    page.goto("/clients/nouveau")
    page.get_by_label("Nom ou raison sociale").fill(CLIENT)
    page.locator("[name=email]").fill("penelope@courriel.example")
    page.locator("[name=ligne1]").fill("5 rue du Pressoir")
    page.locator("[name=code_postal]").fill("49100")
    page.locator("[name=ville]").fill("Angers")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CLIENT)


def _rediger_devis(page: Page) -> None:
    """The client is found by typing, rows are written in the grid, totals come by themselves."""
    page.goto("/devis/nouveau")
    page.locator(".ts-control").first.click()
    page.keyboard.type("Pénélope")
    page.locator(".ts-dropdown .option", has_text=CLIENT).click()
    page.get_by_label("Objet").fill("Cloison et enduit de la chambre")
    page.get_by_role("button", name="Créer le devis", exact=True).click()
    page.wait_for_url(re.compile(r"/devis/[0-9a-f-]{36}/modifier"))
    _ajouter(page, "LOT", "Démolition")
    _ajouter(page, "LIGNE", "Dépose de cloison en briques", "18", "36", "21")
    _ajouter(page, "LOT", "Plâtrerie")
    _ajouter(page, "LIGNE", "Cloison 72/48 sur ossature", "24", "58,50", "37")
    expect(page.locator("[data-totaux]")).to_contain_text(TOTAL_TTC)
    expect(page.locator("[data-totaux]")).to_contain_text(TOTAL_HT)
    expect(page.locator("[data-sauve]")).to_contain_text("Enregistré")
    page.locator("[data-terminer]").click()
    page.wait_for_url(re.compile(r"/devis/[0-9a-f-]{36}$"))


def _ajouter(page: Page, genre: str, designation: str, *nombres: str) -> None:
    page.locator(f"[data-ajout={genre}]").click()
    ligne = page.locator("tr[data-type]").last
    ligne.locator("[data-c=designation]").fill(designation)
    if nombres:
        quantite, prix, cout = nombres
        ligne.locator("[data-c=quantite]").fill(quantite)
        ligne.locator("[data-c=unite]").select_option("METRE_CARRE")
        ligne.locator("[data-c=cout]").fill(cout)
        ligne.locator("[data-c=prix_unitaire_ht]").fill(prix)
        ligne.locator("[data-c=taux_tva]").select_option("10")


def _envoyer_et_accepter(page: Page) -> str:
    devis = page.url
    page.get_by_role("link", name="Envoyer", exact=True).click()
    page.get_by_role("button", name="Envoyer le devis", exact=True).click()
    page.get_by_role("link", name="Noter l’accord", exact=True).click()
    page.get_by_label("Le client a signé l’attestation").check()
    page.get_by_role("button", name="Noter l’accord", exact=True).click()
    expect(page.get_by_role("button", name="Ouvrir le chantier", exact=True)).to_be_visible()
    return devis


def _ouvrir_chantier(page: Page) -> None:
    page.get_by_role("button", name="Ouvrir le chantier", exact=True).click()
    page.wait_for_url("**/chantiers/*")
    page.get_by_role("button", name="Démarrer", exact=True).click()
    expect(page.get_by_role("button", name="Terminer", exact=True)).to_be_visible()


def _preparer_acompte(page: Page) -> None:
    page.get_by_role("link", name="Facturer", exact=True).click()
    nav.apres_chargement(page.get_by_label("Acompte sur le devis")).fill("30")
    expect(page.get_by_label("Un acompte")).to_be_checked()
    page.get_by_role("button", name="Préparer la facture", exact=True).click()


def _preparer_solde(page: Page) -> None:
    page.get_by_role("link", name="Facturer", exact=True).click()
    page.get_by_label("Tout le reste").check()
    page.get_by_role("button", name="Préparer la facture", exact=True).click()


def _emettre(page: Page) -> None:
    """Nothing is issued without a yes."""
    bouton = page.get_by_role("button", name="Émettre", exact=True)
    nav.apres_chargement(bouton).click()
    boite = page.get_by_role("dialog")
    expect(boite).to_contain_text("ne change plus")
    boite.get_by_role("button", name="Émettre", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"FAC-\d{4}-\d{3}"))


def _regler(page: Page, montant: str) -> None:
    page.get_by_role("link", name="Saisir un règlement", exact=True).click()
    expect(page.get_by_text(montant).first).to_be_visible()
    page.get_by_role("button", name="Enregistrer le règlement", exact=True).click()
    expect(page.locator("main")).to_contain_text("Payé")


def _telecharger_facture(page: Page) -> bytes:
    """The very file the link opens."""
    reponse = page.context.request.get(f"{page.url}/pdf")
    assert reponse.headers["content-type"] == "application/pdf"
    return reponse.body()


def _telecharger_export(page: Page, dossier: Path) -> str:
    page.get_by_role("link", name="Comptabilité", exact=True).click()
    with page.expect_download() as attendu:
        page.get_by_role("button", name="Télécharger en CSV", exact=True).click()
    fichier = dossier / "jde.csv"
    attendu.value.save_as(fichier)
    return fichier.read_text("utf-8")
