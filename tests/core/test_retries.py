"""What is tried again, for how long, and how the outcome of a lost COMMIT is settled."""

import sqlite3
import threading
from collections.abc import Callable
from typing import Any, Self

import pymysql
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cordeau.core import retries
from cordeau.core.db import Database
from cordeau.core.jobs import Job, enqueue
from cordeau.core.retries import Attempt, CommitInDoubtError, Unit, attempts, is_lost


def erreur(code: int) -> OperationalError:
    """What the driver says."""
    return OperationalError("UPDATE", {}, pymysql.err.OperationalError(code, "x"))


@pytest.mark.parametrize("code", [1213, 1205, 1020, 1047, 2002, 2003, 2006, 2013, 2055, 1927, 1053])
def test_un_alea_connu_se_rejoue(code: int) -> None:
    assert retries.is_retryable(erreur(code))


@pytest.mark.parametrize("code", [1064, 1146, 1644, 1062, 1021])
def test_une_erreur_durable_ne_se_rejoue_pas(code: int) -> None:
    assert not retries.is_retryable(erreur(code))


def test_sqlite_n_a_pas_de_connexion_a_perdre() -> None:
    panne = OperationalError("x", {}, sqlite3.OperationalError("disk I/O error"))
    panne.connection_invalidated = True

    assert not is_lost(panne)


def test_trente_essais_au_moins_ou_dix_secondes(monkeypatch: pytest.MonkeyPatch) -> None:
    heure = [0.0]
    monkeypatch.setattr("cordeau.core.retries.time.monotonic", lambda: heure[0])

    def essais(duree: float) -> int:
        """How many tries when each one lasts that long."""
        for attempt in attempts():
            heure[0] += duree
            try:
                heure[0] += attempt.pause_after(erreur(1213), Unit())
            except OperationalError:
                return attempt.number
        raise AssertionError

    assert essais(0.0) >= 30
    assert essais(0.4) >= 30
    assert essais(31.0) == 1


def test_l_attente_grandit_et_varie() -> None:
    pauses = [[a.pause_after(erreur(1213), Unit()) for _ in range(30)] for a in _premiers(8)]

    assert max(pauses[0]) < max(pauses[3]) < max(pauses[7]) <= 0.5
    assert len({round(p, 6) for p in pauses[7]}) > 20


def test_une_lecture_n_est_reprise_qu_une_fois() -> None:
    premier, second = _premiers(2)
    lecture = Unit(reading=True)

    assert premier.pause_after(erreur(2013), lecture) > 0
    with pytest.raises(OperationalError):
        second.pause_after(erreur(2013), lecture)


def test_un_commit_jamais_eclairci_se_dit_tel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "RETRY_SECONDS_MAX", -1.0)
    unit = Unit()
    unit.in_doubt = True

    with pytest.raises(CommitInDoubtError):
        next(attempts()).pause_after(erreur(2003), unit)


def test_la_reponse_est_celle_de_l_essai_enregistre() -> None:
    """A try that collided since proves nothing of the one whose COMMIT was not answered."""
    unit = Unit()
    unit.give("premier")
    unit.doubt()
    unit.give("second, défait par une collision")

    assert unit.result == "premier"


class CommitPerdu:
    """A COMMIT whose answer is lost while the server still works on it."""

    def __init__(self, vrai: Callable[[Any], None]) -> None:
        self.vrai, self.perdus = vrai, 1
        self.fil: threading.Thread | None = None

    def __call__(self, connexion: Any) -> None:
        """Commit; the first time, later, and hang up at once."""
        if not self.perdus:
            return self.vrai(connexion)
        self.perdus -= 1
        dbapi = connexion.dbapi_connection
        fermer, dbapi.close = dbapi.close, lambda: None

        def plus_tard() -> None:
            dbapi.commit()
            fermer()

        self.fil = threading.Timer(0.3, plus_tard)
        self.fil.start()
        raise pymysql.err.OperationalError(2013, "Lost connection to server during query")


def test_un_commit_encore_en_route_n_est_pas_refait(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The replay waits for the former try on its witness; without it, the work is done twice."""
    if database.is_sqlite:
        pytest.skip("une base embarquée n’a pas de connexion à perdre")
    essais: list[int] = []
    perdu = CommitPerdu(database.engine.dialect.do_commit)
    monkeypatch.setattr(database.engine.dialect, "do_commit", perdu)

    def travail(session: Session) -> str:
        essais.append(1)
        enqueue(session, "x", {})
        return f"essai {len(essais)}"

    assert database.transaction(travail) == "essai 1"

    assert perdu.fil is not None
    perdu.fil.join()
    assert essais == [1]
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_une_interruption_pendant_le_commit_ne_rend_pas_la_connexion(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its protocol is out of step: the next unit of work must not inherit it."""
    if database.is_sqlite:
        pytest.skip("une base embarquée n’a pas de protocole")

    def interrompre(_connexion: Any) -> None:
        raise KeyboardInterrupt

    unit = Unit()
    brutes = []

    def travailler() -> None:
        with database.write(unit) as session:
            enqueue(session, "x", {})
            brutes.append(session.connection().connection.dbapi_connection)

    with monkeypatch.context() as patch:
        patch.setattr(database.engine.dialect, "do_commit", interrompre)
        with pytest.raises(KeyboardInterrupt):
            travailler()

    assert unit.in_doubt
    with database.write() as session:
        assert session.connection().connection.dbapi_connection is not brutes[0]
        assert session.scalar(select(func.count()).select_from(Job)) == 0


class Curseur:
    """A server's answers to what a new connection asks."""

    def __init__(self, variables: dict[str, str]) -> None:
        self.variables = variables
        self.ordres: list[str] = []

    def __enter__(self) -> Self:
        """As a cursor does."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """As a cursor does."""

    def cursor(self) -> "Curseur":
        """Itself."""
        return self

    def execute(self, ordre: str) -> None:
        """Note the statement."""
        self.ordres.append(ordre)

    def fetchall(self) -> list[tuple[str, str]]:
        """The variables of the server."""
        return list(self.variables.items())


@pytest.mark.parametrize(
    ("variables", "attendus"),
    [
        ({}, set()),
        ({"innodb_snapshot_isolation": "OFF", "wsrep_on": "OFF"}, {"innodb_snapshot_isolation"}),
        ({"wsrep_on": "ON"}, {"wsrep_sync_wait"}),
    ],
)
def test_une_connexion_prend_les_garanties_que_le_serveur_connait(
    variables: dict[str, str], attendus: set[str]
) -> None:
    from cordeau.core.db import _on_mysql_connect  # noqa: PLC0415 (an inner hook)

    curseur = Curseur(variables)
    _on_mysql_connect(curseur, None)

    poses = {o.split()[2] for o in curseur.ordres[2:]}
    assert poses == attendus


def _premiers(nombre: int) -> list[Attempt]:
    return [attempt for attempt, _ in zip(attempts(), range(nombre), strict=False)]
