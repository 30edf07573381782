"""The main flow with plain forms: a slow link or a strict browser keeps nobody from working."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from cordeau.core.permissions import Role
from tests.e2e.conftest import TELEPHONE, Ouvreur

pytestmark = pytest.mark.chromium


def test_le_parcours_principal_se_fait_sans_javascript(onglet: Ouvreur) -> None:
    page = onglet(Role.GESTIONNAIRE, TELEPHONE, javascript=False).page
    client_id = _creer_client(page)
    _creer_devis(page, client_id)
    _accepter(page)
    _facturer(page)
    _regler(page)


def _creer_client(page: Page) -> str:
    page.goto("/clients/nouveau")
    page.get_by_label("Nom ou raison sociale").fill("Tessier Rémi")
    page.locator("[name=ligne1]").fill("4 rue des Saules")
    page.locator("[name=code_postal]").fill("49800")
    page.locator("[name=ville]").fill("Trélazé")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tessier Rémi")
    return urlsplit(page.url).path.rsplit("/", 1)[1]


def _creer_devis(page: Page, client_id: str) -> None:
    """An amount without rows makes one row for the whole."""
    page.goto("/devis/nouveau")
    page.locator("[name=client_id]").select_option(client_id)
    page.locator("[name=montant]").fill("1 250,00")
    page.get_by_role("button", name="Créer le devis", exact=True).click()
    page.locator("[name=objet]").fill("Réfection d’un escalier")
    page.locator("[data-terminer]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Réfection d’un escalier")


def _accepter(page: Page) -> None:
    page.get_by_role("link", name="Envoyer", exact=True).click()
    page.get_by_role("button", name="Envoyer le devis", exact=True).click()
    page.get_by_role("link", name="Noter l’accord", exact=True).click()
    page.get_by_role("button", name="Noter l’accord", exact=True).click()


def _facturer(page: Page) -> None:
    page.get_by_role("link", name="Facturer", exact=True).click()
    page.get_by_role("button", name="Préparer la facture", exact=True).click()
    expect(page.locator("main")).to_contain_text("1 500,00 €")
    page.get_by_role("button", name="Émettre", exact=True).click()
    expect(page.locator("main")).to_contain_text("Pour corriger ensuite, il faut un avoir.")
    page.get_by_role("button", name="Oui, continuer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"FAC-\d{4}-\d{3}"))


def _regler(page: Page) -> None:
    page.get_by_role("link", name="Saisir un règlement", exact=True).click()
    page.locator("[name=montant]").fill("1500")
    page.locator("[name=mode]").select_option("CHEQUE")
    page.get_by_role("button", name="Enregistrer le règlement", exact=True).click()
    expect(page.locator("main")).to_contain_text("Payé")
