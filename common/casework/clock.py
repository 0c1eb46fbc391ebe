"""A node's clock: the device's time, what is known of its error, and the China day of both."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from common.domain.times import china_day
from common.journal.entry import UNMEASURED, ClockReading


def system_time() -> datetime:
    """Return the device's time, aware."""
    return datetime.now(UTC)


class NodeClock:
    """The device's clock and the measured offset that goes into every entry."""

    def __init__(self, source: Callable[[], datetime] = system_time) -> None:
        """Begin unmeasured; ``source`` gives aware instants."""
        self._source = source
        self.reading: ClockReading = UNMEASURED

    def now(self) -> datetime:
        """Return the device's own time (UTC, whole milliseconds): never trusted for law."""
        instant = self._source().astimezone(UTC)
        return instant.replace(microsecond=instant.microsecond // 1000 * 1000)

    def corrected(self) -> datetime:
        """Return the device's time with the measured offset added."""
        return self.now() + timedelta(milliseconds=self.reading.offset_ms or 0)

    def today(self) -> date:
        """Return the China day of the corrected time."""
        return china_day(self.corrected())

    def measure(self, other: datetime, round_trip: timedelta) -> None:
        """Take the offset from another clock's time, read half a ``round_trip`` ago at worst."""
        offset = (other - self.now()) // timedelta(milliseconds=1)
        self.reading = ClockReading(offset, max(round_trip // timedelta(milliseconds=1), 1))
