"""A node's clock: the device's time, what is known of its error, and the China day of both."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from common.domain.times import china_day, to_milliseconds
from common.journal.entry import UNMEASURED, ClockReading

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_DRIFT = 10_000
"""A plain crystal loses less than a ten-thousandth: 9 seconds a day."""
_STEP = 1_000
"""Milliseconds by which a device's clock must leave its course to have been set."""


def system_time() -> datetime:
    """Return the device's time, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Uptime:
    """What goes on evenly whatever the device's clock is set to, until the machine starts again.

    Attributes:
        boot: names this start of the machine; empty where it cannot be told.
        ms: since then, sleep included.
    """

    boot: str
    ms: int


def system_uptime() -> Uptime:
    """Return the machine's uptime."""
    boot = _BOOT.read_text().strip() if _BOOT.is_file() else ""
    return Uptime(boot, time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000)


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement; valid as long as the machine runs.

    Attributes:
        at: uptime when it was made.
        true_ms: the time then, ms since 1970 UTC.
        offset_ms: how far the device's clock was behind it.
        certainty_ms: how wrong it may have been.
    """

    at: Uptime
    true_ms: int
    offset_ms: int
    certainty_ms: int


class NodeClock:
    """The device's clock and the measured offset that goes into every entry.

    Args:
        source: gives aware instants.
        uptime: what goes on evenly beside it; None where a test moves the clock as it likes.
    """

    def __init__(
        self, source: Callable[[], datetime] = system_time, uptime: Callable[[], Uptime] | None = None
    ) -> None:
        self._source, self._uptime = source, uptime
        self.measured: Measured | None = None

    def now(self) -> datetime:
        """Return the device's own time (UTC, whole milliseconds): never trusted for law."""
        instant = self._source().astimezone(UTC)
        return instant.replace(microsecond=instant.microsecond // 1000 * 1000)

    @property
    def reading(self) -> ClockReading:
        """The offset known now: a device's clock that was set since it was measured has another."""
        last = self.measured
        if last is None:
            return UNMEASURED
        if self._uptime is None:
            return ClockReading(last.offset_ms, last.certainty_ms)
        elapsed = self._uptime().ms - last.at.ms
        offset = last.true_ms + elapsed - to_milliseconds(self.now())
        drift = elapsed // _DRIFT
        steady = abs(offset - last.offset_ms) <= _STEP + drift
        return ClockReading(last.offset_ms if steady else offset, last.certainty_ms + drift)

    def corrected(self) -> datetime:
        """Return the device's time with the measured offset added."""
        return self.now() + timedelta(milliseconds=self.reading.offset_ms or 0)

    def today(self) -> date:
        """Return the China day of the corrected time."""
        return china_day(self.corrected())

    def measure(self, other: datetime, certainty: timedelta) -> None:
        """Take the offset from another clock's time, unless what is known is surer and agrees."""
        sure = max(certainty // timedelta(milliseconds=1), 1)
        known = self.reading.certainty_ms
        if known is not None and known <= sure and abs(other - self.corrected()) <= certainty:
            return
        true = to_milliseconds(other)
        self.measured = Measured(self._up(), true, true - to_milliseconds(self.now()), sure)

    def recall(self, kept: Measured) -> None:
        """Take up a measurement that an earlier process made, if the machine runs since."""
        if kept.at.boot and kept.at.boot == self._up().boot:
            self.measured = kept

    def _up(self) -> Uptime:
        return self._uptime() if self._uptime is not None else Uptime("", 0)
