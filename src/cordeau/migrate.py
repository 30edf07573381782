"""Bring a database to the current schema, and say whether it is there.

`python -m cordeau.migrate "ajoute retenue"` drafts the next migration from the models.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from cordeau.core.db import Database, liberer_schema
from cordeau.core.gardes import EtatGardes, examiner_gardes, gardes_attendues

FOLDER = Path(__file__).parent / "migrations"
#: Named by date and purpose, so that the folder tells its history.
FILE_TEMPLATE = "%(year)d%(month).2d%(day).2d_%(hour).2d%(minute).2d_%(slug)s"


def make_config() -> Config:
    """Alembic's settings, without any file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", FILE_TEMPLATE.replace("%", "%%"))
    return config


def upgrade(database: Database) -> None:
    """Run the migrations that are missing."""
    config = make_config()
    with _connection(database) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def recreer_gardes(database: Database) -> EtatGardes:
    """Put back the triggers that are missing or changed; which ones they were."""
    with _connection(database) as connection:
        etat = examiner_gardes(connection)
        attendues = gardes_attendues(connection.dialect.name)
        for nom in etat.perdues:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {nom}")
            connection.exec_driver_sql(attendues[nom])
        connection.commit()
    return etat


def is_current(database: Database) -> bool:
    """Whether the schema is the one this version expects."""
    with database.engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    return set(heads) == set(ScriptDirectory.from_config(make_config()).get_heads())


def schema(database: Database) -> str:
    """The last migration a base went through; empty when it had none."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def is_known(revision: str) -> bool:
    """Whether this version can bring a base of that migration up to date."""
    scripts = ScriptDirectory.from_config(make_config())
    return any(script.revision == revision for script in scripts.walk_revisions())


def est_passee(schema: str, revision: str) -> bool:
    """Whether a base of this schema went through that migration."""
    scripts = ScriptDirectory.from_config(make_config())
    return any(s.revision == revision for s in scripts.iterate_revisions(schema, "base"))


def draft(message: str) -> None:
    """Write the migration that brings the last schema to the models, to be read and completed."""
    config = make_config()
    (FOLDER / "versions").mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/base.db")
        upgrade(database)
        with _connection(database) as connection:
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True)
        database.dispose()


@contextmanager
def _connection(database: Database) -> Iterator[Connection]:
    """A connection of its own, where SQLite may rebuild a table that others refer to."""
    with database.engine.connect() as connection:
        connection.detach()
        if database.is_sqlite:
            dbapi: Any = connection.connection.dbapi_connection
            liberer_schema(dbapi)
        yield connection


if __name__ == "__main__":
    draft(sys.argv[1])
