"""After a week without a line: all stations of a township come at once, and it brings all to the hub.

The issue's county has 308 stations under 13 townships. Here one township comes with its share of them: the
county's other twelve would meet at the hub only, whose own part is measured by ``cases.speed``.
"""

import asyncio
import contextlib
import sqlite3
import statistics
import time
from pathlib import Path

from benchmarks import crowd, nodes
from benchmarks.measuring import Side, alone
from benchmarks.table import Table
from common.domain.node import NodeId
from tests.builders.cases import HUB, TOWNSHIP
from tests.builders.county import Box
from tests.builders.offices import signed_in, staffed

_MEGABYTE = 2**20
_BETWEEN_PAGES = 0.2
_PAGES = "pages.txt"


def measure(folder: Path, stations: int, each: int) -> Table:
    """Measure until the hub has applied everything; a clerk opens its list of cases all the while."""
    villages = [NodeId.of("130638", crowd.FIRST + number) for number in range(stations)]
    land = asyncio.run(crowd.prepare(folder, villages, each))
    (folder / _PAGES).touch()
    hub = Side(lambda say, stopped: land.serve(HUB, say, stopped, beside=_reading(folder)))
    township = Side(lambda say, stopped: land.serve(TOWNSHIP, say, stopped, beside=_bringing(land, hub.said)))
    idle = [side.used().memory for side in (hub, township)]
    began = time.perf_counter()
    alone(lambda: _come(land, villages, township.said))
    down = time.perf_counter() - began
    _wait_for(folder / str(HUB) / "open.db", stations * each)
    wall = time.perf_counter() - began
    above = [side.used().peak - before for side, before in zip((hub, township), idle, strict=True)]
    township.stop()
    hub.stop()
    pages = [float(line) for line in (folder / _PAGES).read_text("ascii").split()]
    count = stations * each
    table = Table(f"One township of {stations} stations catches up {each} cases each", ("", ""))
    table.row("all stations done with the township", f"{down:.1f} s")
    table.row("all cases applied at the hub", f"{wall:.1f} s ({count / wall:,.0f} cases/s)")
    slowest = f"{statistics.quantiles(pages, n=20)[-1] * 1000:.0f} ms" if len(pages) > 1 else "too soon over"
    table.row("the hub's list of cases meanwhile, p95", f"{slowest} ({len(pages)} pages)")
    table.row(
        "memory above idle, hub and township", " and ".join(f"{one / _MEGABYTE:.0f} MB" for one in above)
    )
    return table


async def _come(land: nodes.Land, villages: list[NodeId], port: int) -> None:
    async def one(node: NodeId) -> None:
        box = await land.open(node)
        await land.dial(box, TOWNSHIP, port)
        await box.close()

    await asyncio.gather(*map(one, villages))


def _bringing(land: nodes.Land, port: int) -> nodes.Beside:
    async def bring(box: Box, served: asyncio.Event) -> None:
        while True:
            await served.wait()
            served.clear()
            await land.dial(box, HUB, port)

    return bring


def _reading(folder: Path) -> nodes.Beside:
    async def read(box: Box, _served: asyncio.Event) -> None:
        async with staffed(box) as (_node, browser):
            clerk = await signed_in(browser())
            taken = (folder / _PAGES).open("w", encoding="ascii", buffering=1)
            # The end of the measurement cancels it; browser and pages are closed as always.
            with taken, contextlib.suppress(asyncio.CancelledError):
                while True:
                    began = time.perf_counter()
                    await clerk.go("/desk/cases")
                    taken.write(f"{time.perf_counter() - began}\n")
                    await asyncio.sleep(_BETWEEN_PAGES)

    return read


def _wait_for(database: Path, count: int) -> None:
    """Wait until the hub's table holds that many cases, asked from outside."""
    table = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    while table.execute("SELECT count(*) FROM case_record").fetchone()[0] < count:
        time.sleep(0.1)
    table.close()
