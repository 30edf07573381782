"""`make help` names every task and every command, and nothing that does not exist."""

import argparse
import re
import subprocess
from collections.abc import Iterator

import pytest

from cordeau.cli.main import make_parser
from tests.architecture.sources import RACINE

#: What a person looks for there: each command that the promises of reliability name.
ATTENDUES = {
    *("asvs", "badinput", "bench", "check", "fuzz", "galera-test"),
    *("mutations", "run", "tamper", "test", "torture"),
}


@pytest.fixture(scope="module")
def aide() -> str:
    """What `make help` prints."""
    return subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def commandes(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands of a parser, by name; none when it takes none."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def nommees(aide: str) -> Iterator[tuple[str, list[str]]]:
    """Each `cordeau NOM sous|sous` of the help."""
    for nom, suite in re.findall(r"^  cordeau (\S+) ?(\S*)", aide, re.MULTILINE):
        yield nom, [mot for mot in suite.split("|") if re.fullmatch(r"[a-z0-9-]+", mot)]


def test_chaque_tache_a_sa_ligne(aide: str) -> None:
    [cibles] = re.findall(r"^\.PHONY: (help .*)$", (RACINE / "Makefile").read_text(), re.MULTILINE)
    listees = re.findall(r"^  make (\S+) +\S", aide, re.MULTILINE)
    assert sorted(listees) == sorted(cibles.split())
    assert set(listees) >= ATTENDUES


def test_chaque_commande_d_une_instance_a_sa_ligne_et_chaque_mot_est_une_commande(
    aide: str,
) -> None:
    connues = commandes(make_parser())
    dites = dict(nommees(aide))
    assert set(dites) == set(connues)
    for nom, mots in dites.items():
        sous = commandes(connues[nom])
        assert set(mots) <= set(sous), nom
        assert bool(mots) == bool(sous), nom


def test_l_aide_d_une_commande_n_a_pas_de_titre_anglais() -> None:
    for nom, parser in commandes(make_parser()).items():
        for sous in (parser, *commandes(parser).values()):
            assert not re.search(r"usage:|positional|optional arguments", sous.format_help()), nom
