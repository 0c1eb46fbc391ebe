"""Whether certificates' dates may be held against this machine's clock (docs/spec/ssh.md §4, §5)."""

from datetime import timedelta

from common.casework.clock import NodeClock
from common.domain.times import china_day
from common.exchange.battery import RELEASED

_ASTRAY = timedelta(days=1)


def dates_trusted(clock: NodeClock) -> bool:
    """Whether the device's clock is near the truth: as measured, else not before the program was made."""
    offset = clock.reading.offset_ms
    if offset is None:
        return china_day(clock.now()) >= RELEASED
    return abs(timedelta(milliseconds=offset)) <= _ASTRAY
