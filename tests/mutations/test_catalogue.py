"""The catalogue stays true: each protection is where it says, each check has its entries."""

import ast
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from mutations.banc import remplacer
from mutations.catalogue import TOUTES
from mutations.modele import SQLITE, Mutation
from tests.architecture.sources import RACINE
from tests.asvs.test_rangees import RANGEES

#: Every check the trust of Cordeau rests on: none of them goes unproved.
VERIFICATIONS = (
    "tests/tamper/test_compte.py",
    "tests/tamper/test_documents.py",
    "tests/tamper/test_editions.py",
    "tests/registre/test_canonique.py",
    "tests/registre/test_ecriture.py",
    "tests/registre/test_evenements.py",
    "tests/registre/test_verification.py",
    "tests/comptabilite/test_archives.py",
    "tests/comptabilite/test_clotures.py",
    "tests/core/test_numbering.py",
    "tests/core/test_retries.py",
    "tests/core/test_jobs.py",
    "tests/web/test_cles.py",
    "tests/web/test_operations.py",
    "tests/web/test_preconditions.py",
    "tests/ecritures/test_courses.py",
    "tests/ecritures/test_disque.py",
    "tests/ecritures/test_pannes.py",
    "tests/console/test_registre.py",
    "tests/grappe/test_controle.py",
    "tests/grappe/test_migrations.py",
    "tests/grappe/test_pannes.py",
    "tests/exploitation/test_docteur.py",
    "tests/exploitation/test_restauration.py",
    "tests/exploitation/test_sauvegarde.py",
    "tests/droits/test_champs.py",
    "tests/droits/test_matrice.py",
    "tests/fuzz/test_api.py",
    "tests/badinput/test_champs.py",
    "tests/badinput/test_fichiers.py",
    "tests/badinput/test_metier.py",
    "tests/badinput/test_serveur.py",
    "tests/badinput/test_sorties.py",
    "tests/auth/test_confirmation.py",
    "tests/auth/test_facteur.py",
    "tests/auth/test_freins.py",
    "tests/auth/test_jetons.py",
    "tests/auth/test_liens.py",
    "tests/auth/test_sessions.py",
    "tests/journal/test_trace.py",
    "tests/rgpd/test_console.py",
    "tests/rgpd/test_effacement.py",
    "tests/analytics/test_agregats.py",
    "tests/core/test_recherche.py",
    "tests/audit/test_audit.py",
    "tests/grappe/test_galera.py",
    "tests/grappe/test_torture.py",
    "tests/performances/test_index.py",
)

#: Installed beside the interpreter, like every tool of `make check`.
RUFF = Path(sys.executable).with_name("ruff")

toutes = pytest.mark.parametrize("mutation", TOUTES, ids=lambda mutation: mutation.nom)


def test_chaque_protection_a_son_nom() -> None:
    doubles = [nom for nom, fois in Counter(m.nom for m in TOUTES).items() if fois > 1]

    assert not doubles


@toutes
def test_une_protection_est_la_ou_elle_est_dite(mutation: Mutation) -> None:
    """Each text once, and what is left without it is still a program."""
    for fichier, texte in sans_protection(mutation).items():
        assert texte != (RACINE / fichier).read_text("utf-8")
        if fichier.endswith(".py"):
            ast.parse(texte)


def test_sans_protection_chaque_nom_existe(tmp_path: Path) -> None:
    """What fails because it names nothing would prove nothing."""
    for mutation in TOUTES:
        for rang, (fichier, texte) in enumerate(sans_protection(mutation).items()):
            if fichier.endswith(".py"):
                (tmp_path / f"{mutation.nom}.{rang}.py").write_text(texte, "utf-8")
    lu = subprocess.run(
        [RUFF, "check", "--isolated", "--select", "F821", "--output-format", "concise", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )

    assert lu.returncode == 0, lu.stdout


@toutes
def test_chaque_essai_nomme_existe(mutation: Mutation) -> None:
    assert mutation.essais
    for essai in mutation.essais:
        fichier, *noms = essai.split("::")
        assert tuple(noms) in _essais_de(RACINE / fichier), essai


def test_chaque_rangee_de_la_norme_est_eprouvee() -> None:
    for numero in RANGEES:
        siennes = [m for m in TOUTES if m.nom.startswith(f"v{numero:02}-")]
        assert any(f"::TestV{numero:02}_" in essai for m in siennes for essai in m.essais), numero


@pytest.mark.parametrize("fichier", VERIFICATIONS)
def test_chaque_verification_est_eprouvee(fichier: str) -> None:
    assert any(essai.startswith(f"{fichier}::") for m in TOUTES for essai in m.essais)


def test_la_course_rapide_ne_demande_que_sqlite() -> None:
    rapides = [m for m in TOUTES if m.rapide]

    assert 5 <= len(rapides) <= 10
    assert {m.moteur for m in rapides} == {SQLITE}


def sans_protection(mutation: Mutation) -> dict[str, str]:
    """Each file of an entry as it would stand; fails when a text is not there once."""
    textes: dict[str, str] = {}
    for r in mutation.remplacements:
        avant = textes.get(r.fichier) or (RACINE / r.fichier).read_text("utf-8")
        textes[r.fichier] = remplacer(avant, r)
    return textes


@cache
def _essais_de(fichier: Path) -> frozenset[tuple[str, ...]]:
    """The tests of a module, alone or in a class."""
    trouves: set[tuple[str, ...]] = set()
    for noeud in ast.parse(fichier.read_text("utf-8")).body:
        if isinstance(noeud, ast.FunctionDef):
            trouves.add((noeud.name,))
        elif isinstance(noeud, ast.ClassDef):
            trouves |= {
                (noeud.name, dedans.name)
                for dedans in noeud.body
                if isinstance(dedans, ast.FunctionDef)
            }
    return frozenset(trouves)
