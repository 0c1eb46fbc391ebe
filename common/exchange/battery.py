"""Whether the clock's battery is dead: the device's clock lost its time while it had no power.

Found at a start: the clock shows a day before any program was made (a flat battery starts at 1970 or 2000),
or, after the machine was switched on again, a time before the last one this node noted. It stands until a
switching-on that finds the time kept. A clock set right by the network before the program starts hides it.
"""

import logging
from datetime import date, timedelta
from typing import Any

from common.casework.clock import NodeClock
from common.domain.log import event
from common.domain.times import china_day, to_milliseconds
from common.store import settings
from common.store.engine import Database, Tx

RELEASED = date(2026, 1, 1)
"""A clock that shows an earlier day is wrong: no program is older."""
_NOTED_EVERY = timedelta(minutes=10)
_BACK = timedelta(minutes=10)
_SEEN = "clock_seen"
_log = logging.getLogger(__name__)


async def note_clock(opened: Database, clock: NodeClock, boot: str) -> None:
    """Note the device's time now and then, and at a start judge what became of it without power."""
    now = to_milliseconds(clock.now())
    kept = await opened.read(lambda tx: settings.get(tx, _SEEN, {}))
    dead = _judged(kept, clock, now, boot)
    step = timedelta(milliseconds=abs(now - int(kept.get("at_ms", 0))))
    if step >= _NOTED_EVERY or boot != kept.get("boot") or dead != kept.get("dead"):
        if dead and not kept.get("dead", False):
            event(_log, logging.WARNING, "clock_battery_dead")
        value = {"at_ms": now, "boot": boot, "dead": dead}
        await opened.write(lambda tx: settings.put(tx, _SEEN, value))


def _judged(kept: dict[str, Any], clock: NodeClock, now: int, boot: str) -> bool:
    if china_day(clock.now()) < RELEASED:
        return True
    if not kept or kept["boot"] == boot:
        return bool(kept.get("dead", False))
    return now < int(kept["at_ms"]) - _BACK // timedelta(milliseconds=1)


async def battery_dead(tx: Tx) -> bool:
    """Whether the battery was found dead."""
    return bool((await settings.get(tx, _SEEN, {})).get("dead", False))
