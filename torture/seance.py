"""A run: rounds of load, kill, restart and check on one instance that is kept all along."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import bindparam, text

from cordeau.core.columns import UtcDateTime
from torture.bancs import BancMariadb, BancSqlite, ouvrir_banc
from torture.charge import Charge, Commun, Fil
from torture.controle import controler
from torture.facteur import Facteur, distribuer
from torture.processus import Souche, port_libre
from torture.releve import Releve, identifiant, ouvrir, plus_bas, relever
from torture.reseau import Client
from torture.temoin import Geste, Issue, Temoin

FILS = 4
CLIENTS = 8
#: Moment of the kill after the load begins, seconds.
DELAIS = (0.05, 1.5)
#: Every so many rounds: all of the base is checked, the ledger too, and the jobs catch up.
ENTIER = 25
RATTRAPAGE_SECONDES = 30.0


@dataclass(slots=True)
class Bilan:
    """The figures of a run."""

    moteur: str
    graine: int
    tours: int = 0
    gestes: Counter[Issue] = field(default_factory=Counter)
    natures: Counter[str] = field(default_factory=Counter)
    tues: Counter[str] = field(default_factory=Counter)
    repetitions: int = 0
    travaux: Counter[str] = field(default_factory=Counter)
    courriels: int = 0
    registre: int = 0
    secondes: float = 0.0
    violations: list[str] = field(default_factory=list)


class Seance:
    """One instance under torture."""

    def __init__(
        self,
        bilan: Bilan,
        banc: BancSqlite | BancMariadb,
        facteur: Facteur,
        temoin: Temoin,
        dire: Callable[[Bilan], None],
    ) -> None:
        self.bilan = bilan
        self.banc = banc
        self.temoin = temoin
        self._facteur = facteur
        self._dire = dire
        self._lecture = ouvrir(banc.url)
        self._fils = ouvrir_fils(banc.port, banc.jeton)

    def jouer(self, tours: int) -> Bilan:
        """Play rounds until one shows a violation, then let every job end."""
        debut = time.monotonic()
        for tour in range(1, tours + 1):
            self._tour(tour, entier=tour % ENTIER == 0 or tour == tours)
            self.bilan.secondes = time.monotonic() - debut
            if tour % ENTIER == 0:
                self._dire(self.bilan)
            if self.bilan.violations:
                break
        return self.bilan

    def _tour(self, tour: int, *, entier: bool) -> None:
        hasard = Random(f"{self.bilan.graine}/{tour}")
        debut = time.time_ns() // 1_000_000 - 1000
        charge = Charge(self._fils, self.temoin, self.bilan.graine, tour)
        charge.lancer()
        time.sleep(hasard.uniform(*DELAIS))
        victimes = self.banc.choisir(hasard)
        self.banc.tuer(victimes)
        time.sleep(hasard.uniform(0.0, 0.2))
        if victimes == ("base",):  # the server is alive: it answers or waits for the database
            self.banc.demarrer()
        charge.arreter()
        self.banc.demarrer()
        charge.denouer()
        self._compter(tour, victimes)
        if entier:
            self._rattraper()
        self._controler(tour, debut, entier=entier)

    def _controler(self, tour: int, debut: int, *, entier: bool) -> None:
        """All of the base, or what this round touched."""
        gestes = self.temoin.gestes if entier else self.temoin.du_tour(tour)
        touches = None if entier else _touches(gestes)
        releve = relever(self._lecture, touches, plus_bas(debut))
        bilan = self.bilan
        bilan.violations += controler(releve, gestes, recus=self._facteur.recus())
        if entier:
            self._resumer(releve)
            bilan.violations += self.banc.verifier()
            bilan.registre += 1
            if tour_inacheves := [g for g in gestes if g.cle and g.issue is Issue.INCONNU]:
                bilan.violations.append(f"{len(tour_inacheves)} clés sans réponse")

    def _compter(self, tour: int, victimes: tuple[str, ...]) -> None:
        bilan = self.bilan
        bilan.tours = tour
        bilan.tues.update(victimes)
        for geste in self.temoin.du_tour(tour):
            bilan.gestes[geste.issue] += 1
            bilan.repetitions += geste.envois - 1
            if geste.issue is Issue.ACQUITTE:
                bilan.natures[geste.nature] += 1

    def _resumer(self, releve: Releve) -> None:
        self.bilan.travaux = Counter(job.etat for job in releve.jobs)
        self.bilan.courriels = sum(self._facteur.recus().values())

    def _rattraper(self) -> None:
        """Two minutes pass for the leases of dead workers, then the jobs due are done."""
        with self._lecture.connect() as connexion:
            connexion.execute(text(LIBERER))
            connexion.commit()
        limite = time.monotonic() + RATTRAPAGE_SECONDES
        while time.monotonic() < limite:
            with self._lecture.connect() as connexion:
                if not connexion.scalar(RESTENT, {"instant": datetime.now(UTC)}):
                    return
            time.sleep(0.3)


@contextmanager
def ouvrir_seance(
    moteur: str, dossier: Path, graine: int, dire: Callable[[Bilan], None] = lambda _bilan: None
) -> Iterator[Seance]:
    """An instance on a free port, its mail server and its witness, in this folder."""
    dossier.mkdir(parents=True, exist_ok=True)
    with ExitStack() as pile:
        smtp = port_libre()
        facteur = pile.enter_context(distribuer(smtp))
        souche = Souche()
        pile.callback(souche.arreter)
        banc = ouvrir_banc(moteur, dossier / "instance", smtp, souche)
        pile.callback(banc.arreter)
        temoin = Temoin(dossier / "temoin.jsonl")
        pile.callback(temoin.fermer)
        banc.installer()
        banc.demarrer()
        yield Seance(Bilan(moteur, graine), banc, facteur, temoin, dire)


def ouvrir_fils(port: int, jeton: str) -> list[Fil]:
    """The clients of a run, and whom they write to."""
    commun = Commun()
    premier = Client(port, jeton)
    clients = [creer_client(premier, rang) for rang in range(CLIENTS)]
    premier.fermer()
    return [Fil(rang, Client(port, jeton), clients, commun) for rang in range(FILS)]


LIBERER = "UPDATE job SET bail_jusqu_a = '2020-01-01 00:00:00' WHERE etat = 'EN_COURS'"
RESTENT = text(
    "SELECT COUNT(*) FROM job WHERE etat IN ('EN_ATTENTE', 'EN_COURS') AND a_partir_de <= :instant"
).bindparams(bindparam("instant", type_=UtcDateTime()))


def _touches(gestes: list[Geste]) -> set[str]:
    """Rows the gestures name: what they act on and what they were answered."""
    ids = {identifiant(g.cible) for g in gestes if g.cible}
    return ids | {identifiant(g.reponse["id"]) for g in gestes if g.reponse.get("id")}


def creer_client(reseau: Client, rang: int) -> str:
    """Someone who may be billed."""
    corps = {
        "type": "PARTICULIER",
        "nom": f"Client {rang}",
        "adresse": {"ligne1": f"{rang + 1} rue du Mail", "codePostal": "49000", "ville": "Angers"},
    }
    reponse = reseau.demander("POST", "/api/v1/clients", corps)
    assert reponse.statut == 201, reponse
    return str(reponse.corps["id"])
