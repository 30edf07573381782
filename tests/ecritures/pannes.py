"""A database that fails at a chosen moment: its k-th statement, its COMMIT before or after."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

import pymysql
import pytest
from sqlalchemy import Integer, func, literal, select, union_all
from sqlalchemy import event as evenements
from sqlalchemy.orm import Session

from cordeau.auth.models import SessionWeb
from cordeau.core.db import Base, Database, Temoin
from cordeau.core.operations import Operation

#: What tells how things are done, not what was done.
TECHNIQUES = {Operation.__tablename__, Temoin.__tablename__, SessionWeb.__tablename__}


class Genre(Enum):
    """How the database fails."""

    #: The connection goes away: the server undoes what it had not committed.
    COUPURE = "coupure"
    #: The server refuses, for a reason no retry can cure.
    REFUS = "refus"


class Panne:
    """Fails once, at the k-th statement, or at the first COMMIT."""

    def __init__(self, database: Database, genre: Genre) -> None:
        self.database, self.genre = database, genre
        self.restants: int | None = None
        self.commit = ""
        self.survenue = False

    def au_rang(self, rang: int) -> None:
        """Fail at the statement of this rank, counted from now."""
        self.restants, self.survenue = rang, False

    def au_commit(self, moment: str) -> None:
        """Fail at the next COMMIT, « avant » or « apres » it was really done."""
        self.commit, self.survenue = moment, False

    def sur_ordre(self, cursor: Any, *_arguments: Any) -> None:
        """Count one statement."""
        if self.restants is None:
            return
        self.restants -= 1
        if self.restants == 0:
            self.restants, self.survenue = None, True
            self.lever(cursor.connection)

    def lever(self, connexion: Any) -> None:
        """Fail."""
        if self.database.is_sqlite:
            raise sqlite3.OperationalError("disk I/O error")
        if self.genre is Genre.COUPURE:
            connexion._force_close()
            raise pymysql.err.OperationalError(2013, "Lost connection to server during query")
        raise pymysql.err.OperationalError(1030, "Got error 5 from storage engine")


@contextmanager
def pannes(database: Database, genre: Genre) -> Iterator[Panne]:
    """A database that will fail when told to."""
    panne = Panne(database, genre)
    vrai_commit = database.engine.dialect.do_commit
    ordres = ("do_execute", "do_executemany", "do_execute_no_params")

    def do_commit(connexion: Any) -> None:
        moment, panne.commit = panne.commit, ""
        if moment:
            panne.survenue = True
        if moment != "avant":
            vrai_commit(connexion)
        if moment:
            panne.lever(connexion.dbapi_connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database.engine.dialect, "do_commit", do_commit)
        for ordre in ordres:
            evenements.listen(database.engine, ordre, panne.sur_ordre)
        try:
            yield panne
        finally:
            for ordre in ordres:
                evenements.remove(database.engine, ordre, panne.sur_ordre)


def etat(session: Session) -> dict[str, tuple[int, int]]:
    """What the base holds: rows of each table, and the sum of their integers."""
    lectures = []
    for table in Base.metadata.sorted_tables:
        if table.name not in TECHNIQUES:
            entiers = [c for c in table.columns if isinstance(c.type, Integer)]
            somme = sum((func.coalesce(func.sum(c), 0) for c in entiers), literal(0))
            lectures.append(select(literal(table.name), func.count(), somme).select_from(table))
    return {
        nom: (nombre, int(total))
        for nom, nombre, total in session.execute(union_all(*lectures)).all()
    }
