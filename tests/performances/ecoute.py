"""Listening to what is asked of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import event

from cordeau.core.db import Database


class Ordre(NamedTuple):
    """One statement, as the driver receives it."""

    sql: str
    parametres: Any


@contextmanager
def ecouter(database: Database) -> Iterator[list[Ordre]]:
    """The statements of the block, `BEGIN` left out."""
    ordres: list[Ordre] = []

    def noter(*recu: Any) -> None:
        _connexion, _curseur, sql, parametres, *_ = recu
        if not sql.startswith("BEGIN"):
            ordres.append(Ordre(sql, parametres))

    event.listen(database.engine, "before_cursor_execute", noter)
    try:
        yield ordres
    finally:
        event.remove(database.engine, "before_cursor_execute", noter)
