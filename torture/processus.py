"""Starting the `cordeau` command, and ending it without warning."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import SystemRandom
from typing import IO, Any

DEMARRAGE_SECONDES = 90
#: Below the ports the system lends by itself: nobody takes ours while a server is down.
PORTS = range(20_000, 30_000)


class DemarrageError(Exception):
    """A server did not come back."""


def port_libre() -> int:
    """A port of the loopback nobody listens on."""
    hasard = SystemRandom()
    for _essai in range(200):
        port = hasard.choice(PORTS)
        with socket.socket() as prise:
            prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                prise.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise DemarrageError("no free port")


def attendre_ecoute(port: int, vivant: "Commande", journal: Path) -> None:
    """Return once someone accepts connections on this port."""
    limite = time.monotonic() + DEMARRAGE_SECONDES
    while not ecoute(port):
        if not vivant.vit or time.monotonic() > limite:
            fin = journal.read_text(errors="replace")[-2000:] if journal.exists() else ""
            raise DemarrageError(f"nobody listens on {port}:\n{fin}")
        time.sleep(0.01)


def ecoute(port: int) -> bool:
    """Whether someone accepts connections on this port of the loopback."""
    with socket.socket() as prise:
        return prise.connect_ex(("127.0.0.1", port)) == 0


class Commande:
    """One running command of Cordeau."""

    def __init__(self, souche: "Souche", pid: int) -> None:
        self._souche = souche
        self.pid = pid
        self._code: int | None = None

    @property
    def vit(self) -> bool:
        """Whether it still runs."""
        if self._code is not None:
            return False
        etat = Path(f"/proc/{self.pid}/stat")
        try:
            return etat.read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    def finir(self, signe: signal.Signals = signal.SIGKILL) -> int:
        """End it and give its exit code; by default as a power cut would."""
        if self._code is None:
            if self.vit:
                os.kill(self.pid, signe)
            self._code = self._souche.attendre(self.pid)
        return self._code


class Souche:
    """The process that forks the commands (`torture.souche`)."""

    def __init__(self, prefixe: Sequence[str] = ()) -> None:
        self._processus = subprocess.Popen(
            [*prefixe, sys.executable, "-m", "torture.souche"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._verrou = threading.Lock()

    def lancer(
        self,
        arguments: Sequence[str],
        reglages: Mapping[str, str],
        nom: Path,
        taille_maximale: int | None = None,
    ) -> Commande:
        """Start `cordeau ARGUMENTS`; its output goes to `nom`.out and `nom`.err."""
        pid = self._demander(
            ordre="lancer",
            arguments=list(arguments),
            reglages=dict(reglages),
            sortie=f"{nom}.out",
            erreurs=f"{nom}.err",
            taille_maximale=taille_maximale,
        )
        return Commande(self, pid)

    def executer(
        self,
        arguments: Sequence[str],
        reglages: Mapping[str, str],
        nom: Path,
        taille_maximale: int | None = None,
    ) -> int:
        """Run `cordeau ARGUMENTS` to its end and give its exit code."""
        return self.attendre(self.lancer(arguments, reglages, nom, taille_maximale).pid)

    def attendre(self, pid: int) -> int:
        """The exit code of a command."""
        return self._demander(ordre="attendre", pid=pid)

    def arreter(self) -> None:
        """End the process; what it forked is ended by its owner."""
        self._tuyau(self._processus.stdin).close()
        self._processus.wait(20)
        self._tuyau(self._processus.stdout).close()

    def _demander(self, **ordre: Any) -> int:
        with self._verrou:
            entree = self._tuyau(self._processus.stdin)
            entree.write(json.dumps(ordre) + "\n")
            entree.flush()
            reponse = self._tuyau(self._processus.stdout).readline()
        if not reponse:
            raise DemarrageError("the process that starts the servers ended")
        return int(reponse)

    @staticmethod
    def _tuyau(bout: IO[str] | None) -> IO[str]:
        assert bout is not None
        return bout
