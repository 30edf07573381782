"""A MariaDB server of our own, as durable as in production, that can be killed and restarted."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pymysql

from torture.processus import DEMARRAGE_SECONDES, DemarrageError, ecoute, port_libre

BASE = "cordeau"


class ServeurMariadb:
    """One `mariadbd` in a folder, on a port of the loopback."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self.port = port_libre()
        self._processus: subprocess.Popen[bytes] | None = None
        dossier.mkdir(parents=True)
        installer(dossier / "donnees")

    @property
    def url(self) -> str:
        """The base, for Cordeau."""
        return f"mysql+pymysql://root@127.0.0.1:{self.port}/{BASE}?charset=utf8mb4"

    def demarrer(self) -> None:
        """Start and wait until it answers; recovery after a kill happens here."""
        with (self.dossier / "journal").open("ab") as journal:
            self._processus = subprocess.Popen(
                self._commande(), stdout=journal, stderr=subprocess.STDOUT
            )
        limite = time.monotonic() + DEMARRAGE_SECONDES
        while not (ecoute(self.port) and self._repond()):
            if self._processus.poll() is not None or time.monotonic() > limite:
                fin = (self.dossier / "journal").read_text(errors="replace")[-2000:]
                raise DemarrageError(f"mariadbd did not start:\n{fin}")
            time.sleep(0.02)

    def creer_base(self) -> None:
        """The empty base of Cordeau."""
        self.executer(f"CREATE DATABASE {BASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")

    def executer(self, ordre: str) -> None:
        """One statement, as administrator."""
        with pymysql.connect(host="127.0.0.1", port=self.port, user="root") as connexion:
            connexion.cursor().execute(ordre)

    def finir(self, signe: signal.Signals = signal.SIGKILL) -> None:
        """End it; by default as a power cut would."""
        if self._processus is not None:
            self._processus.send_signal(signe)
            self._processus.wait(60)
            self._processus = None

    def _repond(self) -> bool:
        try:
            pymysql.connect(host="127.0.0.1", port=self.port, user="root").close()
        except pymysql.Error:
            return False
        return True

    def _commande(self) -> list[str]:
        return [
            chemin("mariadbd"),
            "--no-defaults",
            f"--datadir={self.dossier / 'donnees'}",
            f"--socket={self.dossier / 's'}",
            f"--pid-file={self.dossier / 'pid'}",
            f"--tmpdir={self.dossier}",
            "--bind-address=127.0.0.1",
            f"--port={self.port}",
            "--skip-name-resolve",
            "--skip-log-bin",
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-buffer-pool-size=128M",
            "--innodb-log-file-size=32M",
            "--performance-schema=OFF",
            "--max-allowed-packet=64M",
            *compte(),
        ]


def chemin(programme: str) -> str:
    """Where a program is; Debian keeps servers out of an ordinary user's path."""
    trouve = shutil.which(programme, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if trouve is None:
        raise DemarrageError(f"{programme} manque : faites « make test-deps ».")
    return trouve


def installer(donnees: Path) -> None:
    """The tables of a new server, in an empty folder."""
    subprocess.run(
        [
            "mariadb-install-db",
            "--no-defaults",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            f"--datadir={donnees}",
            *compte(),
        ],
        check=True,
        capture_output=True,
    )


def compte() -> list[str]:
    """The server refuses to run as root unless told so."""
    return ["--user=root"] if os.geteuid() == 0 else []
