"""A rural line: narrow, far, and cut in the middle; what is sent twice and how long it takes.

Rate, delay and cut come from the relay, so that it runs anywhere. Loss of single packets needs a kernel that
can lose them (netem, or iptables) and is not part of it.
"""

import asyncio
import time
from pathlib import Path

from benchmarks import attachments, nodes
from benchmarks.measuring import Side, alone
from benchmarks.relay import Relay, relay
from benchmarks.table import Table
from tests.builders.cases import TOWNSHIP, VILLAGE
from tests.builders.county import Box

RATE = 512_000 / 8
DELAY = 0.1
"""Each way: 200 ms there and back."""
_REST = 1.0
"""Seconds between dials."""


def measure(folder: Path, megabytes: float, cut_seconds: float) -> Table:
    """Measure a payload of attachments over 512 kbit/s and 200 ms, uncut and cut in its middle."""
    count = max(1, round(megabytes * 1e6 / attachments.SIZE))
    payload = count * attachments.SIZE
    land = asyncio.run(attachments.prepare(folder / "land", count))
    table = Table(
        f"{payload / 1e6:.1f} MB over 512 kbit/s and 200 ms, cut for {cut_seconds:.0f} s in its middle",
        ("", "seconds", "bytes", "of the payload"),
    )
    for name, cut in (("uncut", 0.0), ("cut", cut_seconds)):
        wall, passed = _run(land.copy(folder / name), payload, cut)
        table.row(name, f"{wall:.1f}", f"{passed:,}", f"{passed / payload:.3f}")
    return table


def _run(land: nodes.Land, payload: int, cut: float) -> tuple[float, int]:
    side = Side(lambda say, stopped: land.serve(TOWNSHIP, say, stopped, locked=True))

    async def work() -> tuple[float, int]:
        box = await land.open(VILLAGE)
        async with relay(side.said, rate=RATE, delay=DELAY) as line:
            began = time.perf_counter()
            cutting = asyncio.create_task(_cut(line, payload // 2, cut))
            await _until_finished(land, box, line.port)
            wall = time.perf_counter() - began
            cutting.cancel()
        await box.close()
        return wall, line.passed

    wall, passed = alone(work)
    side.stop()
    return wall, passed


async def _cut(line: Relay, at: int, seconds: float) -> None:
    if seconds:
        await line.when_passed(at)
        line.cut_now()
        await asyncio.sleep(seconds)
        line.mend()


async def _until_finished(land: nodes.Land, box: Box, port: int) -> None:
    """Dial again and again, as the station's program does, until a session has done everything."""
    while True:
        try:
            await land.dial(box, TOWNSHIP, port)
        except (RuntimeError, ConnectionError):
            await asyncio.sleep(_REST)
        else:
            return
