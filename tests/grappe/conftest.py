"""An empty base beside the one every test has."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from cordeau.core.db import Database
from tests import serveurs

SUFFIXE = "_vide"


@pytest.fixture
def url_vide(moteur: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a base without any table, on each engine."""
    if moteur == "sqlite":
        yield f"sqlite:///{tmp_path / 'vide.db'}"
        return
    base: serveurs.BaseDeTest = request.getfixturevalue("base")
    url = make_url(base.url)
    nom = f"{url.database}{SUFFIXE}"
    serveur = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with serveur.connect() as connexion:
        connexion.exec_driver_sql(f"DROP DATABASE IF EXISTS `{nom}`")
        connexion.exec_driver_sql(
            f"CREATE DATABASE `{nom}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
        )
        yield url.set(database=nom).render_as_string(hide_password=False)
        connexion.exec_driver_sql(f"DROP DATABASE `{nom}`")


@pytest.fixture
def vide(url_vide: str) -> Iterator[Database]:
    """The same, open."""
    database = serveurs.ouvrir(url_vide)
    yield database
    database.dispose()
