"""The bench says « vu » only when the test looked, and looked in vain for the protection."""

import subprocess
from pathlib import Path

import pytest

from mutations.banc import Copie, CopieError, Verdict
from mutations.modele import Mutation, Remplacement, sans

MODULE = """
def entre(age: int) -> bool:
    return age >= 18


def salue(nom: str) -> str:
    return f"Bonjour {nom}"
"""
ESSAIS = """
import pytest

from jouet import entre


@pytest.fixture
def porte():
    yield entre
    assert not entre(3)


def test_un_mineur_n_entre_pas():
    assert not entre(17)


def test_un_majeur_entre():
    assert entre(18)


def test_la_porte_se_referme(porte):
    assert porte(99)
"""
CONFTEST = """
def pytest_addoption(parser):
    parser.addoption("--engine")
"""
GARDE = "age >= 18"
MINEUR, MAJEUR, PORTE = (
    f"jouet/test_jouet.py::{nom}"
    for nom in ("test_un_mineur_n_entre_pas", "test_un_majeur_entre", "test_la_porte_se_referme")
)


@pytest.fixture
def copie(tmp_path: Path) -> Copie:
    """A copy of a project of one rule and three tests."""
    origine, dossier = tmp_path / "projet", tmp_path / "copie"
    for nom, texte in {
        "src/jouet.py": MODULE,
        "tests/jouet/test_jouet.py": ESSAIS,
        "conftest.py": CONFTEST,
        "pyproject.toml": "[tool.pytest.ini_options]\naddopts = []\n",
    }.items():
        (origine / nom).parent.mkdir(parents=True, exist_ok=True)
        (origine / nom).write_text(texte, "utf-8")
    subprocess.run(["git", "init", "-q", str(origine)], check=True)
    return Copie(origine, dossier, delai=60)


def retirer(remplace: str, *essais: str, trouve: str = GARDE) -> Mutation:
    """The rule of the project, otherwise."""
    return sans(
        "essai", "l’âge ne compte plus", Remplacement("src/jouet.py", trouve, remplace), *essais
    )


def test_une_protection_retiree_qui_se_voit(copie: Copie) -> None:
    copie.exiger("jouet")
    assert "3 passed" in copie.exiger_vert(["tests/jouet/test_jouet.py"], "sqlite")

    constat = copie.eprouver(retirer("age >= 16", MINEUR))

    assert constat.verdict is Verdict.VU, constat.raison
    assert (copie.dossier / "src/jouet.py").read_text("utf-8") == MODULE


def test_une_protection_que_personne_ne_regarde_survit(copie: Copie) -> None:
    constat = copie.eprouver(retirer("Salut", MINEUR, trouve="Bonjour"))

    assert constat.verdict is Verdict.SURVIT, constat.raison


def test_chaque_essai_nomme_doit_la_voir(copie: Copie) -> None:
    constat = copie.eprouver(retirer("age >= 16", MINEUR, MAJEUR))

    assert constat.verdict is Verdict.SURVIT, constat.raison
    assert "test_un_majeur_entre" in constat.raison


def test_ce_qu_un_essai_verifie_apres_lui_compte(copie: Copie) -> None:
    constat = copie.eprouver(retirer("age >= 0", PORTE))

    assert constat.verdict is Verdict.VU, constat.raison


@pytest.mark.parametrize(
    ("trouve", "remplace"),
    [("def entre", "def sortir"), (GARDE, "agee >= 18"), ("return age", "retourne age")],
)
def test_un_remplacement_qui_casse_le_programme_ne_prouve_rien(
    copie: Copie, trouve: str, remplace: str
) -> None:
    constat = copie.eprouver(retirer(remplace, MINEUR, trouve=trouve))

    assert constat.verdict is Verdict.INVALIDE, constat.raison


def test_un_essai_absent_ne_prouve_rien(copie: Copie) -> None:
    constat = copie.eprouver(retirer("age >= 16", "jouet/test_jouet.py::test_absent"))

    assert constat.verdict is Verdict.INVALIDE, constat.raison


def test_un_essai_sans_fin_ne_prouve_rien(copie: Copie) -> None:
    copie = Copie(copie.dossier.parent / "projet", copie.dossier.parent / "autre", delai=0.1)

    assert copie.eprouver(retirer("age >= 16", MINEUR)).verdict is Verdict.INVALIDE


def test_un_texte_absent_ou_double_est_refuse(copie: Copie) -> None:
    for trouve in ("age >= 21", "return"):
        with pytest.raises(CopieError, match="attendu une"):
            copie.eprouver(retirer("", MINEUR, trouve=trouve))


def test_un_paquet_lu_ailleurs_que_dans_la_copie_est_refuse(copie: Copie) -> None:
    with pytest.raises(CopieError, match="hors de la copie"):
        copie.exiger("json")
