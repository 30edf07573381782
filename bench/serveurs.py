"""Servers under measure: started on a free port, asked over one kept connection, stopped."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

ADRESSE = re.compile(r"http://127\.0\.0\.1:(\d+)")
ARRET_SECONDES = 20
#: uvicorn closes a connection that says nothing for five seconds.
REPOS_SECONDES = 2


class Serveur:
    """A server and the connection to it."""

    def __init__(self, processus: subprocess.Popen[str], port: int) -> None:
        self.pid = processus.pid
        self._connexion = HTTPConnection("127.0.0.1", port, timeout=60)
        self._servi = time.monotonic()

    def demander(
        self,
        methode: str,
        chemin: str,
        corps: bytes | None = None,
        entetes: Mapping[str, str] | None = None,
    ) -> bytes:
        """The body of the answer; anything but a success stops the bench."""
        if time.monotonic() - self._servi > REPOS_SECONDES:
            self._connexion.close()  # opens again at the next request
        self._connexion.request(methode, chemin, body=corps, headers=dict(entetes or {}))
        reponse = self._connexion.getresponse()
        contenu = reponse.read()
        self._servi = time.monotonic()
        if reponse.status >= 300:
            raise RuntimeError(f"{methode} {chemin}: {reponse.status} {contenu[:500]!r}")
        return contenu

    def memoire(self) -> float:
        """Megabytes it holds that no other process shares, and those it shares (RSS)."""
        for ligne in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if ligne.startswith("VmRSS:"):
                return int(ligne.split()[1]) / 1024
        raise RuntimeError("VmRSS missing")

    def fermer(self) -> None:
        """Close the connection."""
        self._connexion.close()


@contextmanager
def servir_cordeau(data: Path, url: str) -> Iterator[Serveur]:
    """Cordeau on this base, without its worker."""
    commande = ["-m", "cordeau", "serve", "--sans-worker", "--port", "0"]
    with _servir(
        commande, data / "serveur.log", CORDEAU_DATA=str(data), CORDEAU_DATABASE_URL=url
    ) as serveur:
        yield serveur


@contextmanager
def servir_plancher(url: str, releves: Path) -> Iterator[Serveur]:
    """The bare routes on this base."""
    commande = ["-m", "bench.plancher", url, str(releves)]
    with _servir(commande, releves.parent / "plancher.log") as serveur:
        yield serveur


@contextmanager
def _servir(commande: list[str], journal: Path, **reglages: str) -> Iterator[Serveur]:
    propre = {nom: v for nom, v in os.environ.items() if not nom.startswith("CORDEAU_")}
    with journal.open("w") as erreurs:
        processus = subprocess.Popen(
            [sys.executable, *commande],
            env=propre | reglages,
            stdout=subprocess.PIPE,
            stderr=erreurs,
            text=True,
        )
        try:
            serveur = Serveur(processus, _port(processus, journal))
            yield serveur
            serveur.fermer()
        finally:
            _arreter(processus)


def _port(processus: subprocess.Popen[str], journal: Path) -> int:
    """The port it says it listens on; the program ended when it says nothing more."""
    assert processus.stdout is not None
    for ligne in processus.stdout:
        trouve = ADRESSE.search(ligne)
        if trouve:
            return int(trouve.group(1))
    raise RuntimeError(f"server did not start: {journal.read_text()[-2000:]}")


def _arreter(processus: subprocess.Popen[str]) -> None:
    processus.terminate()
    try:
        processus.wait(ARRET_SECONDES)
    except subprocess.TimeoutExpired:
        processus.kill()
        processus.wait()
    if processus.stdout is not None:
        processus.stdout.close()
