"""The clock's last measurement, kept for the node's next process: a command beside ``serve``, a new start."""

from dataclasses import asdict

from common.casework.clock import Measured, NodeClock, Uptime
from common.store import settings
from common.store.engine import Database

_KEY = "clock_measured"


async def keep_clock(opened: Database, clock: NodeClock) -> None:
    """Keep what is known of the clock's error."""
    last = clock.measured
    if last is not None:
        await opened.write_beside(lambda tx: settings.put(tx, _KEY, asdict(last)))


async def recall_clock(opened: Database, clock: NodeClock) -> None:
    """Take up what an earlier process measured; after a start of the machine it says nothing."""
    kept = await opened.read(lambda tx: settings.get(tx, _KEY))
    if kept is not None:
        clock.recall(Measured(**kept | {"at": Uptime(**kept["at"])}))
