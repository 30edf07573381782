"""A disk that is full, read-only or failing: nothing is acknowledged, and the cure is enough."""

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pymysql
import pytest
from fastapi import FastAPI
from sqlalchemy import event as evenements
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import Request
from starlette.testclient import TestClient

from cordeau.core.db import Database
from cordeau.core.retries import CommitInDoubtError
from cordeau.web.errors import on_database_down
from tests.ecritures.pannes import Genre, etat, pannes
from tests.serveurs import a_la_main, regler

Api = Callable[..., TestClient]
CLIENTS = "/api/v1/clients"
PLEIN = {"nom": "Plein", "notes": "x" * 9000}


@pytest.fixture
def sqlite(app: FastAPI) -> Database:
    """The embedded base; MariaDB looks after its own disk."""
    database: Database = app.state.database
    if not database.is_sqlite:
        pytest.skip("c’est le disque de la base embarquée")
    return database


def refuse(programme: TestClient, database: Database, mot: str) -> None:
    """A write is refused in words, and nothing of it is kept."""
    with database.read() as session:
        avant = etat(session)

    reponse = programme.post(CLIENTS, json=PLEIN)

    assert reponse.status_code == 503, reponse.text
    assert mot in reponse.json()["detail"]
    assert "Rien n’a été enregistré" in reponse.json()["detail"]
    assert int(reponse.headers["retry-after"]) > 0
    with database.read() as session:
        assert etat(session) == avant


def limiter(database: Database, pages: int) -> None:
    """Have the base refuse to grow, on the connections that write."""

    def borner(connexion: sqlite3.Connection, *_: Any) -> None:
        regler(connexion, f"max_page_count = {pages}")

    database.dispose()
    evenements.listen(database.engine, "connect", borner)
    try:
        with database.read() as session:
            session.connection()
    finally:
        evenements.remove(database.engine, "connect", borner)


def test_un_disque_plein_refuse_puis_sert_des_qu_il_a_de_la_place(
    sqlite: Database, api: Api
) -> None:
    programme = api()
    with sqlite.engine.connect() as connexion:
        pages = connexion.exec_driver_sql("PRAGMA page_count").scalar_one()
    limiter(sqlite, pages)

    acceptes = 0
    while programme.post(CLIENTS, json=PLEIN).status_code == 201:
        acceptes += 1
        assert acceptes < 500
        limiter(sqlite, pages)
    limiter(sqlite, pages)
    refuse(programme, sqlite, "plein")

    sqlite.dispose()
    assert programme.post(CLIENTS, json=PLEIN).status_code == 201
    with sqlite.read() as session:
        assert etat(session)["client"][0] == acceptes + 1


@pytest.fixture
def petit_disque(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    dossier = tmp_path / "disque"
    dossier.mkdir()
    monter = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(dossier)]
    if subprocess.run(monter, capture_output=True, check=False).returncode:
        pytest.skip("monter un petit disque demande d’être administrateur")
    yield dossier
    subprocess.run(["umount", "-l", str(dossier)], check=True)


def test_un_vrai_disque_plein_ne_perd_rien(petit_disque: Path) -> None:
    database = Database(f"sqlite:///{petit_disque}/base.db")
    with a_la_main(database) as connexion:
        connexion.exec_driver_sql("CREATE TABLE note (id INTEGER PRIMARY KEY, texte TEXT)")
    ecrites = 0

    def remplir() -> None:
        nonlocal ecrites
        while ecrites < 100:
            database.transaction(
                lambda session: session.connection().exec_driver_sql(
                    "INSERT INTO note (texte) VALUES (hex(zeroblob(50000)))"
                )
            )
            ecrites += 1

    with pytest.raises(OperationalError, match="full"):
        remplir()

    def compter() -> int:
        with database.engine.connect() as connexion:
            return int(connexion.exec_driver_sql("SELECT count(*) FROM note").scalar_one())

    assert compter() == ecrites > 0
    subprocess.run(["mount", "-o", "remount,size=16m", str(petit_disque)], check=True)
    database.transaction(
        lambda session: session.connection().exec_driver_sql(
            "INSERT INTO note (texte) VALUES ('la place est revenue')"
        )
    )
    assert compter() == ecrites + 1
    database.dispose()


def test_une_base_en_lecture_seule_le_dit_puis_se_remet(sqlite: Database, api: Api) -> None:
    programme = api()
    sqlite.dispose()

    def figer(connexion: sqlite3.Connection, *_: Any) -> None:
        regler(connexion, "query_only = ON")

    evenements.listen(sqlite.engine, "connect", figer)
    refuse(programme, sqlite, "lecture seule")
    evenements.remove(sqlite.engine, "connect", figer)
    sqlite.engine.pool.dispose()

    assert programme.post(CLIENTS, json=PLEIN).status_code == 201


def test_une_panne_du_disque_le_dit_puis_se_remet_seule(sqlite: Database, api: Api) -> None:
    programme = api()
    with pannes(sqlite, Genre.REFUS) as panne:
        for viser in (partial(panne.au_rang, 4), partial(panne.au_commit, "avant")):
            viser()
            refuse(programme, sqlite, "en panne")
            assert panne.survenue
            assert programme.post(CLIENTS, json=PLEIN).status_code == 201


def test_une_connexion_d_un_disque_en_panne_n_est_pas_gardee(sqlite: Database) -> None:
    """Opened on a read-only disk, it would stay so once the disk is cured."""
    vues = []

    def ecrire() -> None:
        with sqlite.write() as session:
            vues.append(session.connection().connection.dbapi_connection)
            session.connection().exec_driver_sql("SELECT 1")
            session.connection().exec_driver_sql("SELECT 2")

    with pannes(sqlite, Genre.REFUS) as panne:
        for _ in range(2):
            panne.au_rang(3)
            with pytest.raises(OperationalError):
                ecrire()

    assert vues[0] is not vues[1]


@pytest.mark.parametrize(
    ("accident", "mot"),
    [
        (OperationalError("", {}, pymysql.err.OperationalError(1021, "Disk full")), "plein"),
        (OperationalError("", {}, pymysql.err.OperationalError(1114, "table is full")), "plein"),
        (InternalError("", {}, pymysql.err.InternalError(3, "No space left on device")), "plein"),
        (
            OperationalError("", {}, pymysql.err.OperationalError(1290, "--read-only option")),
            "lecture seule",
        ),
        (PoolTimeoutError("QueuePool limit"), "ne répond pas"),
        (CommitInDoubtError(), "pu aboutir ou non"),
    ],
)
def test_chaque_panne_se_dit_en_francais(app: FastAPI, accident: Exception, mot: str) -> None:
    requete = Request({"type": "http", "path": "/api/v1/clients", "headers": [], "app": app})

    reponse = on_database_down(requete, accident)

    assert reponse.status_code == 503
    assert mot in bytes(reponse.body).decode()
    assert int(reponse.headers["retry-after"]) > 0


@pytest.mark.parametrize("accident", [PoolTimeoutError, CommitInDoubtError, InternalError])
def test_chaque_panne_a_sa_reponse(app: FastAPI, accident: type[Exception]) -> None:
    assert app.exception_handlers[accident] is on_database_down
