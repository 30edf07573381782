"""One policy for what is tried again: the whole unit of work, and never blindly.

`Database.transaction` and the HTTP route run the same loop over `attempts`, with the same `Unit`:

    for attempt in attempts():
        try: ...one try...
        except AlreadySavedError: return unit.result
        except DBAPIError as error: wait(attempt.pause_after(error, unit))
"""

import random
import sqlite3
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from cordeau.core.ids import new_id

#: Another unit of work got in the way, this one was rolled back: deadlock, lock wait time-out, row
#: changed under a snapshot, too many connections.
COLLISIONS = frozenset({1213, 1205, 1020, 1040})
#: The connection is gone, or the server does not serve: node not ready, server shutting down, error
#: during commit, connection killed, refused, gone, lost, idle for too long.
COUPURES = frozenset({1047, 1053, 1180, 1927, 2002, 2003, 2006, 2013, 2014, 2045, 2055, 4031})
#: The savepoint is gone with its transaction: what undid both is the error this one hides.
POINT_DISPARU = 1305
RETRY_ATTEMPTS = 30
RETRY_SECONDS = 10.0
#: Beyond it nobody waits any longer, were the tries few: each one waited for a lock.
RETRY_SECONDS_MAX = 30.0


class Unit:
    """One unit of work across its tries: its name, what it gave, whether it may be saved."""

    def __init__(self, *, reading: bool = False) -> None:
        self.id: UUID = new_id()
        #: What the saved try gave.
        self.result: Any = None
        self.given: Any = None
        #: What only reads is tried once more, so that one lost connection is not seen.
        self.reading = reading
        #: Its COMMIT was sent and not answered; `result` stays that of this try.
        self.in_doubt = False
        self.tries = 0

    def give(self, result: Any) -> None:
        """Note what this try gave, to be answered once it is saved."""
        self.given = result

    def doubt(self) -> None:
        """The COMMIT of this try was not answered: what it gave may be what is saved."""
        self.in_doubt, self.result = True, self.given

    def settle(self) -> None:
        """This try is saved."""
        self.in_doubt, self.result = False, self.given


class AlreadySavedError(Exception):
    """The try whose COMMIT was not answered was saved after all: `Unit.result` holds its answer."""


class CommitInDoubtError(Exception):
    """The COMMIT was not answered, and the database did not come back to say what became of it."""


class Attempt:
    """One try of a unit of work."""

    def __init__(self, number: int, started: float) -> None:
        self.number = number
        self._started = started

    def pause_after(self, error: Exception, unit: Unit) -> float:
        """How long to wait before the next try; raises when this one was the last."""
        lasting = time.monotonic() - self._started
        spent = self.number >= RETRY_ATTEMPTS and lasting > RETRY_SECONDS
        spent = spent or lasting > RETRY_SECONDS_MAX or (unit.reading and self.number > 1)
        if (is_retryable(error) or unit.in_doubt) and not spent:
            longest = min(0.5, 0.005 * 2 ** min(self.number, 7))
            return random.uniform(longest / 5, longest)  # noqa: S311 (spreads, hides nothing)
        if unit.in_doubt:
            raise CommitInDoubtError from error
        raise error


def attempts() -> Iterator[Attempt]:
    """Tries without end; `Attempt.pause_after` ends them."""
    started = time.monotonic()
    number = 1
    while True:
        yield Attempt(number, started)
        number += 1


def is_retryable(error: Exception) -> bool:
    """Whether replaying the whole unit of work can succeed."""
    return is_collision(error) or is_lost(error)


def is_collision(error: Exception) -> bool:
    """Whether the database undid this unit of work for another's sake: nothing was saved."""
    original = getattr(error, "orig", None)
    if isinstance(original, sqlite3.OperationalError):
        return "locked" in str(original) or "busy" in str(original)
    return _code(_sous_le_point(error)) in COLLISIONS


def is_lost(error: Exception) -> bool:
    """Whether the connection is gone; SQLite has none to lose."""
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return False
    return error.connection_invalidated or _code(error) in COUPURES


def _sous_le_point(error: BaseException) -> BaseException:
    """The error itself, else the one that took the savepoint it was to be undone to."""
    if _code(error) != POINT_DISPARU:
        return error
    dessous = error.__cause__ or error.__context__
    while dessous is not None and _code(dessous) in (None, POINT_DISPARU):
        dessous = dessous.__cause__ or dessous.__context__
    return dessous or error


def _code(error: BaseException) -> object:
    original = getattr(error, "orig", None)
    return original.args[0] if original is not None and original.args else None
