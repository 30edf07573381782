"""The database: one engine, read sessions, and units of work that are replayed when they collide.

Nothing outside this module commits. On SQLite one writer at a time enters (`BEGIN IMMEDIATE`
behind a process-wide lock); on MariaDB rows are locked by the statements that need it, under
READ COMMITTED.
"""

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine, MetaData, ScalarSelect, Table, create_engine, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session

Result = TypeVar("Result")

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

#: Deadlock, lock wait time-out, row changed under a snapshot, node not ready, connection lost.
RETRYABLE_MYSQL = frozenset({1213, 1205, 1020, 1047})
RETRY_ATTEMPTS = 30
RETRY_SECONDS = 10.0


class Base(DeclarativeBase):
    """Root of every model; constraint names follow one convention."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


@event.listens_for(Table, "after_parent_attach")
def _alike_on_both_engines(table: Table, _parent: object) -> None:
    """Compare text by code point on MariaDB too, as SQLite does."""
    options = table.dialect_options["mysql"]
    options["engine"], options["charset"], options["collate"] = "InnoDB", "utf8mb4", "utf8mb4_bin"


class ReadingSession(Session):
    """A session whose unit of work is never committed."""


class Database:
    """An engine and the two ways in: `read()` and `transaction()`."""

    def __init__(self, url: str) -> None:
        self.engine = _create_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writing_engine = self.engine.execution_options(cordeau_write=True)
        self._write_lock = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that may only read."""
        with self.session_for_reading() as session:
            yield session

    def session_for_reading(self) -> "ReadingSession":
        """The same, for a caller that closes it; it connects at its first statement."""
        return ReadingSession(self.engine, expire_on_commit=False, autoflush=False)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One unit of work: commits when the block ends, rolls back when it raises."""
        with self._one_writer(), Session(self._writing_engine, expire_on_commit=False) as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def transaction(self, work: Callable[[Session], Result]) -> Result:
        """Run a whole unit of work, replaying it when another one got in its way."""
        for attempt in attempts():
            try:
                with self.write() as session:
                    return work(session)
            except DBAPIError as error:
                if not is_retryable(error) or attempt.is_last:
                    raise
                attempt.wait()
        raise AssertionError("the last attempt returns or raises")

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    def _one_writer(self) -> AbstractContextManager[object]:
        """SQLite writers queue here, where waiting is fair, rather than in its busy loop."""
        return self._write_lock if self.is_sqlite else nullcontext()


def lock_row(
    session: Session, cle: InstrumentedAttribute[UUID], valeur: UUID | ScalarSelect[Any]
) -> None:
    """Hold a row until the unit of work ends; on SQLite the unit holds the whole base already."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(cle).where(cle == valeur).with_for_update())


class Attempt:
    """One try of a unit of work."""

    def __init__(self, number: int, deadline: float) -> None:
        self.number = number
        self._deadline = deadline

    @property
    def is_last(self) -> bool:
        """Whether a failure now is final."""
        return self.number >= RETRY_ATTEMPTS and time.monotonic() > self._deadline

    @property
    def pause(self) -> float:
        """How long to wait before the next try: grows, with jitter."""
        return random.uniform(0.001, min(0.25, 0.005 * 2 ** min(self.number, 6)))  # noqa: S311

    def wait(self) -> None:
        """Wait before the next try."""
        time.sleep(self.pause)


def attempts() -> Iterator[Attempt]:
    """At least 30 tries or 10 seconds, whichever is later."""
    deadline = time.monotonic() + RETRY_SECONDS
    number = 1
    while number <= RETRY_ATTEMPTS or time.monotonic() <= deadline:
        yield Attempt(number, deadline)
        number += 1
    yield Attempt(number, deadline)


def is_retryable(error: DBAPIError) -> bool:
    """Whether replaying the whole unit of work can succeed."""
    original = error.orig
    if isinstance(original, sqlite3.OperationalError):
        return "locked" in str(original) or "busy" in str(original)
    code = original.args[0] if original is not None and original.args else None
    return code in RETRYABLE_MYSQL


def _create_engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
        return engine
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=20,
        max_overflow=20,
        isolation_level="READ COMMITTED",
        connect_args={"charset": "utf8mb4"},
    )
    event.listen(engine, "connect", _on_mysql_connect)
    return engine


def _on_sqlite_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_sqlite_begin(connection: Any) -> None:
    writing = connection.get_execution_options().get("cordeau_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _on_mysql_connect(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET SESSION time_zone = '+00:00', "
            "sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
            "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"
        )
