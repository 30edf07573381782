"""Units of work: whole or not at all, replayed when another got in the way."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date

import pymysql
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from cordeau.core import retries
from cordeau.core.db import Database
from cordeau.core.jobs import Job, enqueue
from cordeau.core.numbering import Serie, next_number

LE = date(2026, 6, 1)


def _collision() -> DBAPIError:
    return OperationalError("UPDATE", {}, pymysql.err.OperationalError(1213, "Deadlock found"))


def test_une_unite_de_travail_refusee_n_ecrit_rien(database: Database) -> None:
    def travail(session: Session) -> None:
        enqueue(session, "x", {})
        session.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.transaction(travail)

    with database.read() as session:
        assert session.scalar(select(Job.id)) is None


def test_une_collision_fait_rejouer_tout_le_travail(database: Database) -> None:
    essais: list[int] = []

    def travail(session: Session) -> str:
        numero = next_number(session, "FAC", LE, chronologique=True)
        essais.append(1)
        if len(essais) < 4:
            raise _collision()
        return numero

    assert database.transaction(travail) == "FAC-2026-001"
    assert len(essais) == 4


def test_une_autre_erreur_de_la_base_n_est_pas_rejouee(database: Database) -> None:
    essais: list[int] = []

    def travail(session: Session) -> None:
        essais.append(1)
        session.add_all(Serie(prefixe="FAC", annee=2026) for _ in range(2))
        session.flush()

    with pytest.raises(IntegrityError):
        database.transaction(travail)

    assert len(essais) == 1


def test_une_collision_sans_fin_finit_par_echouer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "RETRY_ATTEMPTS", 3)
    monkeypatch.setattr(retries, "RETRY_SECONDS", 0.0)
    essais: list[int] = []

    def travail(_session: Session) -> None:
        essais.append(1)
        raise _collision()

    with pytest.raises(OperationalError, match="Deadlock"):
        database.transaction(travail)

    assert 3 <= len(essais) <= 4


@pytest.mark.parametrize(
    ("erreur", "rejouable"),
    [
        (sqlite3.OperationalError("database is locked"), True),
        (sqlite3.OperationalError("no such table: x"), False),
        (pymysql.err.OperationalError(1213, "Deadlock"), True),
        (pymysql.err.OperationalError(1205, "Lock wait timeout"), True),
        (pymysql.err.OperationalError(1146, "no such table"), False),
    ],
)
def test_ce_qui_peut_etre_rejoue(erreur: Exception, rejouable: bool) -> None:  # noqa: FBT001
    assert retries.is_retryable(OperationalError("SELECT", {}, erreur)) is rejouable


def test_deux_lignes_prises_en_croix_finissent_toutes_deux(database: Database) -> None:
    """The classic deadlock: MariaDB kills one of the two, which is replayed."""
    with database.write() as session:
        session.add_all(Serie(prefixe=nom, annee=2026, dernier_rang=0) for nom in ("A", "B"))
    croisement = threading.Barrier(2)

    def prendre(premiere: str, seconde: str) -> None:
        rencontre = [True]

        def travail(session: Session) -> None:
            for nom in (premiere, seconde):
                session.execute(
                    update(Serie)
                    .where(Serie.prefixe == nom)
                    .values(dernier_rang=Serie.dernier_rang + 1)
                )
                if rencontre and not database.is_sqlite:
                    rencontre.pop()
                    croisement.wait(timeout=10)

        database.transaction(travail)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(prendre, ("A", "B"), ("B", "A")))

    with database.read() as session:
        assert list(session.scalars(select(Serie.dernier_rang))) == [2, 2]


def test_un_ecrivain_de_sqlite_tient_la_base_des_son_debut(database: Database) -> None:
    """Before it wrote anything: what it reads is still so when it writes."""
    if not database.is_sqlite:
        pytest.skip("MariaDB locks rows")
    with closing(sqlite3.connect(str(database.engine.url.database), timeout=0)) as ailleurs:
        with database.write() as session:
            session.scalars(select(Serie.prefixe)).all()
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                ailleurs.execute("BEGIN IMMEDIATE")
        with database.read() as session:
            session.scalars(select(Serie.prefixe)).all()
            ailleurs.execute("BEGIN IMMEDIATE")


def test_un_point_de_reprise_garde_ce_qui_le_precede(database: Database) -> None:
    with database.write() as session:
        session.add(Serie(prefixe="A", annee=2026))
        with session.begin_nested():
            session.add(Serie(prefixe="B", annee=2026))

    with database.read() as session:
        assert session.scalars(select(Serie.prefixe).order_by(Serie.prefixe)).all() == ["A", "B"]


def test_le_texte_se_compare_lettre_a_lettre(database: Database) -> None:
    """`utf8mb4_bin` on MariaDB, as SQLite does: « Éts » and « ets » are two series."""
    with database.write() as session:
        session.add_all(Serie(prefixe=nom, annee=2026) for nom in ("e", "E", "é"))

    with database.read() as session:
        trouvees = session.scalars(select(Serie.prefixe).where(Serie.prefixe == "e"))
        assert list(trouvees) == ["e"]


def test_les_cles_etrangeres_sont_tenues(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(
            text(
                "INSERT INTO jeton_api (id, empreinte, utilisateur_id, cree_le)"
                " VALUES ('1', '2', '3', '2026-01-01')"
            )
        )
