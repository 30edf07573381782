"""The bases tests run on: an SQLite file, and a MariaDB server of our own or a given one.

Both are made once per process and put back to their first state before each test.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Connection, create_engine, event, make_url, text
from sqlalchemy.pool import NullPool

import cordeau.models  # noqa: F401 (declares every table)
from cordeau import migrate
from cordeau.core.db import Base, Database, garder_schema
from cordeau.core.ids import new_id
from cordeau.entreprise.mentions import MENTIONS_INITIALES
from cordeau.entreprise.models import Mention

URL_MYSQL = "CORDEAU_TEST_MYSQL_URL"
DEMARRAGE_SECONDES = 60


class BaseDeTest(Protocol):
    """A base with the current schema and what every new installation holds."""

    url: str

    def remettre_a_neuf(self) -> None:
        """Forget everything the previous test wrote."""

    def arreter(self) -> None:
        """Give back what was taken from the machine."""


class BaseSqlite:
    """A file, copied from a template before each test."""

    def __init__(self) -> None:
        self._dossier = Path(tempfile.mkdtemp(prefix="cordeau-sqlite-"))
        self._modele = self._dossier / "modele.db"
        self._fichier = self._dossier / "base.db"
        self.url = f"sqlite:///{self._fichier}"
        database = ouvrir(f"sqlite:///{self._modele}")
        preparer_schema(database)
        database.dispose()

    def remettre_a_neuf(self) -> None:
        """Copy the template again."""
        for suffixe in ("", "-wal", "-shm"):
            Path(f"{self._fichier}{suffixe}").unlink(missing_ok=True)
        shutil.copyfile(self._modele, self._fichier)

    def arreter(self) -> None:
        """Delete the files."""
        shutil.rmtree(self._dossier, ignore_errors=True)


class BaseMariadb:
    """A base on a MariaDB or MySQL server, emptied table by table."""

    def __init__(self, url: URL) -> None:
        self.url = url.render_as_string(hide_password=False)
        database = ouvrir(self.url)
        _supprimer_tables(database)
        preparer_schema(database)
        database.dispose()
        self._moteur = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connexion = self._moteur.connect()
        self._connexion.exec_driver_sql("SET lock_wait_timeout = 10, innodb_lock_wait_timeout = 10")
        self._connexion.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 0")
        self._tables = _tables(self._connexion)
        self._premieres = self._lire_premieres_lignes()
        self._gardees = frozenset(_tables_a_declencheur(self._connexion))

    def remettre_a_neuf(self) -> None:
        """Empty the tables that have rows, then write the first rows again."""
        for table in self._pleines():
            vider = "TRUNCATE TABLE" if table in self._gardees else "DELETE FROM"
            self._connexion.exec_driver_sql(f"{vider} `{table}`")
        avant = [
            {**tete, "rang": 0, "empreinte": "0" * 64} for tete in self._premieres["registre_tete"]
        ]
        self._inserer("registre_tete", avant)  # an entry follows a head, which then moves onto it
        for table, lignes in self._premieres.items():
            if table != "registre_tete":
                self._inserer(table, lignes)
        avancer = text(
            "UPDATE registre_tete SET rang = :rang, empreinte = :empreinte "
            "WHERE journal = :journal AND rang < :rang"
        )
        self._connexion.execute(avancer, self._premieres["registre_tete"])

    def _inserer(self, table: str, lignes: Sequence[Mapping[str, Any]]) -> None:
        colonnes = ", ".join(f"`{nom}`" for nom in lignes[0])
        valeurs = ", ".join(f":{nom}" for nom in lignes[0])
        self._connexion.execute(
            text(f"INSERT INTO `{table}` ({colonnes}) VALUES ({valeurs})"),  # noqa: S608
            lignes,
        )

    def arreter(self) -> None:
        """Leave the base as found: without tables."""
        self._connexion.close()
        self._moteur.dispose()

    def _pleines(self) -> list[str]:
        question = " UNION ALL ".join(
            f"(SELECT '{table}' FROM `{table}` LIMIT 1)"  # noqa: S608 (names of our own tables)
            for table in self._tables
        )
        return [table for (table,) in self._connexion.exec_driver_sql(question)]

    def _lire_premieres_lignes(self) -> dict[str, list[dict[str, Any]]]:
        return {
            table: [
                dict(ligne)
                for ligne in self._connexion.exec_driver_sql(
                    f"SELECT * FROM `{table}`"  # noqa: S608
                ).mappings()
            ]
            for table in self._pleines()
        }


class ServeurMariadb:
    """A MariaDB server of our own, in a temporary folder, reached by a socket."""

    def __init__(self) -> None:
        self._dossier = Path(tempfile.mkdtemp(prefix="cordeau-mdb-"))
        self._dossier.chmod(0o755)
        self._installer()
        self._journal = (self._dossier / "journal").open("wb")
        self._processus = subprocess.Popen(
            self._commande(), stdout=self._journal, stderr=subprocess.STDOUT
        )
        self._attendre()

    def creer_base(self, nom: str) -> URL:
        """A new empty base on this server."""
        moteur = create_engine(self._url(), poolclass=NullPool)
        with moteur.connect() as connexion:
            connexion.exec_driver_sql(
                f"CREATE DATABASE `{nom}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
            )
        return self._url().set(database=nom)

    def arreter(self) -> None:
        """Stop the server and delete its folder."""
        self._processus.terminate()
        try:
            self._processus.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._processus.kill()
            self._processus.wait()
        self._journal.close()
        shutil.rmtree(self._dossier, ignore_errors=True)

    def _url(self) -> URL:
        prise = str(self._dossier / "s")
        return URL.create("mysql+pymysql", "root", host="localhost", query={"unix_socket": prise})

    def _installer(self) -> None:
        """Write the first files; a machine too busy for it is given a second chance."""
        for dernier in (False, True):
            fait = subprocess.run(
                [
                    "mariadb-install-db",
                    "--no-defaults",
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                    f"--datadir={self._dossier / 'donnees'}",
                    f"--tmpdir={self._dossier}",
                    *_compte(),
                ],
                check=False,
                capture_output=True,
                text=True,
            )
            if not fait.returncode:
                return
            if dernier:
                dit = (fait.stdout + fait.stderr)[-3000:]
                raise RuntimeError(f"mariadb-install-db failed:\n{dit}")
            shutil.rmtree(self._dossier / "donnees", ignore_errors=True)

    def _commande(self) -> list[str]:
        return [
            *_fin_avec_nous(),
            str(chemin_mariadbd()),
            "--no-defaults",
            f"--datadir={self._dossier / 'donnees'}",
            f"--socket={self._dossier / 's'}",
            f"--pid-file={self._dossier / 'pid'}",
            f"--tmpdir={self._dossier}",
            "--skip-networking",
            "--skip-log-bin",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-doublewrite=0",
            "--innodb-buffer-pool-size=64M",
            "--innodb-log-file-size=16M",
            "--innodb-fast-shutdown=2",
            "--performance-schema=OFF",
            *_compte(),
        ]

    def _attendre(self) -> None:
        limite = time.monotonic() + DEMARRAGE_SECONDES
        while not self._repond():
            if self._processus.poll() is not None or time.monotonic() > limite:
                journal = (self._dossier / "journal").read_text(errors="replace")
                raise RuntimeError(f"mariadbd did not start:\n{journal[-2000:]}")
            time.sleep(0.05)

    def _repond(self) -> bool:
        with socket.socket(socket.AF_UNIX) as prise:
            return prise.connect_ex(str(self._dossier / "s")) == 0


def ouvrir(url: str) -> Database:
    """A database that does not wait for the disk: a test's base outlives no power cut."""
    database = Database(url)
    sans_attendre_le_disque(database)
    return database


@contextmanager
def ouverte(url: str) -> Iterator[Database]:
    """The same, closed at the end."""
    database = ouvrir(url)
    try:
        yield database
    finally:
        database.dispose()


def sans_attendre_le_disque(database: Database) -> None:
    """On SQLite, leave the writes to the operating system."""
    if database.is_sqlite:
        event.listen(database.engine, "connect", lambda dbapi, _: regler(dbapi, "synchronous=OFF"))


@contextmanager
def a_la_main(database: Database) -> Iterator[Connection]:
    """One transaction outside the application: it may change the schema."""
    moteur = create_engine(database.engine.url, poolclass=NullPool)
    with moteur.begin() as connexion:
        yield connexion
    moteur.dispose()


def regler(connexion: sqlite3.Connection, pragma: str) -> None:
    """Change a setting of a connection of the application, which may not do it."""
    connexion.set_authorizer(None)
    connexion.execute(f"PRAGMA {pragma}")
    garder_schema(connexion)


def preparer_schema(database: Database) -> None:
    """The schema of this version, by its migrations once the first one exists."""
    migrate.upgrade(database)
    if any((migrate.FOLDER / "versions").glob("[!_]*.py")):
        return
    Base.metadata.create_all(database.engine)
    with database.write() as session:
        session.add_all(
            Mention(
                id=new_id(),
                code=mention.code,
                texte=mention.texte,
                reference_legale=mention.reference_legale,
                valable_du=mention.valable_du,
            )
            for mention in MENTIONS_INITIALES
        )


def url_donnee(suffixe: str) -> URL | None:
    """The server given by the environment; refuses a base that is not plainly for tests."""
    donnee = os.environ.get(URL_MYSQL)
    if not donnee:
        return None
    url = make_url(donnee)
    if "test" not in (url.database or ""):
        raise ValueError(
            f"{URL_MYSQL} : la base est vidée avant les tests, son nom doit contenir « test »."
        )
    return url.set(database=f"{url.database}{suffixe}")


def chemin_mariadbd() -> Path | None:
    """Where the server program is; Debian keeps it out of an ordinary user's path."""
    ailleurs = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    trouve = shutil.which("mariadbd", path=ailleurs) and shutil.which("mariadb-install-db")
    return Path(shutil.which("mariadbd", path=ailleurs) or "") if trouve else None


def _compte() -> list[str]:
    """The server refuses to run as root unless told so."""
    return ["--user=root"] if os.geteuid() == 0 else []


def _fin_avec_nous() -> list[str]:
    """Have the kernel stop the server when the tests are killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def _supprimer_tables(database: Database) -> None:
    with database.engine.begin() as connexion:
        connexion.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 0")
        for table in _tables(connexion):
            connexion.exec_driver_sql(f"DROP TABLE IF EXISTS `{table}`")
        connexion.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 1")


def _tables(connexion: Connection) -> list[str]:
    return list(
        connexion.scalars(
            text(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                " AND table_type = 'BASE TABLE'"
            )
        )
    )


def _tables_a_declencheur(connexion: Connection) -> list[str]:
    """Tables whose rows a trigger may protect from deletion."""
    return list(
        connexion.scalars(
            text(
                "SELECT DISTINCT event_object_table FROM information_schema.triggers"
                " WHERE trigger_schema = DATABASE()"
            )
        )
    )
