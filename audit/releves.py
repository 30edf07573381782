"""What `pip-audit` and `npm audit` answer, read into one shape.

Both exit 0, or say « not found », when their service is out of reach: the absence of an answer is
read package by package, never taken for good news.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RACINE = Path(__file__).parent.parent
VERROUS_PYTHON = ("requirements.lock", "requirements-dev.lock")
ATTENTE_SECONDES = 120


@dataclass(frozen=True, slots=True)
class Alerte:
    """A known vulnerability of a package we use."""

    paquet: str
    version: str
    #: Its names: GHSA, PYSEC, CVE.
    identifiants: frozenset[str]
    titre: str = ""


@dataclass(slots=True)
class Releve:
    """The answer of one service."""

    outil: str
    examines: int = 0
    alertes: list[Alerte] = field(default_factory=list)
    #: Packages nobody answered about.
    muets: int = 0
    #: Why nothing at all was answered.
    panne: str = ""

    @property
    def complet(self) -> bool:
        """Whether every package was answered for."""
        return not self.panne and not self.muets and self.examines > 0


def relever_pip() -> Releve:
    """Ask about the Python packages of both locks."""
    verrous = [option for nom in VERROUS_PYTHON for option in ("-r", str(RACINE / nom))]
    return lire_pip(
        _demander(
            [
                *(sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip"),
                *("--progress-spinner", "off", "--format", "json", *verrous),
            ],
            RACINE,
        )
    )


def relever_npm() -> Releve:
    """Ask about the packages the pages use."""
    npm = shutil.which("npm")
    if npm is None:
        return Releve("npm audit", panne="npm est absent")
    return lire_npm(_demander([npm, "audit", "--json"], RACINE / "frontend"))


def lire_pip(sortie: str) -> Releve:
    """The answer of `pip-audit --format json`."""
    releve = Releve("pip-audit")
    rapport = _json(sortie)
    if rapport is None or not rapport.get("dependencies"):
        releve.panne = _resume(sortie)
        return releve
    for paquet in rapport["dependencies"]:
        if "skip_reason" in paquet:
            releve.muets += 1
            continue
        releve.examines += 1
        releve.alertes += [
            Alerte(
                paquet["name"],
                paquet["version"],
                frozenset({faille["id"], *faille.get("aliases", [])}),
                str(faille.get("description", "")).split("\n")[0][:120],
            )
            for faille in paquet["vulns"]
        ]
    return releve


def lire_npm(sortie: str) -> Releve:
    """The answer of `npm audit --json`."""
    releve = Releve("npm audit")
    rapport = _json(sortie)
    if rapport is None or not isinstance(rapport.get("vulnerabilities"), dict):
        releve.panne = _resume(str((rapport or {}).get("message") or sortie))
        return releve
    releve.examines = rapport["metadata"]["dependencies"]["total"]
    for nom, faille in rapport["vulnerabilities"].items():
        for cause in faille["via"]:
            if isinstance(cause, Mapping):
                identifiant = str(cause.get("url", "")).rpartition("/")[2] or str(cause["source"])
                releve.alertes.append(
                    Alerte(nom, str(faille["range"]), frozenset({identifiant}), cause["title"])
                )
    return releve


def _demander(commande: list[str], dossier: Path) -> str:
    try:
        fini = subprocess.run(
            commande,
            cwd=dossier,
            capture_output=True,
            text=True,
            timeout=ATTENTE_SECONDES,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"aucune réponse en {ATTENTE_SECONDES} s"
    return fini.stdout or fini.stderr


def _json(sortie: str) -> dict[str, Any] | None:
    try:
        lu = json.loads(sortie)
    except ValueError:
        return None
    return lu if isinstance(lu, dict) else None


def _resume(sortie: str) -> str:
    lignes = [ligne.strip() for ligne in sortie.splitlines() if ligne.strip()]
    return (lignes[-1] if lignes else "aucune réponse")[:200]
