"""The previous release, as far as its base knows it: its tables, and the statements it sends."""

import datetime as dt
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, insert, select, types, update

#: Head of the chain in the last release: what runs beside this version while servers change.
REVISION = "20261121_2320"
#: Rows a trigger keeps as they were written: the release never updates them.
FIGEES = frozenset({"evenement", "imputation", "piece_facture", "reglement", "version_devis"})
#: The table that has one row: the firm.
UNIQUE = "entreprise"
INSTANT = dt.datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001 (the base keeps UTC without saying so)
JOUR = dt.date(2026, 11, 20)
#: Values that a check or a trigger looks at.
CHOISIES: Mapping[tuple[str, str], Any] = {
    ("facture", "statut"): "BROUILLON",
    ("facture", "numero"): None,
    ("facture", "type"): "FACTURE",
    ("job", "etat"): "FAIT",
}

#: What a column of each kind holds; the rest is a number, as text where text is kept (MariaDB
#: keeps JSON in text that must be JSON).
VALEURS: tuple[tuple[Any, Any], ...] = (
    (types.DateTime, INSTANT),
    (types.Date, JOUR),
    (types._Binary, b"x"),
    (types.JSON, {}),
)


def lire_schema(connexion: Connection) -> MetaData:
    """Its tables, with the columns they have now."""
    schema = MetaData()
    schema.reflect(connexion)
    schema.remove(schema.tables["alembic_version"])
    return schema


def remplir(connexion: Connection, schema: MetaData, rang: int) -> None:
    """One row in each table, with every column it knows, then an issued facture."""
    for table in schema.sorted_tables:
        if table.name == UNIQUE and rang != 1:
            continue
        connexion.execute(insert(table).values(**une_ligne(table, rang)))
    facture = schema.tables["facture"]
    connexion.execute(
        update(facture)
        .where(facture.c.id == cle("facture", rang))
        .values(statut="EMISE", numero=f"FAC-2026-{rang:03}", contenu="{}")
    )


def modifier(connexion: Connection, schema: MetaData, rang: int) -> None:
    """Write again every column of the rows that may change."""
    for table in schema.sorted_tables:
        if table.name in FIGEES or table.name in {"ligne_facture", "tva_facture", "facture"}:
            continue
        ligne = une_ligne(table, rang)
        cles = list(table.primary_key.columns)
        faite = connexion.execute(
            update(table).where(*(c == ligne[c.name] for c in cles)).values(**ligne)
        )
        assert faite.rowcount in (0, 1), table.name  # MariaDB counts what differs


def lignes(connexion: Connection, schema: MetaData) -> dict[str, list[Any]]:
    """Every row, by the columns it knows."""
    return {
        table.name: sorted(map(repr, connexion.execute(select(table))))
        for table in schema.sorted_tables
    }


def une_ligne(table: Table, rang: int) -> dict[str, Any]:
    """A row that refers to rows of the same rank."""
    return dict(_valeurs(table, rang))


def cle(table: str, rang: int) -> str:
    """The identifier of the row of this rank: like a real one, no other table has it."""
    return f"{zlib.crc32(table.encode()):08x}{rang:024x}"


def _valeurs(table: Table, rang: int) -> Iterator[tuple[str, Any]]:
    for colonne in table.columns:
        if (table.name, colonne.name) in CHOISIES:
            yield colonne.name, CHOISIES[table.name, colonne.name]
        else:
            yield colonne.name, _valeur(colonne, rang)


def _valeur(colonne: Column[Any], rang: int) -> Any:
    vers_soi = any(fk.column.table is colonne.table for fk in colonne.foreign_keys)
    if vers_soi and colonne.nullable:
        return None
    if colonne.name == "id" or colonne.name.endswith("_id"):
        visee = next((fk.column.table.name for fk in colonne.foreign_keys), colonne.table.name)
        return cle(visee, rang)
    for genre, valeur in VALEURS:
        if isinstance(colonne.type, genre):
            return valeur
    if isinstance(colonne.type, types.Boolean | types.Integer):
        return rang % 2
    return str(1000 + rang)[-(getattr(colonne.type, "length", None) or 40) :]
