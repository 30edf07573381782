"""The guards themselves: each by its name and its text, missed when lost, put back when asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from cordeau.analytics.agregats import verifier
from cordeau.core.db import Database
from cordeau.core.gardes import examiner_gardes, gardes_attendues, gardes_presentes
from cordeau.migrate import recreer_gardes
from tests.console.conftest import Lancer, dossier, instance, lancer
from tests.registre.dossiers import remplir
from tests.serveurs import a_la_main

__all__ = ["dossier", "instance", "lancer"]


@pytest.fixture
def abimee(database: Database) -> Iterator[Database]:
    """A base where a test drops and changes guards; they come back after."""
    remplir(database)
    yield database
    recreer_gardes(database)


def test_le_releve_est_celui_d_une_base_migree(database: Database) -> None:
    """Another trigger: write its statement, spaces folded, in `core/declencheurs/*.sql`."""
    with database.engine.connect() as connexion:
        presentes = gardes_presentes(connexion)
        attendues = gardes_attendues(connexion.dialect.name)

    assert dict(attendues) == {n: f"{tete}{corps}" for n, (tete, corps) in presentes.items()}
    assert list(attendues) == sorted(attendues)


def test_une_garde_videe_est_une_garde_perdue(abimee: Database) -> None:
    with a_la_main(abimee) as connexion:
        _vider(connexion, "fige_facture_u")
        connexion.exec_driver_sql("DROP TRIGGER agregat_facture_i")

    with abimee.engine.connect() as connexion:
        etat = examiner_gardes(connexion)

    assert etat.modifiees == ["fige_facture_u"]
    assert etat.manquantes == ["agregat_facture_i"]
    assert etat.bloquantes == ["fige_facture_u"]


def test_sans_garde_la_console_ne_clot_rien(
    abimee: Database, instance: Path, lancer: Lancer
) -> None:
    with a_la_main(abimee) as connexion:
        connexion.exec_driver_sql("DROP TRIGGER fige_cloture_u")

    resultat = lancer("ledger", "close", "--mois", "2026-10")

    assert resultat.code == 1
    assert "fige_cloture_u" in resultat.erreurs
    assert "ledger guards --recreer" in resultat.erreurs


def test_une_somme_sans_garde_se_dit_et_n_arrete_rien(
    abimee: Database, instance: Path, lancer: Lancer
) -> None:
    with a_la_main(abimee) as connexion:
        connexion.exec_driver_sql("DROP TRIGGER agregat_facture_i")

    resultat = lancer("ledger", "close", "--mois", "2026-10")

    assert resultat.code == 0
    assert "ATTENTION : des protections de la base manquent : agregat_" in resultat.erreurs


def test_les_gardes_perdues_se_recreent_et_cela_se_dit(
    abimee: Database, instance: Path, lancer: Lancer
) -> None:
    with a_la_main(abimee) as connexion:
        for nom in gardes_attendues(connexion.dialect.name):
            connexion.exec_driver_sql(f"DROP TRIGGER {nom}")
        _vider(connexion, "fige_facture_d")
    assert lancer("ledger", "guards").code == 1

    resultat = lancer("ledger", "guards", "--recreer")

    assert resultat.code == 0
    assert "RECRÉÉES" in resultat.sortie
    assert "cordeau ledger verify" in resultat.sortie
    with abimee.engine.connect() as connexion:
        assert examiner_gardes(connexion).perdues == []
    with abimee.read() as session:
        assert verifier(session) == []
    assert lancer("ledger", "guards").sortie == "Toutes les protections de la base sont en place.\n"


def _vider(connexion: Connection, nom: str) -> None:
    """Put a trigger that does nothing in the place of one of ours."""
    connexion.exec_driver_sql(f"DROP TRIGGER IF EXISTS {nom}")
    corps = "BEGIN SELECT 1; END" if connexion.dialect.name == "sqlite" else "SET @rien = 1"
    moment = "UPDATE" if nom.endswith("_u") else "DELETE"
    connexion.exec_driver_sql(
        f"CREATE TRIGGER {nom} BEFORE {moment} ON facture FOR EACH ROW {corps}"
    )
