"""Going on with a migration that was cut short, where the engine commits at each DDL statement.

SQLite migrates in one transaction: a process killed meanwhile leaves the base as it was. MariaDB
commits by itself before each CREATE or ALTER: there a table says which statement of which
migration was begun last. That row and the data written before it commit with the next DDL
statement, so that a second run skips what is surely done, and only of the statement in doubt
accepts that it is done already.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from alembic.ddl.mysql import MySQLImpl
from sqlalchemy import Connection, Executable, inspect, text
from sqlalchemy.exc import DBAPIError

TABLE = "migration_etape"
LIRE = f"SELECT depuis, rang FROM {TABLE}"  # noqa: S608 (our own name)
VIDER = f"DELETE FROM {TABLE}"  # noqa: S608 (our own name)
ECRIRE = text(f"INSERT INTO {TABLE} (depuis, rang) VALUES (:depuis, :rang)")  # noqa: S608 (idem)
#: Table, column, index or trigger there already; column or index gone already.
DEJA_FAIT = frozenset({1050, 1060, 1061, 1359, 1091, 1051})
#: A statement that waits for a table holds back everyone who comes after it. It gives up soon,
#: lets the servers through, and tries again: else it may wait for one of them that waits for a row
#: of another, which it holds back.
VERROU_ATTENDU = 1205
ATTENTE_VERROU, PAUSE_VERROU, ESSAIS_VERROU = 2, 0.5, 200
#: Where the state of a run is kept on its connection.
CLE = "cordeau_etapes"


class Etapes:
    """How far the migration in hand is."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        connection.exec_driver_sql(f"SET SESSION lock_wait_timeout = {ATTENTE_VERROU}")
        self._depuis: str | None = None
        self._rang = 0
        self._creee = inspect(connection).has_table(TABLE)
        self._dernier_debut = self._lire() if self._creee else None

    @property
    def en_doute(self) -> bool:
        """Whether the statement in hand may have been done by the run that was cut short."""
        return (self._depuis, self._rang) == self._dernier_debut

    def commencer(self) -> bool:
        """Note the next statement; False when it is surely done."""
        if self._depuis is None:
            self._depuis = self._version()
        self._rang += 1
        if self._dernier_debut is not None:
            depuis, rang = self._dernier_debut
            if depuis == self._depuis and self._rang < rang:
                return False
        self._noter()
        return True

    def passer_a_la_suivante(self) -> None:
        """The migration in hand is over: its version is written."""
        self._depuis, self._rang = None, 0

    def finir(self) -> None:
        """Nothing is left to go on with; the last version commits with this statement."""
        if self._creee:
            self._connection.exec_driver_sql(f"DROP TABLE {TABLE}")

    def _noter(self) -> None:
        if not self._creee:
            self._connection.exec_driver_sql(
                f"CREATE TABLE {TABLE} (depuis VARCHAR(32) NOT NULL, rang INT NOT NULL)"
                " ENGINE = InnoDB"
            )
            self._creee = True
        self._connection.exec_driver_sql(VIDER)
        self._connection.execute(ECRIRE, {"depuis": self._depuis, "rang": self._rang})

    def _lire(self) -> tuple[str, int] | None:
        ligne = self._connection.exec_driver_sql(LIRE).first()
        return None if ligne is None else (ligne[0], ligne[1])

    def _version(self) -> str:
        """The version the base has; empty when it never had one."""
        versions = self._connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        return ",".join(sorted(versions.scalars()))


class _Reprise(MySQLImpl):
    """Alembic's way to MariaDB, one noted statement after the other."""

    __dialect__ = "mysql"

    def _exec(
        self,
        construct: Executable | str,
        execution_options: Mapping[str, Any] | None = None,
        multiparams: Sequence[Mapping[str, Any]] | None = None,
        params: Mapping[str, Any] = {},
    ) -> Any:
        etapes = None if self.connection is None else self.connection.info.get(CLE)
        if etapes is None:
            return super()._exec(construct, execution_options, multiparams, params)
        if not etapes.commencer():
            return None
        for essai in range(1, ESSAIS_VERROU + 1):
            try:
                return super()._exec(construct, execution_options, multiparams, params)
            except DBAPIError as error:
                if etapes.en_doute and _code(error) in DEJA_FAIT:
                    return None
                if _code(error) != VERROU_ATTENDU or essai == ESSAIS_VERROU:
                    raise
                time.sleep(PAUSE_VERROU)
        return None


class _RepriseMariadb(_Reprise):
    """The same for an address that says `mariadb`."""

    __dialect__ = "mariadb"


def suivre(connection: Connection) -> Etapes | None:
    """Begin to note statements on this connection; None on SQLite, which needs it not."""
    if connection.dialect.name == "sqlite":
        return None
    etapes = connection.info[CLE] = Etapes(connection)
    return etapes


def _code(error: DBAPIError) -> object:
    return error.orig.args[0] if error.orig is not None and error.orig.args else None
