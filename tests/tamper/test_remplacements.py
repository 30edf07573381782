"""A row that takes the place of a posted one: refused, whatever it collides with.

Every table, every key and every unique index of the schema itself, and SQLite's own `rowid`: an
index added later is tried without a word here.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest
from sqlalchemy import Connection, Uuid, inspect
from sqlalchemy.exc import DBAPIError

from cordeau.core.dates import maintenant
from cordeau.core.db import Base, Database
from cordeau.core.effacements import Effacement, EffacementObjet
from cordeau.core.gardes import AJOUT_SEUL
from cordeau.core.ids import new_id
from cordeau.devis.versions import figer_version
from cordeau.facturation.models import PieceFacture
from tests.devis.builders import un_devis_accepte
from tests.facturation.builders import une_facture, une_facture_emise
from tests.registre.dossiers import remplir
from tests.tamper.posees import une_ancre, une_cloture

#: What of each table is posted; all of it where nothing is said.
EMISES = "facture_id IN (SELECT id FROM facture WHERE statut = 'EMISE')"
POSEES = {
    **dict.fromkeys(AJOUT_SEUL, "1 = 1"),
    "facture": "statut = 'EMISE'",
    "ligne_facture": EMISES,
    "registre_tete": "rang > 0",
    "tva_facture": EMISES,
    "version_devis": "1 = 1",
}
#: What makes an entry the one that its chain expects.
SUITE = {
    "journal": "t.journal",
    "rang": "(SELECT s.rang + 1 FROM registre_tete s WHERE s.journal = t.journal)",
    "precedente": "(SELECT s.empreinte FROM registre_tete s WHERE s.journal = t.journal)",
}


@pytest.fixture
def pleine(database: Database) -> Iterator[Connection]:
    """The application's own connection to a base with rows in every table, drafts among them."""
    remplir(database)
    with database.write() as session:
        session.add(une_cloture(1))
        session.add(une_cloture(2))
        session.add_all([une_ancre(), une_ancre()])
        for rang in (7, 8):
            session.add(_un_effacement(rang))
            session.flush()
            session.add(
                EffacementObjet(
                    objet_type="x", objet_id=UUID(int=rang), effacement_id=UUID(int=rang)
                )
            )
        une_facture(session)
        session.add(_une_piece(une_facture_emise(session).id))
        figer_version(session, un_devis_accepte(session))
        figer_version(session, un_devis_accepte(session))
    with database.engine.connect() as connexion:
        if not database.is_sqlite:  # let the guards speak first
            connexion.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 0")
        yield connexion
        connexion.rollback()
        connexion.invalidate()


@pytest.mark.parametrize("table", POSEES)
def test_une_insertion_ne_remplace_pas_une_ligne_posee(pleine: Connection, table: str) -> None:
    for cle in _cles(pleine, table):
        ordre = _insertion(pleine, table, cle)
        assert _est_refuse(pleine, ordre), ordre


@pytest.mark.parametrize("table", POSEES)
def test_une_modification_ne_remplace_pas_une_ligne_posee(pleine: Connection, table: str) -> None:
    """MariaDB has no UPDATE that replaces."""
    if pleine.dialect.name != "sqlite":
        pytest.skip("seul SQLite remplace en modifiant")
    posee = f"SELECT rowid FROM {table} WHERE {POSEES[table]} ORDER BY rowid DESC LIMIT 1"  # noqa: S608
    for cle in _cles(pleine, table):
        valeurs = ", ".join(
            f"{nom} = (SELECT {nom} FROM {table} WHERE rowid = ({posee}))"  # noqa: S608
            for nom in cle
        )
        autre = f"SELECT rowid FROM {table} WHERE rowid <> ({posee}) ORDER BY {_libre(table)}"  # noqa: S608
        ordre = f"UPDATE OR REPLACE {table} SET {valeurs} WHERE rowid IN ({autre} LIMIT 1)"  # noqa: S608
        assert _est_refuse(pleine, ordre), ordre


def _libre(table: str) -> str:
    return f"({POSEES[table]}), rowid"


def _cles(connexion: Connection, table: str) -> Iterator[Sequence[str]]:
    """What a row of the table may collide on, as the base says."""
    schema = inspect(connexion)
    yield schema.get_pk_constraint(table)["constrained_columns"]
    for index in schema.get_indexes(table):
        if index["unique"]:
            yield [nom for nom in index["column_names"] if nom is not None]
    if connexion.dialect.name == "sqlite":
        yield ["rowid"]


def _insertion(connexion: Connection, table: str, cle: Sequence[str]) -> str:
    """A row made of a posted one, that collides with it on this key and on no other."""
    colonnes = Base.metadata.tables[table].columns
    uniques = {nom for autre in _cles(connexion, table) for nom in autre}
    neuves = {
        colonne.name: f"'{new_id().hex}'" if isinstance(colonne.type, Uuid) else _autre(table, nom)
        for colonne in colonnes
        if (nom := colonne.name) in uniques or colonne.foreign_keys
    }
    if table == "registre_entree":
        neuves |= SUITE
    valeurs = {
        nom: nom if nom in cle else neuves.get(nom, nom) for nom in (c.name for c in colonnes)
    }
    if cle == ["rowid"]:
        valeurs["rowid"] = "rowid"
    pleines = " AND ".join(f"{nom} IS NOT NULL" for nom in cle)
    verbe = "INSERT OR REPLACE" if connexion.dialect.name == "sqlite" else "REPLACE"
    return (
        f"{verbe} INTO {table} ({', '.join(valeurs)}) SELECT {', '.join(valeurs.values())} "  # noqa: S608
        f"FROM {table} t WHERE {POSEES[table]} AND {pleines} LIMIT 1"
    )


def _autre(table: str, nom: str) -> str:
    """Another value of a column that is no identifier."""
    return {
        "debut": "'2031-01-01'",
        "genre": "'AN'",
        "journal": "'AUTRE'",
        "numero": "'FAC-2099-009'",
        "objet_type": "'y'",
    }.get(nom, f"(SELECT MAX({nom}) + 7 FROM {table} u)")  # noqa: S608


def _est_refuse(connexion: Connection, ordre: str) -> bool:
    """Whether a guard stops the statement: any other error is not a refusal."""
    try:
        connexion.exec_driver_sql(ordre)
    except DBAPIError as erreur:
        return "document fige" in str(erreur.orig)
    finally:
        connexion.rollback()
    return False


def _une_piece(facture_id: UUID) -> PieceFacture:
    return PieceFacture(
        facture_id=facture_id,
        pdf=b"pdf",
        xml=b"xml",
        pdf_sha256="0" * 64,
        xml_sha256="0" * 64,
        rendue_le=maintenant(),
    )


def _un_effacement(rang: int) -> Effacement:
    return Effacement(
        id=UUID(int=rang),
        personne_type="client",
        personne_id=UUID(int=rang),
        fait_le=maintenant(),
        par="cordeau rgpd",
        bilan={},
    )
