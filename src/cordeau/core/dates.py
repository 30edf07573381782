"""Days of the law are Paris days; instants are UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
#: Where a missing day sorts: after every other.
JAMAIS = date(9999, 12, 31)
_recul: ContextVar[timedelta] = ContextVar("recul", default=timedelta())


def aujourd_hui() -> date:
    """The legal day, in Paris: at half past midnight on 1 January it is already the new year."""
    return datetime.now(PARIS).date()


def maintenant() -> datetime:
    """This instant, in UTC, to the microsecond."""
    return datetime.now(UTC) + _recul.get()


@contextmanager
def a_l_instant(instant: datetime) -> Iterator[None]:
    """Set `maintenant` to that instant, from which it runs on: the demonstration tells a past."""
    jeton = _recul.set(instant - datetime.now(UTC))
    try:
        yield
    finally:
        _recul.reset(jeton)


def debut_du_jour(jour: date) -> datetime:
    """The first instant of a Paris day, in UTC."""
    return datetime.combine(jour, time(), PARIS).astimezone(UTC)


def fin_du_jour(jour: date) -> datetime:
    """The first instant after a Paris day, in UTC; the last day there is has none after it."""
    return debut_du_jour(jour + timedelta(days=1) if jour < date.max else jour)


def a_paris(instant: datetime) -> datetime:
    """The same instant on a Paris clock, for display."""
    return instant.astimezone(PARIS)
