"""Upgrades: from nothing, from the previous release, beside it, and cut short."""

import datetime as dt
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, func, inspect, select, text

from cordeau import gestion, migrate
from cordeau.analytics.agregats import verifier
from cordeau.core.agregats import Mesure, MouvementAgregat
from cordeau.core.db import Base, Database
from cordeau.migrations import reprise
from tests.architecture.test_modele import _compare_type
from tests.conftest import make_settings
from tests.grappe import ancienne_version as ancienne
from tests.serveurs import _supprimer_tables, a_la_main

UN_EURO = Decimal("1.00")
ATTEND_UNE_TABLE = (
    "SELECT COUNT(*) FROM information_schema.processlist"
    " WHERE state = 'Waiting for table metadata lock' AND db = DATABASE()"
)
#: One statement in so many is a place to die: all of them takes `migrer_tue URL 1`.
PAS = {"sqlite": 31, "mariadb": 23}
PAS_AVEC_DONNEES = {"sqlite": 23, "mariadb": 11}


def test_une_base_vide_arrive_au_schema_des_modeles(vide: Database) -> None:
    migrate.upgrade(vide)

    assert ecarts(vide) == []


def test_la_version_precedente_arrive_au_meme_schema_avec_ses_donnees(vide: Database) -> None:
    with vide.engine.connect() as connexion:
        schema, avant = remplir_ancienne(vide, connexion)

    migrate.upgrade(vide)

    assert ecarts(vide) == []
    with vide.engine.connect() as connexion:
        assert ancienne.lignes(connexion, schema) == avant


def test_la_version_precedente_travaille_encore_sur_le_nouveau_schema(vide: Database) -> None:
    with vide.engine.connect() as connexion:
        schema, avant = remplir_ancienne(vide, connexion)
    migrate.upgrade(vide)

    with vide.engine.begin() as connexion:
        ancienne.remplir(connexion, schema, 2)
        ancienne.modifier(connexion, schema, 1)
        ancienne.modifier(connexion, schema, 2)

    with vide.engine.connect() as connexion:
        apres = ancienne.lignes(connexion, schema)
    ajoutees = {nom: len(apres[nom]) - len(avant[nom]) for nom in avant}
    assert ajoutees.pop(ancienne.UNIQUE) == 0
    assert set(ajoutees.values()) == {1}


def test_une_migration_tuee_a_chaque_etape_reprend(
    url_vide: str, vide: Database, moteur: str
) -> None:
    assert migrer_en_mourant(url_vide, PAS[moteur]) > 3

    assert migrate.is_current(vide)
    assert ecarts(vide) == []
    assert not inspect(vide.engine).has_table(reprise.TABLE)
    with vide.engine.connect() as connexion:
        assert connexion.scalar(text("SELECT COUNT(*) - COUNT(DISTINCT code) FROM mention")) == 0


def test_une_migration_tuee_reprend_sans_rien_ecrire_deux_fois(
    url_vide: str, vide: Database, moteur: str
) -> None:
    with vide.engine.connect() as connexion:
        remplir_ancienne(vide, connexion)
    migrate.upgrade(vide)
    attendu = compter(vide)
    vider(vide)
    with vide.engine.connect() as connexion:
        remplir_ancienne(vide, connexion)

    assert migrer_en_mourant(url_vide, PAS_AVEC_DONNEES[moteur]) > 3

    assert compter(vide) == attendu


def test_une_migration_qui_attend_une_table_laisse_passer_les_serveurs(vide: Database) -> None:
    """A long reading holds the table back from the migration, not from the others."""
    if vide.is_sqlite:
        return
    with vide.engine.connect() as connexion:
        remplir_ancienne(vide, connexion)
    migration = threading.Thread(target=migrate.upgrade, args=(vide,))
    with vide.engine.connect() as longue, vide.engine.connect() as autre:
        longue.exec_driver_sql("SELECT * FROM job")
        migration.start()
        while not autre.scalar(text(ATTEND_UNE_TABLE)):
            time.sleep(0.05)
        autre.exec_driver_sql("SET SESSION lock_wait_timeout = 20")

        assert autre.exec_driver_sql("SELECT * FROM job").first() is not None
    migration.join()

    assert migrate.is_current(vide)


def test_migrer_remet_justes_les_sommes_qu_un_autre_a_troublees(
    url_vide: str, vide: Database, tmp_path: Path
) -> None:
    """A server of the previous release writes while the sums are set up: counted twice."""
    gestion.migrer(make_settings(tmp_path, url_vide))
    en_trop = MouvementAgregat(
        mesure=Mesure.FACTURE, cle="FACTURE", jour=dt.date(2026, 11, 26), nombre=1, montant=UN_EURO
    )
    with vide.write() as session:
        session.add(en_trop)
        session.flush()
        assert len(verifier(session)) == 1

    gestion.migrer(make_settings(tmp_path, url_vide))

    with vide.read() as session:
        assert verifier(session) == []


def test_une_table_etrangere_n_est_pas_prise_pour_une_etape_faite(vide: Database) -> None:
    """Only the statement in doubt may find its work done: any other says so."""
    with a_la_main(vide) as connexion:
        connexion.exec_driver_sql("CREATE TABLE devis (autre_chose INTEGER)")

    with pytest.raises(Exception, match="exists"):
        migrate.upgrade(vide)


def migrer_en_mourant(url: str, pas: int) -> int:
    """Migrate to the end, killed on the way; how many times."""
    lance = subprocess.run(
        [sys.executable, "-m", "tests.grappe.migrer_tue", url, str(pas)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert lance.returncode == 0, lance.stderr
    return int(lance.stdout)


def compter(database: Database) -> dict[str, int]:
    """The rows of each table."""
    with database.engine.connect() as connexion:
        schema = MetaData()
        schema.reflect(connexion)
        return {
            nom: connexion.scalar(select(func.count()).select_from(table)) or 0
            for nom, table in schema.tables.items()
        }


def vider(database: Database) -> None:
    """Leave no table."""
    database.dispose()
    if database.is_sqlite:
        for suffixe in ("", "-wal", "-shm"):
            Path(f"{database.engine.url.database}{suffixe}").unlink(missing_ok=True)
    else:
        _supprimer_tables(database)


def remplir_ancienne(vide: Database, connexion: Connection) -> tuple[Any, dict[str, list[Any]]]:
    """The previous release's base with rows: its schema and what it holds."""
    config = migrate.make_config()
    with migrate._connection(vide) as migration:
        config.attributes["connection"] = migration
        command.upgrade(config, ancienne.REVISION)
        migration.commit()
    schema = ancienne.lire_schema(connexion)
    connexion.commit()
    with vide.engine.begin() as ecriture:
        ancienne.remplir(ecriture, schema, 1)
    return schema, ancienne.lignes(connexion, schema)


def ecarts(database: Database) -> list[Any]:
    """What the schema has more or less than the models."""
    with database.engine.connect() as connexion:
        contexte = MigrationContext.configure(connexion, opts={"compare_type": _compare_type})
        return list(compare_metadata(contexte, Base.metadata))
