"""The database: one engine, read sessions, and units of work that are replayed when they collide.

Nothing outside this module commits. On SQLite one writer at a time enters (`BEGIN IMMEDIATE`
behind a process-wide lock); on MariaDB rows are locked by the statements that need it, under
READ COMMITTED.

A connection lost during COMMIT leaves unknown whether the work was saved. Each unit of work writes
a witness with its effect: it is not done again before its witness was looked for.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    MetaData,
    PoolProxiedConnection,
    ScalarSelect,
    Table,
    Uuid,
    create_engine,
    event,
    insert,
    make_url,
    select,
)
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    Session,
    SessionTransaction,
    mapped_column,
)

from cordeau.core import provenance
from cordeau.core.retries import AlreadySavedError, Unit, attempts, is_collision, is_lost

Result = TypeVar("Result")

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

#: What an SQLite connection says when the disk fails it: it is opened again for the next request.
DISQUE = ("disk I/O error", "database or disk is full", "readonly database", "unable to open")
#: Under which name a unit of work knows the missing triggers (`Session.info`).
GARDES_MANQUANTES = "gardes_manquantes"


class Base(DeclarativeBase):
    """Root of every model; constraint names follow one convention."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


@event.listens_for(Table, "after_parent_attach")
def _alike_on_both_engines(table: Table, _parent: object) -> None:
    """Compare text by code point on MariaDB too, as SQLite does."""
    options = table.dialect_options["mysql"]
    options["engine"], options["charset"], options["collate"] = "InnoDB", "utf8mb4", "utf8mb4_bin"


class Temoin(Base):
    """The witness of a unit of work, saved with it: proves that its COMMIT was done."""

    __tablename__ = "temoin"

    id: Mapped[UUID] = mapped_column(Uuid(native_uuid=False), primary_key=True)


class ReadingSession(Session):
    """A session whose unit of work is never committed."""


class WritingSession(Session):
    """One unit of work; what it changes is followed for the journal (`core.collecte`)."""


class Database:
    """An engine and the ways in: `read()` and `reader()`, `transaction()` to write."""

    def __init__(self, url: str) -> None:
        self.engine = _create_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._write_lock = threading.Lock()

        #: Triggers missing from the base: as long as there is one, nothing is issued.
        self.gardes_manquantes: Sequence[str] = ()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that may only read."""
        with self.session_for_reading() as session:
            yield session

    def reader(self) -> Connection:
        """A connection alone, to read by one statement: cheaper than a session."""
        return self.engine.connect()

    def session_for_reading(self) -> "ReadingSession":
        """The same, for a caller that closes it; it connects at its first statement."""
        return ReadingSession(self.engine, expire_on_commit=False, autoflush=False)

    @contextmanager
    def write(self, unit: Unit | None = None) -> Iterator[Session]:
        """One try of a unit of work: commits when the block ends, rolls back when it raises.

        Raises `AlreadySavedError` when the former try of `unit` was saved after all.
        """
        session = self.session_for_writing()
        with self.writing(session, unit):
            yield session

    @contextmanager
    def writing(self, session: Session, unit: Unit | None = None) -> Iterator[None]:
        """The same with a session made before, which is closed at the end."""
        with self._one_writer(), session:
            try:
                if unit is not None:
                    self._begin(session, unit)
                yield
                self._end(session, unit)
            except BaseException:
                session.rollback()
                raise

    def transaction(self, work: Callable[[Session], Result]) -> Result:
        """Run a whole unit of work, replaying it when another one got in its way."""
        unit = Unit()
        for attempt in attempts():
            try:
                with self.write(unit) as session:
                    unit.give(work(session))
                break
            except AlreadySavedError:
                break
            except DBAPIError as error:
                time.sleep(attempt.pause_after(error, unit))
        result: Result = unit.result
        return result

    def _begin(self, session: Session, unit: Unit) -> None:
        """Settle what became of the former try: its witness, written first, cannot be there twice.

        As long as that try is not undone, its witness makes this one wait; once this one is
        written, that try can never be saved.
        """
        unit.tries += 1
        if unit.in_doubt:
            try:
                session.execute(insert(Temoin), {"id": unit.id})
            except IntegrityError as error:
                raise AlreadySavedError from error

    def _end(self, session: Session, unit: Unit | None) -> None:
        """Write the witness, last, and commit; an embedded base always says what it did."""
        temoigne = unit is not None and not self.is_sqlite and session.in_transaction()
        if unit is None or not temoigne:
            session.commit()
            if unit is not None:
                unit.settle()
            return
        if not unit.in_doubt:
            session.flush()
            session.execute(insert(Temoin), {"id": unit.id})
        try:
            session.commit()
        except DBAPIError as error:
            if not is_collision(error):
                unit.doubt()
            raise
        except BaseException:
            unit.doubt()
            raise
        unit.settle()

    def session_for_writing(self) -> "WritingSession":
        """A session for `writing`; whoever acts is noted in it from now on."""
        return WritingSession(
            self.engine,
            expire_on_commit=False,
            info={
                GARDES_MANQUANTES: self.gardes_manquantes,
                provenance.CLE: provenance.provenance_courante(),
            },
        )

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    def _one_writer(self) -> AbstractContextManager[object]:
        """SQLite writers queue here, where waiting is fair, rather than in its busy loop."""
        return self._write_lock if self.is_sqlite else nullcontext()


def rows_written(result: object) -> int:
    """How many rows the statement that gave this result changed."""
    if not isinstance(result, CursorResult):
        raise TypeError(f"{type(result).__name__} is not the result of a change")
    return result.rowcount


def tient_toute_la_base(session: Session) -> bool:
    """Whether a unit of work holds every row from its beginning, as on SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def lock_row(
    session: Session, cle: InstrumentedAttribute[UUID], valeur: UUID | ScalarSelect[Any]
) -> None:
    """Hold a row until the unit of work ends."""
    if not tient_toute_la_base(session):
        session.execute(select(cle).where(cle == valeur).with_for_update())


def _create_engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        adresse = make_url(url).set(drivername="sqlite+cordeau")
        engine = create_engine(adresse, connect_args={"timeout": 30, "check_same_thread": False})
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "handle_error", _on_sqlite_error)
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
    event.listen(engine, "handle_error", _on_mysql_error)
    return engine


def _on_sqlite_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else a REPLACE deletes without firing delete triggers
        "busy_timeout=30000",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    garder_schema(connection)


def garder_schema(connection: sqlite3.Connection) -> None:
    """Deny a connection every change of the schema and of its settings."""
    connection.set_authorizer(_autoriser)


def liberer_schema(connection: sqlite3.Connection) -> None:
    """Let a connection of migrations change the schema, which every other one is denied."""
    connection.set_authorizer(None)
    connection.execute("PRAGMA foreign_keys=OFF")


#: All that a connection may do: read and write rows. Nothing that makes, drops or changes a
#: table, an index, a view or a trigger, temporary ones included, nor opens another file.
_PERMIS = frozenset(
    {
        sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_SAVEPOINT,
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_UPDATE,
    }
)
#: Settings that may be read, never written.
_REGLAGES = frozenset(
    {"foreign_keys", "journal_mode", "page_count", "recursive_triggers", "synchronous"}
)
#: What tells of the schema or checks rows, and changes nothing whatever its argument.
_EXAMENS = frozenset(
    {
        "foreign_key_check",
        "foreign_key_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "quick_check",
        "table_info",
        "table_list",
        "table_xinfo",
    }
)


def _autoriser(
    action: int, premier: str | None, second: str | None, _base: str | None, _par: str | None
) -> int:
    """Deny what would take the guards away: only migrations change the schema or a setting."""
    if action in _PERMIS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA:
        nom = (premier or "").lower()
        if nom in _EXAMENS or (nom in _REGLAGES and second is None):
            return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


class DialecteSQLite(SQLiteDialect_pysqlite):
    """Begins what the driver leaves to begin; an event of the engine costs each statement more."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        """Read one state of the base until the end; waits for nobody."""
        dbapi_connection.cursor().execute("BEGIN")


registry.register("sqlite.cordeau", __name__, DialecteSQLite.__name__)


@event.listens_for(WritingSession, "after_begin")
def _en_ecrivain(
    _session: Session, transaction: SessionTransaction, connection: Connection
) -> None:
    """Hold the whole of an SQLite base from the beginning: begins again, as a writer."""
    if connection.dialect.name == "sqlite" and not transaction.nested:
        connection.connection.rollback()
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _on_sqlite_error(context: ExceptionContext) -> None:
    """Open the base again after a failure of its disk: the cure is seen without a restart."""
    if any(panne in str(context.original_exception) for panne in DISQUE):
        context.is_disconnect = True


def _on_mysql_connect(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            # the collation of the columns: under another, an equality is no constant to sort by
            "SET SESSION time_zone = '+00:00', collation_connection = 'utf8mb4_bin', "
            "innodb_lock_wait_timeout = 10, "
            "sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
            "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"
        )
        cursor.execute(
            "SHOW VARIABLES WHERE Variable_name IN "
            "('innodb_snapshot_isolation', 'wsrep_on', 'in_predicate_conversion_threshold')"
        )
        connues = dict(cursor.fetchall())
        if "innodb_snapshot_isolation" in connues:  # a second line of defence: error 1020
            cursor.execute("SET SESSION innodb_snapshot_isolation = ON")
        if "in_predicate_conversion_threshold" in connues:  # a long list is read by key, not joined
            cursor.execute("SET SESSION in_predicate_conversion_threshold = 0")
        if connues.get("wsrep_on") == "ON":  # read what another node has just acknowledged
            cursor.execute("SET SESSION wsrep_sync_wait = 1")


def _on_mysql_error(context: ExceptionContext) -> None:
    """Leave a server that is stopping, or a node that left the cluster, as if it had hung up."""
    if isinstance(context.sqlalchemy_exception, DBAPIError) and is_lost(
        context.sqlalchemy_exception
    ):
        context.is_disconnect = True
