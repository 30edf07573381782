"""A copy of the tree, where protections are removed one at a time and the tests are run."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mutations.modele import Mutation, Remplacement

#: Made by `make setup`, not followed by git, asked for by the pages.
FABRIQUES = "src/cordeau/web/static/vendor"
#: All the tests of the catalogue, before anything is removed.
DELAI_TEMOIN = 1800.0
#: A test that fails so was broken by the replacement, not by the want of a protection.
ACCIDENTS = (
    "NameError",
    "ImportError",
    "ModuleNotFoundError",
    "SyntaxError",
    "IndentationError",
    "UnboundLocalError",
    "AttributeError",
    "TypeError",
)
_ECHEC = re.compile(r"^FAILED (\S+)(?:.*? - (.*))?$", re.MULTILINE)
#: What a test leaves is looked at once it has passed: that too is a check of its own.
_APRES = re.compile(r"_ ERROR at teardown of (?:\w+\.)?(\w+)")


class Verdict(StrEnum):
    """What became of the tests without the protection."""

    #: They failed: the check sees.
    VU = "vu"
    #: They passed: the check sees nothing.
    SURVIT = "survit"
    #: They did not run, or failed for another reason.
    INVALIDE = "invalide"


class CopieError(Exception):
    """The copy is not what would be tested."""


@dataclass(frozen=True, slots=True)
class Constat:
    """What a run of tests gave."""

    verdict: Verdict
    #: The first failure, or why there is none to judge.
    raison: str
    secondes: float


class Copie:
    """The files of a working tree, in a folder of their own."""

    def __init__(self, origine: Path, dossier: Path, *, delai: float) -> None:
        self.dossier = dossier
        self._delai = delai
        for nom in _suivis(origine):
            cible = dossier / nom
            cible.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(origine / nom, cible)
        if (origine / FABRIQUES).exists():
            shutil.copytree(origine / FABRIQUES, dossier / FABRIQUES, dirs_exist_ok=True)

    def exiger(self, paquet: str) -> None:
        """Fail unless the tests would import this package from the copy."""
        code = f"import {paquet}; print({paquet}.__file__)"
        lu = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.dossier,
            env=self._environnement(),
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()
        if not lu or not Path(lu).resolve().is_relative_to(self.dossier.resolve()):
            raise CopieError(f"Les essais liraient {lu or 'rien'}, hors de la copie.")

    def exiger_vert(self, essais: Sequence[str], moteur: str) -> str:
        """The same tests, nothing removed: what fails already would prove nothing."""
        code, sortie = self._lancer(_pytest(essais, moteur), DELAI_TEMOIN)
        if code != 0:
            echecs = [trouve[1] for trouve in _ECHEC.finditer(sortie)]
            raise CopieError(f"Sans rien retirer : {_fin(sortie)} {' '.join(echecs)}")
        return _fin(sortie)

    def eprouver(self, mutation: Mutation) -> Constat:
        """What its tests say without the protection."""
        debut = time.monotonic()
        with self._sans(mutation.remplacements):
            code, sortie = self._lancer(_pytest(mutation.essais, mutation.moteur), self._delai)
        verdict, raison = _juger(code, sortie, mutation.essais)
        return Constat(verdict, raison, time.monotonic() - debut)

    def _lancer(self, commande: list[str], delai: float) -> tuple[int | None, str]:
        """The exit code, None beyond the delay, and what was printed."""
        with subprocess.Popen(
            commande,
            cwd=self.dossier,
            env=self._environnement(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as procede:
            try:
                sortie, _ = procede.communicate(timeout=delai)
            except subprocess.TimeoutExpired:
                os.killpg(procede.pid, signal.SIGKILL)
                sortie, _ = procede.communicate()
                return None, sortie
            return procede.returncode, sortie

    def _environnement(self) -> dict[str, str]:
        """Ours, but for where the package is read; a whole line for each failure."""
        return os.environ | {"PYTHONPATH": str(self.dossier / "src"), "COLUMNS": "500"}

    @contextmanager
    def _sans(self, remplacements: tuple[Remplacement, ...]) -> Iterator[None]:
        avant: dict[Path, str] = {}
        try:
            for r in remplacements:
                fichier = self.dossier / r.fichier
                texte = fichier.read_text("utf-8")
                avant.setdefault(fichier, texte)
                _ecrire(fichier, remplacer(texte, r))
            yield
        finally:
            for fichier, texte in avant.items():
                _ecrire(fichier, texte)


def remplacer(texte: str, remplacement: Remplacement) -> str:
    """The text without the protection; it must have been there, once."""
    fois = texte.count(remplacement.trouve)
    if fois != 1:
        raise CopieError(f"{remplacement.fichier} : texte présent {fois} fois, attendu une.")
    return texte.replace(remplacement.trouve, remplacement.remplace)


def _suivis(origine: Path) -> list[str]:
    """What git follows, or would: a file not yet added is tested too."""
    noms = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=origine,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return [nom for nom in noms if nom and (origine / nom).is_file()]


def _ecrire(fichier: Path, texte: str) -> None:
    """Write, and forget what was compiled: Python tells versions apart by the second only."""
    fichier.write_text(texte, "utf-8")
    for compile_ in (fichier.parent / "__pycache__").glob(f"{fichier.stem}.*.pyc"):
        compile_.unlink()


def _pytest(essais: Sequence[str], moteur: str) -> list[str]:
    commande = [sys.executable, "-m", "pytest", "-q", "-n0", "-rfp", "--tb=short"]
    return [*commande, "-p", "no:cacheprovider", "--engine", moteur, *essais]


def _fin(sortie: str) -> str:
    """The last line, which counts."""
    return sortie.strip().rpartition("\n")[2]


def _juger(code: int | None, sortie: str, essais: Sequence[str]) -> tuple[Verdict, str]:
    """Seen when each of the tests failed; not when one passed; all else says nothing."""
    fin = _fin(sortie)
    if code is None:
        return Verdict.INVALIDE, "délai dépassé"
    if code not in {0, 1}:
        return Verdict.INVALIDE, f"pytest {code} : {fin}"
    echecs = {essai: _echec(essai, sortie) for essai in essais}
    for essai, raison in echecs.items():
        if raison is None:
            passe = f"\nPASSED {essai}" in sortie
            return Verdict.SURVIT if passe else Verdict.INVALIDE, f"{essai} : {fin}"
        if raison.startswith(ACCIDENTS):
            return Verdict.INVALIDE, raison
    return Verdict.VU, " ; ".join(raison for raison in echecs.values() if raison)


def _echec(essai: str, sortie: str) -> str | None:
    """Why this test failed, None when it did not."""
    for trouve in _ECHEC.finditer(sortie):
        if trouve[1].startswith(essai):
            return trouve[2] or "échec"
    nom = essai.rpartition("::")[2]
    apres = any(trouve[1] == nom for trouve in _APRES.finditer(sortie))
    return "ce que l’essai a laissé" if apres else None
