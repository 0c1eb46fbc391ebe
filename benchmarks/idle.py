"""An idle station: how soon it serves, its memory, and what it does when there is nothing to do."""

import asyncio
import time
from pathlib import Path

from benchmarks.table import Table
from demo.county import County

_MEGABYTE = 2**20
_TICKS = 100.0
_ANYWHERE = "127.0.0.1:0"


def measure(folder: Path, seconds: int) -> Table:
    """Measure the real village program, enrolled and with a line, watched for ``seconds``."""
    return asyncio.run(_measure(folder, seconds))


async def _measure(folder: Path, seconds: int) -> Table:
    county = County.at(folder)
    await county.found()
    await county.start(hub=_ANYWHERE, township=_ANYWHERE, village=_ANYWHERE)
    try:
        village = county.village
        await village.stop()
        village.settings["JIUJIN_SYNC_SECONDS"] = "300"
        began = time.perf_counter()
        await village.serve(_ANYWHERE)
        ready = time.perf_counter() - began
        await asyncio.sleep(5)
        before = _processor(village.pid)
        await asyncio.sleep(seconds)
        spent = _processor(village.pid) - before
        memory = _memory(village.pid)
    finally:
        await county.stop()
    table = Table("An idle station (the real program, enrolled, locked after its start)", ("", ""))
    table.row("from start to serving", f"{ready:.1f} s")
    table.row("resident memory", f"{memory / _MEGABYTE:.0f} MB")
    table.row(f"processor time in {seconds} s", f"{spent * 1000:.0f} ms")
    return table


def _memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


def _processor(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS
