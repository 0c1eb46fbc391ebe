"""Instants and days: instants are UTC, days are China's, never the machine's own zone."""

from datetime import UTC, date, datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
CHINA = timezone(timedelta(hours=8), "UTC+8")


def china_day(instant: datetime) -> date:
    """Return the day in China on which ``instant`` (aware) falls."""
    return instant.astimezone(CHINA).date()


def to_milliseconds(instant: datetime) -> int:
    """Return whole milliseconds since 1970-01-01T00:00Z; ``instant`` must be aware."""
    return (instant - _EPOCH) // _MILLISECOND


def from_milliseconds(milliseconds: int) -> datetime:
    """Return the UTC instant, exact to the millisecond; ``OverflowError`` outside the years 1…9999."""
    return _EPOCH + timedelta(milliseconds=milliseconds)
