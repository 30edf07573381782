"""A cluster of three MariaDB nodes on the loopback, from the files of `deploy/galera`."""

import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from string import Template

import pymysql

from torture.mariadb import BASE, chemin, compte, installer
from torture.processus import DemarrageError, ecoute, port_libre

MODELES = Path(__file__).resolve().parents[1] / "deploy" / "galera"
HOTE = "127.0.0.1"
NOEUDS = (1, 2, 3)
DEMARRAGE_SECONDES = 180
#: What a node does not take from another's folder: it is its own, or made again.
PROPRES = ("galera.cache", "gvwstate.dat")


class Noeud:
    """One node and its probe."""

    def __init__(self, rang: int, dossier: Path) -> None:
        self.rang = rang
        self.dossier = dossier / f"noeud{rang}"
        self.donnees = self.dossier / "donnees"
        self.port, self.sonde = port_libre(), port_libre()
        self.port_grappe, self.port_rattrapage, self.port_copie = (port_libre() for _ in range(3))
        self._processus: subprocess.Popen[bytes] | None = None
        self._sonde: subprocess.Popen[bytes] | None = None

    @property
    def vit(self) -> bool:
        """Whether the node runs."""
        return self._processus is not None and self._processus.poll() is None

    def preparer(self, adresses: str) -> None:
        """Its folder and its settings."""
        self.dossier.mkdir(parents=True)
        reglages = {
            "MEMOIRE": "96M",
            "RATTRAPAGE": "64M",
            "ADRESSE": HOTE,
            "PORT": str(self.port),
            "GRAPPE": "essai",
            "NOEUDS": adresses,
            "NOM": f"noeud{self.rang}",
            "PORT_GRAPPE": str(self.port_grappe),
            "PORT_RATTRAPAGE": str(self.port_rattrapage),
            "PORT_COPIE": str(self.port_copie),
            "COMPTE_COPIE": "root:",
        }
        modele = Template((MODELES / "noeud.cnf").read_text("utf-8"))
        (self.dossier / "noeud.cnf").write_text(modele.substitute(reglages), encoding="utf-8")

    def demarrer(self, *, fonder: bool = False) -> None:
        """Start it; `fonder` begins the cluster anew."""
        self._processus = self._lancer("journal", self._commande(fonder=fonder))
        if self._sonde is None or self._sonde.poll() is not None:
            sonde = [sys.executable, str(MODELES / "sonde.py"), "--compte", "root"]
            adresses = ["--ecoute", f"{HOTE}:{self.sonde}", "--base", f"{HOTE}:{self.port}"]
            self._sonde = self._lancer("sonde", [*sonde, *adresses])

    def attendre(self) -> float:
        """Wait until it is up to date; gives the seconds it took."""
        debut = time.monotonic()
        while self.etat() != "Synced":
            if not self.vit or time.monotonic() - debut > DEMARRAGE_SECONDES:
                fin = (self.dossier / "journal").read_text(errors="replace")[-3000:]
                raise DemarrageError(f"node {self.rang} did not join:\n{fin}")
            time.sleep(0.2)
        return time.monotonic() - debut

    def etat(self) -> str:
        """What it says of itself; empty when it says nothing."""
        with suppress(pymysql.Error, OSError):
            return self.demander("SHOW STATUS LIKE 'wsrep_local_state_comment'")[0][1]
        return ""

    def demander(self, ordre: str) -> list[tuple[str, ...]]:
        """One statement on this node."""
        with pymysql.connect(
            host=HOTE, port=self.port, user="root", connect_timeout=2, read_timeout=20
        ) as connexion:
            curseur = connexion.cursor()
            curseur.execute(ordre)
            return list(curseur.fetchall())

    def finir(self, signe: signal.Signals = signal.SIGKILL) -> None:
        """End the node, by default as a power cut would; its probe stays, and says so."""
        if self._processus is not None:
            self._processus.send_signal(signe)
            self._processus.wait(60)
            self._processus = None

    def arreter(self) -> None:
        """End the node and its probe."""
        self.finir()
        if self._sonde is not None:
            self._sonde.kill()
            self._sonde.wait()

    def _lancer(self, journal: str, commande: list[str]) -> subprocess.Popen[bytes]:
        with (self.dossier / journal).open("ab") as sortie:
            return subprocess.Popen(commande, stdout=sortie, stderr=subprocess.STDOUT)

    def _commande(self, *, fonder: bool) -> list[str]:
        return [
            chemin("mariadbd"),
            f"--defaults-file={self.dossier / 'noeud.cnf'}",
            f"--datadir={self.donnees}",
            f"--socket={self.dossier / 's'}",
            f"--pid-file={self.dossier / 'pid'}",
            f"--tmpdir={self.dossier}",
            "--innodb-log-file-size=32M",
            "--performance-schema=OFF",
            *(["--wsrep-new-cluster"] if fonder else []),
            *compte(),
        ]


class Grappe:
    """Three nodes."""

    def __init__(self, dossier: Path) -> None:
        self.noeuds = [Noeud(rang, dossier) for rang in NOEUDS]
        adresses = ",".join(f"{HOTE}:{n.port_grappe}" for n in self.noeuds)
        for noeud in self.noeuds:
            noeud.preparer(adresses)

    def demarrer(self) -> None:
        """Found the cluster on the first node, give the others its folder, let them in."""
        premier, *autres = self.noeuds
        installer(premier.donnees)
        premier.demarrer(fonder=True)
        premier.attendre()
        premier.demander(f"CREATE DATABASE {BASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
        premier.finir(signal.SIGTERM)
        for noeud in autres:
            shutil.copytree(premier.donnees, noeud.donnees, ignore=shutil.ignore_patterns(*PROPRES))
        premier.demarrer(fonder=True)
        premier.attendre()
        for noeud in autres:
            noeud.demarrer()
        for noeud in autres:
            noeud.attendre()

    def arreter(self) -> None:
        """End every node."""
        for noeud in self.noeuds:
            noeud.arreter()


class Haproxy:
    """The two fronts of `deploy/galera`, in one process."""

    def __init__(self, dossier: Path, grappe: Grappe, serveurs: list[int]) -> None:
        self.dossier = dossier
        self.base, self.web = port_libre(), port_libre()
        dossier.mkdir(parents=True)
        reglages = {
            "ADRESSE_LOCALE": HOTE,
            "PORT_BASE": str(self.base),
            "ADRESSE_WEB": HOTE,
            "PORT_WEB": str(self.web),
        }
        for noeud in grappe.noeuds:
            reglages[f"NOEUD{noeud.rang}"] = f"{HOTE}:{noeud.port}"
            reglages[f"SONDE{noeud.rang}"] = str(noeud.sonde)
        for rang, port in enumerate(serveurs, start=1):
            reglages[f"SERVEUR{rang}"] = f"{HOTE}:{port}"
        for nom in ("commun", "base", "web"):
            modele = Template((MODELES / f"haproxy-{nom}.cfg").read_text("utf-8"))
            (dossier / f"{nom}.cfg").write_text(modele.substitute(reglages), encoding="utf-8")

    def demarrer(self) -> None:
        """Start and wait until both fronts listen."""
        fichiers = [str(self.dossier / f"{nom}.cfg") for nom in ("commun", "base", "web")]
        with (self.dossier / "journal").open("ab") as sortie:
            self._processus = subprocess.Popen(
                [chemin("haproxy"), "-db", "--", *fichiers], stdout=sortie, stderr=subprocess.STDOUT
            )
        limite = time.monotonic() + 20
        while not (ecoute(self.base) and ecoute(self.web)):
            if self._processus.poll() is not None or time.monotonic() > limite:
                raise DemarrageError((self.dossier / "journal").read_text(errors="replace"))
            time.sleep(0.05)

    def arreter(self) -> None:
        """End it."""
        self._processus.kill()
        self._processus.wait()
