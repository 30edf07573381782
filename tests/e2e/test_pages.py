"""Every page, read by axe-core and measured: for all eyes, on a desk and in a hand."""

from collections.abc import Iterator
from enum import Enum, auto

import pytest
from playwright.sync_api import Page

from cordeau.core.permissions import Role
from tests.e2e.adresses import adresses
from tests.e2e.axe import AXE, LIRE
from tests.e2e.conftest import BUREAU, TELEPHONE, Ouvreur, Serveur
from tests.e2e.surveillance import Surveillance

pytestmark = pytest.mark.chromium

#: Its markup is Swagger UI's own, drawn from our description: not ours to mend.
HORS_AXE = {"/api/docs"}
#: What changes with the theme.
REGLES_DE_COULEUR = ["color-contrast"]

#: What a script draws with what it asks the server for.
DESSINES = "[data-calendrier], [data-editeur], #api"

ASSOMBRIR = "() => { document.documentElement.dataset.bsTheme = 'dark'; }"
DEBORDEMENT = """() => {
  const largeur = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= largeur) return [];
  return [...document.body.querySelectorAll('*')]
    .filter((e) => e.getBoundingClientRect().right > largeur + 1)
    .map((e) => e.outerHTML.slice(0, 120)).slice(0, 3);
}"""


def test_axe_voit_une_faute(onglet: Ouvreur) -> None:
    tab = onglet()
    tab.contexte.add_init_script(AXE)
    tab.page.goto("/login")
    tab.page.evaluate("document.querySelector('label').remove()")

    assert any("label" in faute for faute in tab.page.evaluate(LIRE, None))


@pytest.mark.parametrize("taille", [BUREAU, TELEPHONE], ids=["bureau", "telephone"])
def test_chaque_page_est_accessible(
    onglet: Ouvreur, serveur: Serveur, taille: dict[str, int]
) -> None:
    tab = onglet(Role.ADMIN, taille)
    tab.contexte.add_init_script(AXE)
    fautes, refuses, vus = list[str](), set[str](), set[str]()
    for chemin, adresse in _toutes(serveur):
        if chemin in vus and not _a_plusieurs_visages(chemin):
            continue
        etat = _ouvrir(tab, adresse)
        (refuses if etat == Etat.REFUSEE else vus).add(chemin)
        if etat == Etat.OUVERTE:
            fautes += [f"{adresse} : {faute}" for faute in _fautes(tab.page, chemin, taille)]

    assert not fautes, "\n".join(fautes)
    assert not refuses - vus


@pytest.mark.parametrize("taille", [BUREAU, TELEPHONE], ids=["bureau", "telephone"])
def test_l_entree_et_les_refus_sont_accessibles(onglet: Ouvreur, taille: dict[str, int]) -> None:
    fautes: list[str] = []
    for role, adresse, statut in (
        (None, "/login", 200),
        (None, "/mot-de-passe/oublie", 200),
        (None, "/mot-de-passe/perime", 404),
        (Role.TECHNICIEN, "/nulle-part", 404),
        (Role.TECHNICIEN, "/devis", 403),
    ):
        tab = onglet(role, taille)
        tab.contexte.add_init_script(AXE)
        reponse = tab.page.goto(adresse)
        assert reponse
        assert reponse.status == statut, adresse
        fautes += [f"{adresse} : {faute}" for faute in _fautes(tab.page, adresse, taille)]
        tab.fautes[:] = [faute for faute in tab.fautes if f"{statut}" not in faute]

    assert not fautes, "\n".join(fautes)


def _a_plusieurs_visages(chemin: str) -> bool:
    """Whether each example shows something else: lists, and what depends on a state."""
    return "{" not in chemin or chemin.endswith(("_id}", "/modifier"))


def _fautes(page: Page, chemin: str, taille: dict[str, int]) -> Iterator[str]:
    if chemin not in HORS_AXE:
        yield from page.evaluate(LIRE, None)
        page.evaluate(ASSOMBRIR)
        yield from (f"sombre, {faute}" for faute in page.evaluate(LIRE, REGLES_DE_COULEUR))
    if taille is TELEPHONE:
        yield from (f"trop large, {faute}" for faute in page.evaluate(DEBORDEMENT))


def test_un_technicien_ne_voit_aucun_prix(onglet: Ouvreur, serveur: Serveur) -> None:
    """Where he may go there is no euro; elsewhere he is told no."""
    tab = onglet(Role.TECHNICIEN)
    ouvertes, bavardes = [], []
    for _, adresse in _toutes(serveur):
        reponse = tab.contexte.request.get(adresse)
        if reponse.status == 403:
            continue
        assert reponse.status == 200, f"{adresse} : {reponse.status}"
        ouvertes.append(adresse)
        if _montre_un_prix(tab, adresse, reponse.headers.get("content-type", "")):
            bavardes.append(adresse)

    assert {"/dashboard", "/chantiers"} <= set(ouvertes)
    assert not [a for a in ouvertes if a.startswith(("/devis", "/factures", "/reglements"))]
    assert not bavardes


def _montre_un_prix(tab: Surveillance, adresse: str, genre: str) -> bool:
    if not genre.startswith("text/html"):
        return False
    tab.page.goto(adresse)
    return "€" in tab.page.locator("body").inner_text()


def _toutes(serveur: Serveur) -> list[tuple[str, str]]:
    base = serveur.base
    trouvees = adresses(base)
    base.dispose()
    assert {"/dashboard", "/devis", "/factures", "/export/jde"} <= {
        chemin for chemin, _ in trouvees
    }
    return trouvees


class Etat(Enum):
    """What came of an address."""

    OUVERTE = auto()
    #: A file or a fragment, which only has to be there.
    FICHIER = auto()
    #: What the state of the object does not allow.
    REFUSEE = auto()


def _ouvrir(tab: Surveillance, adresse: str) -> Etat:
    """Show a page."""
    reponse = tab.contexte.request.get(adresse)
    if reponse.status == 409:
        return Etat.REFUSEE
    assert reponse.status == 200, f"{adresse} : {reponse.status}"
    genre = reponse.headers["content-type"]
    if not (genre.startswith("text/html") and reponse.text().lstrip().startswith("<!doctype")):
        return Etat.FICHIER
    tab.page.goto(adresse)
    if tab.page.locator(DESSINES).count():
        tab.page.wait_for_load_state("networkidle")
    return Etat.OUVERTE
