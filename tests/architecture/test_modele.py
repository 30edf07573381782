"""The schema, its migrations and its vocabulary agree with the models."""

import re
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import LargeBinary, PrimaryKeyConstraint, Table, UniqueConstraint

import cordeau.models  # noqa: F401 (declares every table)
from cordeau import migrate
from cordeau.core.columns import ScaledDecimal
from cordeau.core.db import Base, Database
from tests.architecture.sources import RACINE

#: Contexts an accountant could name the tables of.
METIER = (
    "analytics",
    "chantiers",
    "clients",
    "comptabilite",
    "devis",
    "entreprise",
    "facturation",
)


def test_les_migrations_menent_au_schema_des_modeles(database: Database) -> None:
    with database.engine.connect() as connexion:
        contexte = MigrationContext.configure(connexion, opts={"compare_type": _compare_type})
        ecarts = compare_metadata(contexte, Base.metadata)

    assert not ecarts


def test_les_migrations_forment_une_seule_chaine() -> None:
    assert len(ScriptDirectory.from_config(migrate.make_config()).get_heads()) <= 1


def test_le_glossaire_nomme_chaque_table_du_metier() -> None:
    glossaire = (RACINE / "docs" / "glossaire.md").read_text("utf-8")
    nommes = set(re.findall(r"`(\w+)`", glossaire))
    metier = {
        modele.class_.__name__
        for modele in Base.registry.mappers
        if modele.class_.__module__.split(".")[1] in METIER
    }

    assert metier
    assert not metier - nommes


def test_un_montant_n_est_jamais_garde_en_nombre_a_virgule() -> None:
    fautives = [
        f"{table.name}.{colonne.name}"
        for table in Base.metadata.sorted_tables
        for colonne in table.columns
        if not isinstance(colonne.type, ScaledDecimal)
        and colonne.type.__visit_name__ in {"float", "numeric", "double", "real", "REAL", "FLOAT"}
    ]

    assert not fautives


def test_chaque_cle_etrangere_a_son_index() -> None:
    """Without it, deleting or joining reads a whole table (SQLite makes none by itself)."""
    fautives = [
        f"{table.name}.{colonne.name}"
        for table in Base.metadata.sorted_tables
        for colonne in table.columns
        if colonne.foreign_keys and colonne.name not in _premieres_colonnes(table)
    ]

    assert not fautives


def _compare_type(_contexte: Any, _en_base: Any, _colonne: Any, _type: Any, modele: Any) -> Any:
    """Let alembic compare; MariaDB renames a blob after its length."""
    return False if isinstance(modele, LargeBinary) else None


def _premieres_colonnes(table: Table) -> set[str]:
    """Columns by which an index, a unique constraint or the key finds rows."""
    index = [next(iter(i.columns), None) for i in table.indexes]
    uniques = [
        next(iter(c.columns), None)
        for c in table.constraints
        if isinstance(c, UniqueConstraint | PrimaryKeyConstraint)
    ]
    return {colonne.name for colonne in (*index, *uniques) if colonne is not None}
