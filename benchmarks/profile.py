"""Where the time of the project's own path goes: one process, one step at a time, under the profiler."""

import asyncio
import cProfile
import pstats
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks import cases
from common.exchange.applying import apply_held
from common.exchange.receipts import give_due
from common.exchange.sealing import seal_due
from common.exchange.session import run_session
from common.sync.greeting import Role
from tests.builders.cases import TOWNSHIP, VILLAGE
from tests.builders.county import Box
from tests.builders.lines import line

_LINES = 45


def profile(folder: Path, count: int) -> None:
    """Print what sealing, carrying and applying ``count`` cases spend their time on."""
    field = cases.prepare(folder, count)

    async def run() -> None:
        village, township = await field.land.open(VILLAGE), await field.land.open(TOWNSHIP, locked=True)
        await _shown("seal", lambda: seal_due(village.exchange))
        await _shown("carry", lambda: _carry(village, township))
        await township.unlock()
        await _shown("apply", lambda: apply_held(township.exchange))
        await _shown("receipts", lambda: give_due(township.exchange))
        await village.close()
        await township.close()

    asyncio.run(run())


async def _carry(village: Box, township: Box) -> None:
    one, two = line()
    await asyncio.gather(
        run_session(village.exchange, one, Role.DIALER, TOWNSHIP),
        run_session(township.exchange, two, Role.ANSWERER, VILLAGE),
    )


async def _shown(title: str, work: Callable[[], Awaitable[object]]) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    await work()
    profiler.disable()
    print(f"== {title}")
    pstats.Stats(profiler).sort_stats("tottime").print_stats(_LINES)
