"""The bases under measure: an SQLite file, a MariaDB server of our own as durable as in use."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL

from tests.serveurs import ServeurMariadb, chemin_mariadbd

SQLITE, MARIADB = "sqlite", "mariadb"


class Moteur(Protocol):
    """An engine that makes empty bases."""

    nom: str

    def base_vide(self, data: Path) -> str:
        """The address of a new base, for an instance in this folder."""


class Sqlite:
    """One file in the folder of the instance."""

    nom = SQLITE

    def base_vide(self, data: Path) -> str:
        """See `Moteur`."""
        return f"sqlite:///{data / 'cordeau.db'}"


class Mariadb:
    """A server for the whole run."""

    nom = MARIADB

    def __init__(self, serveur: ServeurMariadb) -> None:
        self._serveur = serveur
        self._bases = 0

    def base_vide(self, data: Path) -> str:
        """See `Moteur`."""
        del data
        self._bases += 1
        url: URL = self._serveur.creer_base(f"mesure_{self._bases}")
        return url.render_as_string(hide_password=False)


class _ServeurDurable(ServeurMariadb):
    """The server of the tests, but that waits for the disk at each commit and has memory."""

    def _commande(self) -> list[str]:
        return [
            *super()._commande(),
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-doublewrite=1",
            "--innodb-buffer-pool-size=1G",
            "--innodb-log-file-size=512M",
            "--max-allowed-packet=64M",
        ]


@contextmanager
def ouvrir(nom: str) -> Iterator[Moteur]:
    """An engine by its name, stopped at the end."""
    if nom == SQLITE:
        yield Sqlite()
        return
    serveur = _ServeurDurable()
    try:
        yield Mariadb(serveur)
    finally:
        serveur.arreter()


def presents() -> list[str]:
    """The engines of this machine."""
    return [SQLITE, MARIADB] if chemin_mariadbd() else [SQLITE]
