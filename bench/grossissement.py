"""Making a base larger by SQL alone: each row copied so many times under other identifiers.

Written with SQLAlchemy, so that both engines read the same. A copy's identifiers begin by its
rank, its numbers and words end by it: what was unique remains so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    case,
    func,
    insert,
    literal,
    select,
    type_coerce,
)

from bench.remplissage import analyser, en_masse
from cordeau.chantiers.models import Chantier
from cordeau.clients.models import Client
from cordeau.core.db import Base, Database
from cordeau.core.recherche import Mot
from cordeau.devis.models import Devis, LigneDevis
from cordeau.facturation.models import (
    Facture,
    Imputation,
    LigneFacture,
    Reglement,
    Solde,
    TvaFacture,
)

#: In this order: rows of issued factures precede them, for triggers refuse them after.
TABLES: tuple[type[Base], ...] = (
    Client,
    Chantier,
    Devis,
    LigneDevis,
    LigneFacture,
    TvaFacture,
    Facture,
    Solde,
    Reglement,
    Imputation,
    Mot,
)
#: Texts that must not be twice in the base.
NUMEROS = frozenset({"numero", "numero_tri", "code"})
_COPIES = Table(
    "copie",
    MetaData(),
    Column("rang", Integer, primary_key=True),
    #: First digits of its identifiers.
    Column("debut", String(8)),
    Column("fin", String(8)),
    prefixes=["TEMPORARY"],
)


def grossir(database: Database, fois: int) -> None:
    """Make the base `fois` times as large."""
    if fois < 2:
        return
    with en_masse(database) as connexion:
        _sans_attendre(connexion)
        _COPIES.create(connexion)
        connexion.execute(insert(_COPIES), list(_rangs(fois)))
        with _sans_index(connexion):
            for modele in TABLES:
                _copier(connexion, modele.metadata.tables[modele.__tablename__])
                connexion.commit()
        analyser(connexion)


def _rangs(fois: int) -> Iterator[dict[str, Any]]:
    """Copies older than the rows they are made from: their identifiers sort before."""
    for rang in range(1, fois):
        yield {"rang": rang, "debut": f"{rang:08x}", "fin": f".{rang:05d}"}


def _sans_attendre(connexion: Connection) -> None:
    """No need to be durable while the base is being made."""
    if connexion.dialect.name == "sqlite":
        for pragma in ("synchronous=OFF", "cache_size=-2000000", "temp_store=MEMORY"):
            connexion.exec_driver_sql(f"PRAGMA {pragma}")
    else:
        connexion.exec_driver_sql("SET SESSION unique_checks = 0")


@contextmanager
def _sans_index(connexion: Connection) -> Iterator[None]:
    """On SQLite, indexes are faster made at the end, and triggers would look at each row."""
    faits: list[tuple[str, str, str]] = []
    if connexion.dialect.name == "sqlite":
        question = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"
        faits = [
            (genre, nom, sql) for genre, nom, sql in connexion.exec_driver_sql(question) if sql
        ]
    for genre, nom, _sql in faits:
        connexion.exec_driver_sql(f"DROP {genre} {nom}")
    yield
    for _genre, _nom, sql in faits:
        connexion.exec_driver_sql(sql)
    connexion.commit()


def _copier(connexion: Connection, table: Table) -> None:
    colonnes = list(table.columns)
    copies = [_autre(table, colonne) for colonne in colonnes]
    source = (
        select(*copies)
        .select_from(_COPIES)
        .join(table, literal(value=True))
        .order_by(_COPIES.c.rang)
    )
    connexion.execute(insert(table).from_select([c.name for c in colonnes], source))


def _autre(table: Table, colonne: Column[Any]) -> Any:
    """The value of a column in a copy."""
    texte = type_coerce(colonne, String)
    if isinstance(colonne.type, Uuid):
        return case((colonne.is_(None), None), else_=_COPIES.c.debut + func.substr(texte, 9))
    if colonne.name in NUMEROS:
        return texte + _COPIES.c.fin
    if table.name == "mot" and colonne.name == "mot":
        return case((texte.like("%-____-%"), texte + _COPIES.c.fin), else_=texte)
    return colonne
