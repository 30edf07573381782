"""`python -m torture.epreuve`: the cluster of `deploy/galera` under load, its parts killed in turn.

The writing node, then an application server, then the writing node while it is being backed up:
nothing acknowledged is lost, on any node; the service is back in ten seconds; the node rejoins.
"""

import argparse
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from torture.bancs import Instance
from torture.charge import Charge, Fil
from torture.controle import controler
from torture.facteur import Facteur, distribuer
from torture.galera import Grappe, Haproxy, Noeud
from torture.mariadb import BASE, chemin
from torture.processus import DemarrageError, Souche, attendre_ecoute, port_libre
from torture.releve import ouvrir, relever
from torture.reseau import Client
from torture.seance import ouvrir_fils
from torture.temoin import Issue, Temoin

#: Seconds of load before a kill, and after it.
AVANT, APRES = 4.0, 14.0
REPRISE_SECONDES = 10.0
SERVEURS = ("serveur1", "serveur2")
ETAPES = ("noeud", "serveur", "sauvegarde")


@dataclass(slots=True)
class Resultat:
    """What one kill showed."""

    etape: str
    ecritures: int = 0
    inconnues: int = 0
    #: Longest time without an acknowledgement from the kill on.
    silence: float = 0.0
    #: Time a killed node took to be up to date again.
    retour: float | None = None
    violations: list[str] = field(default_factory=list)


class BancGrappe(Instance):
    """Two servers and a worker behind one front, on three nodes behind another."""

    def __init__(self, dossier: Path, smtp: int, souche: Souche) -> None:
        self.ports = [port_libre() for _ in SERVEURS]
        self.grappe = Grappe(dossier)
        self.haproxy = Haproxy(dossier / "haproxy", self.grappe, self.ports)
        url = f"mysql+pymysql://root@127.0.0.1:{self.haproxy.base}/{BASE}?charset=utf8mb4"
        super().__init__(dossier, smtp, url, souche)
        self.port = self.haproxy.web

    def demarrer(self) -> None:
        """Start the servers that do not run, and the worker."""
        for nom, port in zip(SERVEURS, self.ports, strict=True):
            self.lancer(nom, "serve", "--sans-worker", "--port", str(port))
        self.lancer("ouvrier", "worker")
        for nom, port in zip(SERVEURS, self.ports, strict=True):
            attendre_ecoute(port, self.commande(nom), self.journaux / f"{nom}.err")

    def ecrivain(self) -> Noeud:
        """The node the front gives the writes to."""
        moteur = create_engine(self.url, poolclass=NullPool)
        with moteur.connect() as connexion:
            nom = connexion.exec_driver_sql("SELECT @@wsrep_node_name").scalar()
        return next(n for n in self.grappe.noeuds if nom == f"noeud{n.rang}")

    def url_de(self, noeud: Noeud) -> str:
        """The base as one node has it."""
        return f"mysql+pymysql://root@127.0.0.1:{noeud.port}/{BASE}?charset=utf8mb4"


class Epreuve:
    """A cluster, its clients and their witness."""

    def __init__(
        self, banc: BancGrappe, facteur: Facteur, temoin: Temoin, fils: list[Fil], graine: int
    ) -> None:
        self.banc = banc
        self._facteur = facteur
        self._temoin = temoin
        self._fils = fils
        self._graine = graine

    def jouer(self, rang: int, etape: str) -> Resultat:
        """Load, kill, go on loading, bring back, check every node."""
        tuer: Callable[[], Noeud | None] = {
            "noeud": self._tuer_le_noeud,
            "serveur": self._tuer_un_serveur,
            "sauvegarde": self._tuer_le_noeud_sauvegarde,
        }[etape]
        charge = Charge(self._fils, self._temoin, self._graine, rang)
        charge.lancer()
        time.sleep(AVANT)
        instant = time.monotonic()
        noeud = tuer()
        time.sleep(APRES)
        charge.arreter()
        resultat = Resultat(etape)
        self._mesurer(resultat, rang, instant, time.monotonic())
        if noeud is not None:
            noeud.demarrer()
            resultat.retour = noeud.attendre()
        self.banc.demarrer()
        charge.denouer()
        self._juger(resultat, rang)
        return resultat

    def _tuer_le_noeud(self) -> Noeud:
        noeud = self.banc.ecrivain()
        noeud.finir()
        return noeud

    def _tuer_un_serveur(self) -> None:
        self.banc.finir(SERVEURS[0])

    def _tuer_le_noeud_sauvegarde(self) -> Noeud:
        """While `mariadb-backup` copies it: the copy fails, the service does not."""
        noeud = self.banc.ecrivain()
        cible = self.banc.dossier / "copie"
        copie = subprocess.Popen(
            [
                chemin("mariadb-backup"),
                "--no-defaults",
                "--backup",
                "--user=root",
                f"--socket={noeud.dossier / 's'}",
                f"--datadir={noeud.donnees}",
                f"--target-dir={cible}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not any(cible.glob("*")) and copie.poll() is None:
            time.sleep(0.01)
        noeud.finir()
        copie.wait(60)
        return noeud

    def _mesurer(self, resultat: Resultat, rang: int, debut: float, fin: float) -> None:
        """The longest time nobody was served, between the kill and the end of the load."""
        du_tour = self._temoin.du_tour(rang)
        acquits = sorted(g.acquitte_a for g in du_tour if g.issue is Issue.ACQUITTE)
        instants = [debut, *(a for a in acquits if debut < a < fin), fin]
        resultat.silence = max(b - a for a, b in pairwise(instants))
        if resultat.silence > REPRISE_SECONDES:
            resultat.violations.append(f"{resultat.silence:.1f} s sans service")

    def _juger(self, resultat: Resultat, rang: int) -> None:
        """What the witness was promised, on every node; then the ledger."""
        du_tour = self._temoin.du_tour(rang)
        resultat.ecritures = sum(g.issue is Issue.ACQUITTE for g in du_tour)
        resultat.inconnues = sum(g.issue is Issue.INCONNU for g in du_tour)
        if any(g.cle and g.issue is Issue.INCONNU for g in du_tour):
            resultat.violations.append("Des clés sont restées sans réponse")
        for noeud in self.banc.grappe.noeuds:
            lecture = ouvrir(self.banc.url_de(noeud))
            releve = relever(lecture)
            trouvees = controler(releve, self._temoin.gestes, recus=self._facteur.recus())
            resultat.violations += [f"nœud {noeud.rang} : {v}" for v in trouvees]
        resultat.violations += self.banc.verifier()


@contextmanager
def ouvrir_epreuve(dossier: Path, graine: int) -> Iterator[Epreuve]:
    """Everything on the loopback, in this folder."""
    (dossier / "instance" / "var").mkdir(parents=True)
    with ExitStack() as pile:
        smtp = port_libre()
        facteur = pile.enter_context(distribuer(smtp))
        souche = Souche()
        pile.callback(souche.arreter)
        banc = BancGrappe(dossier / "instance", smtp, souche)
        pile.callback(banc.grappe.arreter)
        banc.grappe.demarrer()
        banc.haproxy.demarrer()
        pile.callback(banc.haproxy.arreter)
        for nom in ("ouvrier", *SERVEURS):
            pile.callback(banc.finir, nom)
        temoin = Temoin(dossier / "temoin.jsonl")
        pile.callback(temoin.fermer)
        banc.installer()
        banc.demarrer()
        _attendre_le_frontal(banc)
        fils = ouvrir_fils(banc.port, banc.jeton)
        yield Epreuve(banc, facteur, temoin, fils, graine)


def _attendre_le_frontal(banc: BancGrappe) -> None:
    """Return once the front has found a server that answers."""
    client = Client(banc.port, banc.jeton)
    limite = time.monotonic() + 30
    while client.demander("GET", "/sante").statut != 200:
        if time.monotonic() > limite:
            raise DemarrageError("the front finds no server")
        time.sleep(0.1)
    client.fermer()


def main() -> int:
    """0 when nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m torture.epreuve", description=__doc__)
    parser.add_argument("fois", type=int, nargs="?", default=1, help="how often each is killed")
    parser.add_argument("--graine", type=int, default=secrets.randbelow(10**9))
    demande = parser.parse_args()
    dossier = Path(tempfile.mkdtemp(prefix="cordeau-galera-"))
    print(f"SEED={demande.graine}, {dossier}", flush=True)
    resultats: list[Resultat] = []
    with ouvrir_epreuve(dossier, demande.graine) as epreuve:
        for rang, etape in enumerate(ETAPES * demande.fois, start=1):
            resultats.append(epreuve.jouer(rang, etape))
            print(ligne(resultats[-1]), flush=True)
            if resultats[-1].violations:
                break
    violations = [v for r in resultats for v in r.violations]
    for violation in violations[:50]:
        print(f"VIOLATION  {violation}")
    if violations:
        print(f"Dossier gardé : {dossier}")
        return 1
    shutil.rmtree(dossier)
    return 0


def ligne(resultat: Resultat) -> str:
    """One kill, on one line."""
    retour = "" if resultat.retour is None else f", nœud revenu en {resultat.retour:.1f} s"
    return (
        f"{resultat.etape:<11} {resultat.ecritures} écritures acquittées, "
        f"{resultat.inconnues} sans réponse et sans clé, silence {resultat.silence:.1f} s{retour}, "
        f"{len(resultat.violations)} violations"
    )


if __name__ == "__main__":
    sys.exit(main())
