"""The pages of who is not in yet, read by axe-core: installation, second factor, new password."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from cordeau import migrate
from cordeau.auth import commands, liens
from cordeau.auth.queries import find_user
from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME, Role
from cordeau.core.settings import read_settings
from tests.auth.builders import activer_facteur
from tests.e2e.axe import AXE, LIRE
from tests.e2e.conftest import BUREAU, TELEPHONE, Ouvreur, Serveur, demarrer

pytestmark = pytest.mark.chromium

EMAIL, MOT_DE_PASSE = "nouvelle@guerin.example", "une phrase assez longue"


@pytest.fixture(scope="module")
def personne(serveur: Serveur) -> Iterator[str]:
    """Somebody whose second factor is on, with a link to choose another password."""
    base = serveur.base
    cle = read_settings({"CORDEAU_DATA": str(serveur.data)}).secret_key
    with base.write() as session:
        commands.ajouter_utilisateur(
            session,
            email=EMAIL,
            nom="Nouvelle",
            role=Role.COMMERCIAL,
            password=MOT_DE_PASSE,
            actor=SYSTEME,
        )
    activer_facteur(base, EMAIL, cle)
    with base.write() as session:
        user = find_user(session, EMAIL)
        assert user
        secret = liens.creer(session, user)
    yield f"/mot-de-passe/{secret}"
    base.dispose()


@pytest.mark.parametrize("taille", [BUREAU, TELEPHONE], ids=["bureau", "telephone"])
def test_le_second_facteur_et_le_nouveau_mot_de_passe_sont_accessibles(
    onglet: Ouvreur, personne: str, taille: dict[str, int]
) -> None:
    tab = onglet(None, taille)
    tab.contexte.add_init_script(AXE)
    tab.page.goto(personne)
    fautes = tab.page.evaluate(LIRE, None)
    tab.page.goto("/login")
    tab.page.fill("[name=username]", EMAIL)
    tab.page.fill("[name=password]", MOT_DE_PASSE)
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/login/code")

    assert fautes + tab.page.evaluate(LIRE, None) == []


@pytest.mark.parametrize("taille", [BUREAU, TELEPHONE], ids=["bureau", "telephone"])
def test_l_installation_est_accessible(
    chromium: Browser, tmp_path: Path, taille: dict[str, int]
) -> None:
    base = Database(f"sqlite:///{tmp_path / 'cordeau.db'}")
    migrate.upgrade(base)
    base.dispose()

    with demarrer(tmp_path) as (adresse, _):
        contexte = chromium.new_context(viewport=taille)  # type: ignore[arg-type]
        contexte.add_init_script(AXE)
        page: Page = contexte.new_page()
        reponse = page.goto(f"{adresse}/installation")
        assert reponse
        assert reponse.status == 200
        fautes = page.evaluate(LIRE, None)
        contexte.close()

    assert fautes == []
