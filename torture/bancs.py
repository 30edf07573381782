"""The instances under test: how each engine is prepared, started, killed and put back."""

import signal
from contextlib import ExitStack
from pathlib import Path
from random import Random

from cordeau.auth import commands as auth
from cordeau.core.dates import aujourd_hui
from cordeau.core.db import Database
from cordeau.core.permissions import SYSTEME, Role
from cordeau.entreprise.demo import creer_entreprise
from torture.mariadb import ServeurMariadb
from torture.processus import Commande, DemarrageError, Souche, attendre_ecoute, port_libre

EMAIL, MOT_DE_PASSE = "torture@example.com", "une phrase assez longue"


class Instance:
    """What both engines share: a data folder, a port, the command that serves."""

    def __init__(self, dossier: Path, smtp: int, url: str, souche: Souche) -> None:
        self.dossier = dossier
        #: Where what the commands print goes.
        self.journaux = dossier
        #: Bytes no file of a command may exceed: its writes fail beyond, as on a broken disk.
        self.taille_maximale: int | None = None
        self.url = url
        self.port = port_libre()
        self.souche = souche
        self.jeton = ""
        self._commandes: dict[str, Commande] = {}
        self._reglages = {
            "CORDEAU_DATA": str(dossier / "var"),
            "CORDEAU_DATABASE_URL": url,
            "CORDEAU_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
            "CORDEAU_BASE_URL": "http://erp.example",
        }

    def executer(self, *arguments: str) -> tuple[int, str]:
        """Run a command to its end; its output is that of this run alone."""
        nom = self.journaux / "commande"
        for suffixe in (".out", ".err"):
            Path(f"{nom}{suffixe}").unlink(missing_ok=True)
        code = self.souche.executer(arguments, self._reglages, nom, self.taille_maximale)
        return code, Path(f"{nom}.out").read_text("utf-8") + Path(f"{nom}.err").read_text("utf-8")

    def lancer(self, nom: str, *arguments: str) -> None:
        """Start a command that lasts, unless it runs."""
        if nom not in self._commandes or not self._commandes[nom].vit:
            self.finir(nom)
            self._commandes[nom] = self.souche.lancer(
                arguments, self._reglages, self.journaux / nom, self.taille_maximale
            )

    def commande(self, nom: str) -> Commande:
        """A command that was started."""
        return self._commandes[nom]

    def attendre(self, nom: str) -> None:
        """Wait until it serves."""
        attendre_ecoute(self.port, self._commandes[nom], self.journaux / f"{nom}.err")

    def finir(self, nom: str, signe: signal.Signals = signal.SIGKILL) -> None:
        """End a command, if it runs."""
        commande = self._commandes.pop(nom, None)
        if commande is not None:
            commande.finir(signe)

    def verifier(self) -> list[str]:
        """What is wrong with the ledger, sums and words kept, by the commands anyone can run."""
        dits = {
            "Registre": self.executer("ledger", "verify", "--json"),
            "Sommes": self.executer("agregats", "verifier"),
            "Mots": self.executer("recherche", "verifier"),
        }
        return [f"{nom} : {code} {dit[:500]}" for nom, (code, dit) in dits.items() if code != 0]

    def installer(self) -> None:
        """Schema, firm, administrator and token."""
        code, dit = self.executer("migrate")
        if code != 0:
            raise DemarrageError(dit)
        database = Database(self.url)
        try:
            with database.write() as session:
                creer_entreprise(session, aujourd_hui(), actor=SYSTEME)
                user = auth.ajouter_utilisateur(
                    session,
                    email=EMAIL,
                    nom="Torture",
                    role=Role.ADMIN,
                    password=MOT_DE_PASSE,
                    actor=SYSTEME,
                )
                self.jeton = auth.creer_jeton(session, user, actor=SYSTEME)
        finally:
            database.dispose()


class BancSqlite(Instance):
    """One process that serves and works, on a file."""

    def __init__(self, dossier: Path, smtp: int, souche: Souche) -> None:
        super().__init__(dossier, smtp, f"sqlite:///{dossier / 'var' / 'cordeau.db'}", souche)

    def demarrer(self) -> None:
        """Start the server."""
        self.lancer("serveur", "serve", "--port", str(self.port))
        self.attendre("serveur")

    def choisir(self, _hasard: Random) -> tuple[str, ...]:
        """There is only one process."""
        return ("serveur",)

    def tuer(self, victimes: tuple[str, ...]) -> None:
        """Kill it."""
        for nom in victimes:
            self.finir(nom)

    def arreter(self) -> None:
        """Kill it for good."""
        self.finir("serveur")


class BancMariadb(Instance):
    """A database server of our own, a server without worker, a worker."""

    def __init__(self, dossier: Path, smtp: int, souche: Souche) -> None:
        self.base = ServeurMariadb(dossier / "mariadb")
        self.base.demarrer()
        self.base.creer_base()
        super().__init__(dossier, smtp, self.base.url, souche)
        self._base_vit = True

    def demarrer(self) -> None:
        """Start what was killed."""
        if not self._base_vit:
            self.base.demarrer()
            self._base_vit = True
        self.lancer("serveur", "serve", "--sans-worker", "--port", str(self.port))
        self.lancer("ouvrier", "worker")
        self.attendre("serveur")

    def choisir(self, hasard: Random) -> tuple[str, ...]:
        """The server, the worker, the database, or all at once."""
        return hasard.choices(
            [("serveur",), ("ouvrier",), ("base",), ("serveur", "ouvrier", "base")],
            [40, 20, 30, 10],
        )[0]

    def tuer(self, victimes: tuple[str, ...]) -> None:
        """Kill them."""
        for nom in victimes:
            if nom == "base":
                self.base.finir()
                self._base_vit = False
            else:
                self.finir(nom)

    def arreter(self) -> None:
        """Kill everything."""
        with ExitStack() as pile:
            pile.callback(self.base.finir)
            pile.callback(self.finir, "serveur")
            pile.callback(self.finir, "ouvrier")


def ouvrir_banc(
    moteur: str, dossier: Path, smtp: int, souche: Souche
) -> "BancSqlite | BancMariadb":
    """The instance of this engine, in an empty folder."""
    (dossier / "var").mkdir(parents=True)
    return (BancSqlite if moteur == "sqlite" else BancMariadb)(dossier, smtp, souche)
