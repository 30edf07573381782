"""Days of the law are Paris days; instants are UTC."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def aujourd_hui() -> date:
    """The legal day, in Paris: at half past midnight on 1 January it is already the new year."""
    return datetime.now(PARIS).date()


def maintenant() -> datetime:
    """This instant, in UTC, to the microsecond."""
    return datetime.now(UTC)


def a_paris(instant: datetime) -> datetime:
    """The same instant on a Paris clock, for display."""
    return instant.astimezone(PARIS)
