"""An instance whose settings come from the environment, as on a server."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cordeau.cli.main import main
from tests.serveurs import BaseDeTest


class Resultat(NamedTuple):
    """What a command answered."""

    code: int
    sortie: str
    erreurs: str


Lancer = Callable[..., Resultat]


@pytest.fixture
def dossier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of an instance where nothing was done yet."""
    for nom in [nom for nom in os.environ if nom.startswith("CORDEAU_")]:
        monkeypatch.delenv(nom)
    monkeypatch.setenv("CORDEAU_DATA", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.fixture
def instance(dossier: Path, base: BaseDeTest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of an instance whose base is up to date."""
    monkeypatch.setenv("CORDEAU_DATABASE_URL", base.url)
    return dossier


@pytest.fixture
def lancer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Resultat]:
    """Run a command in this process: `lancer("user", "add", …, entree="secret")`."""

    def executer(*arguments: str, entree: str = "") -> Resultat:
        monkeypatch.setattr(sys, "stdin", io.StringIO(entree))
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as sortie:
            code = int(sortie.code or 0)
        ecrit = capsys.readouterr()
        return Resultat(code, ecrit.out, ecrit.err)

    return executer


@pytest.fixture
def demarrer(dossier: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start a command that lasts, in its own process; it ends with the test."""
    lances: list[subprocess.Popen[str]] = []

    def lancer_a_part(*arguments: str) -> "subprocess.Popen[str]":
        processus = subprocess.Popen(
            [sys.executable, "-m", "cordeau", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=dossier.parent,
        )
        lances.append(processus)
        return processus

    yield lancer_a_part
    for processus in lances:
        if processus.poll() is None:
            processus.kill()
        processus.communicate()
