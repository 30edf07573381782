"""What the application's own account may not do: change the schema, empty a table, drop a guard."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from cordeau.core.dates import maintenant
from cordeau.core.db import Base, Database
from cordeau.core.effacements import Effacement, EffacementObjet
from cordeau.core.errors import ConflitError
from cordeau.core.gardes import AJOUT_SEUL, examiner_gardes
from tests.facturation.builders import regler, une_entreprise, une_facture_emise
from tests.registre.dossiers import en_superutilisateur, remplir, un_compte_restreint
from tests.tamper.posees import une_ancre, une_cloture

SCHEMA = (
    "DROP TRIGGER fige_facture_u",
    "DROP TABLE imputation",
    "ALTER TABLE facture ADD COLUMN a INTEGER",
    "CREATE TRIGGER a BEFORE INSERT ON facture FOR EACH ROW BEGIN SELECT 1; END",
    "CREATE UNIQUE INDEX a ON facture (type)",
    "CREATE VIEW a AS SELECT 1",
    "CREATE TABLE a (b INTEGER)",
    "DROP INDEX ix_facture_numero",
)
SQLITE = (
    "PRAGMA foreign_keys=OFF",
    "PRAGMA writable_schema=ON",
    "PRAGMA recursive_triggers=OFF",
    "PRAGMA ignore_check_constraints=ON",
    "PRAGMA journal_mode=OFF",
    "PRAGMA synchronous=OFF",
    "PRAGMA schema_version=1",
    "PRAGMA query_only=ON",
    "PRAGMA defer_foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "CREATE TEMP TABLE facture (id TEXT)",
    "CREATE TEMP TRIGGER a BEFORE INSERT ON facture BEGIN SELECT 1; END",
    "CREATE TEMP VIEW facture AS SELECT 1",
    "CREATE VIRTUAL TABLE a USING fts5(b)",
    "REINDEX",
    "ANALYZE",
    "VACUUM",
    "ATTACH DATABASE ':memory:' AS autre",
)
#: An entry that follows nothing.
SAUT = (
    "INSERT INTO registre_entree SELECT journal, rang + 7, evenement, objet_id, survenu_le, "
    "algorithme, sel, contenu, contenu_sha256, precedente, empreinte FROM registre_entree"
)
MARIADB = (
    "TRUNCATE TABLE registre_entree",
    "TRUNCATE TABLE facture",
    "UPDATE registre_entree SET contenu = '{}'",
    "DELETE FROM registre_entree",
    "UPDATE reglement SET montant = 1",
    "INSERT INTO effacement SELECT * FROM effacement",
    "INSERT INTO effacement_objet SELECT * FROM effacement_objet",
    "DELETE FROM version_devis",
    "SET GLOBAL read_only = 0",
    "GRANT ALL ON *.* TO CURRENT_USER()",
)


@pytest.fixture
def compte(database: Database) -> Iterator[Engine]:
    """The engine of the application's account: on MariaDB, with the rights that we document."""
    remplir(database)
    if database.is_sqlite:
        yield database.engine
        return
    with un_compte_restreint(database) as moteur:
        yield moteur


def test_le_schema_ne_change_pas(compte: Engine) -> None:
    ordres = SCHEMA + (SQLITE if compte.dialect.name == "sqlite" else MARIADB)

    acceptes = [ordre for ordre in ordres if not _est_refuse(compte, ordre)]

    assert acceptes == []


def test_aucune_cle_ne_supprime_en_cascade(compte: Engine) -> None:
    """A cascade deletes on MariaDB without firing triggers."""
    en_cascade = [
        f"{table.name}.{cle.parent.name}"
        for table in Base.metadata.tables.values()
        for cle in table.foreign_keys
        if cle.ondelete not in {None, "RESTRICT"} or cle.onupdate not in {None, "RESTRICT"}
    ]

    assert en_cascade == []
    for mere in ("client", "devis", "facture", "reglement"):
        assert _est_refuse(compte, f"DELETE FROM {mere}"), mere  # noqa: S608


def test_une_imputation_ne_s_ajoute_pas_a_un_reglement_enchaine(compte: Engine) -> None:
    ordre = "INSERT INTO imputation SELECT {}, reglement_id, facture_id, 1 FROM imputation LIMIT 1"

    assert _est_refuse(compte, ordre.format(f"'{'e' * 32}'"))


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE registre_tete SET rang = rang - 1 WHERE rang > 0",
        "UPDATE registre_tete SET empreinte = 'a' WHERE rang > 0",
        "DELETE FROM registre_tete",
        SAUT,
    ],
)
def test_la_chaine_n_avance_que_d_une_ecriture_qui_suit(compte: Engine, ordre: str) -> None:
    assert _est_refuse(compte, ordre)


@pytest.mark.parametrize("table", [*AJOUT_SEUL, "registre_tete"])
def test_une_table_en_ajout_seul_ne_se_modifie_ni_ne_se_remplace(
    compte: Engine, database: Database, table: str
) -> None:
    colonnes = Base.metadata.tables[table].columns
    with database.write() as session:
        session.add(une_cloture())
        session.add(une_ancre())
        session.add(_un_effacement())
        session.flush()
        session.add(
            EffacementObjet(objet_type="client", objet_id=UUID(int=7), effacement_id=UUID(int=8))
        )

    for colonne in colonnes:
        ordre = f"UPDATE {table} SET {colonne.name} = {colonne.name}"  # noqa: S608
        assert _est_refuse(compte, ordre), ordre
    assert _est_refuse(compte, f"DELETE FROM {table}")  # noqa: S608
    assert _est_refuse(compte, f"REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608


def _un_effacement() -> Effacement:
    return Effacement(
        id=UUID(int=8),
        personne_type="client",
        personne_id=UUID(int=7),
        fait_le=maintenant(),
        par="cordeau rgpd",
        bilan={},
    )


def test_une_garde_absente_arrete_les_emissions_et_le_dit(database: Database) -> None:
    with en_superutilisateur(database), database.engine.connect() as connexion:
        database.gardes_manquantes = examiner_gardes(connexion).bloquantes
    with database.write() as session:
        une_entreprise(session)
        with pytest.raises(ConflitError, match="fige_facture_u"):
            une_facture_emise(session)
    database.gardes_manquantes = ()
    with database.write() as session:
        facture = une_facture_emise(session)
    database.gardes_manquantes = ("fige_reglement_u",)
    with database.write() as session, pytest.raises(ConflitError, match="fige_reglement_u"):
        regler(session, facture, "1")


def test_le_compte_restreint_sait_quelles_gardes_tiennent(
    compte: Engine, database: Database
) -> None:
    """On MariaDB, what they do is read by the account of migrations only."""
    with compte.connect() as connexion:
        etat = examiner_gardes(connexion)
        assert etat.perdues == []
        assert etat.texte_lu == database.is_sqlite
    with en_superutilisateur(database), compte.connect() as connexion:
        assert "fige_facture_u" in examiner_gardes(connexion).bloquantes


def _est_refuse(moteur: Engine, ordre: str) -> bool:
    try:
        with moteur.begin() as connexion:
            connexion.exec_driver_sql(ordre)
    except DBAPIError:
        return True
    return False
