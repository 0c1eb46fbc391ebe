"""Instants on the wire: milliseconds since 1970, as statements carry them (docs/spec/statement.md)."""

from datetime import UTC, datetime

from common.crypto.wire import Reader, Writer
from common.domain.times import from_milliseconds, to_milliseconds

_LAST = to_milliseconds(datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC))


def write_instant(writer: Writer, instant: datetime) -> None:
    """Append an aware instant, exact to the millisecond."""
    writer.sint(to_milliseconds(instant))


def read_instant(reader: Reader) -> datetime:
    """Read an instant (UTC); ``FormatError`` outside 1970 to 9999."""
    return checked_instant(reader, reader.sint())


def checked_instant(reader: Reader, milliseconds: int) -> datetime:
    """Return the instant of what was just read; ``FormatError`` outside 1970 to 9999."""
    if not 0 <= milliseconds <= _LAST:
        raise reader.fail("an instant outside 1970 to 9999")
    return from_milliseconds(milliseconds)
