"""Instants as milliseconds since 1970, as entries and statements carry them (docs/spec/statement.md)."""

from datetime import UTC, datetime, timedelta

from common.crypto.wire import FormatError, Reader, Writer
from common.domain.times import to_milliseconds

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = to_milliseconds(datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC))


def instant_at(milliseconds: int) -> datetime:
    """Return the instant (UTC).

    Raises:
        ValueError: it lies outside 1970 to 9999.
    """
    if not 0 <= milliseconds <= _LAST:
        raise ValueError("an instant outside 1970 to 9999")
    return EPOCH + timedelta(milliseconds=milliseconds)


def write_instant(writer: Writer, instant: datetime) -> None:
    """Append an aware instant, exact to the millisecond."""
    writer.sint(to_milliseconds(instant))


def read_instant(reader: Reader) -> datetime:
    """Read an instant (UTC).

    Raises:
        FormatError: it lies outside 1970 to 9999.
    """
    start = reader.offset
    try:
        return instant_at(reader.sint())
    except ValueError as error:
        raise FormatError(str(error), start) from error
