"""A process of its own for each side: wall time, processor time and memory of what it did."""

import asyncio
import multiprocessing
import resource
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Used:
    """What a process used: seconds of processor time, bytes of memory now and at most."""

    cpu: float
    memory: int
    peak: int


@dataclass(frozen=True, slots=True)
class Spent:
    """One measured piece of work: wall seconds, processor seconds of both sides, and what it answered."""

    wall: float
    cpu: float
    answer: Any = None


def used() -> Used:
    """Return what this process used until now."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines())
    resident, peak = (int(status[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
    return Used(usage.ru_utime + usage.ru_stime, resident, peak)


class Side:
    """A forked process that serves: ``serve(port_known, stopped)`` runs there until ``stop``."""

    def __init__(self, serve: Callable[[Callable[[Any], None], asyncio.Event], Awaitable[None]]) -> None:
        self._here, there = _FORK.Pipe()
        self._process = _FORK.Process(target=_serving, args=(serve, there), daemon=True)
        self._process.start()
        there.close()
        self.said = self._here.recv()

    def used(self) -> Used:
        """Return what the process used until now."""
        self._here.send("used")
        answer: Used = self._here.recv()
        return answer

    def stop(self) -> None:
        """End it and wait."""
        self._here.send("stop")
        self._process.join()


def _serving(
    serve: Callable[[Callable[[Any], None], asyncio.Event], Awaitable[None]], pipe: Connection
) -> None:
    async def run() -> None:
        stopped = asyncio.Event()

        def asked() -> None:
            if pipe.recv() == "used":
                pipe.send(used())
            else:
                stopped.set()

        asyncio.get_running_loop().add_reader(pipe.fileno(), asked)
        await serve(pipe.send, stopped)

    asyncio.run(run())


def alone(work: Callable[[], Awaitable[Any]]) -> Any:
    """Run ``work`` in a forked process and return its answer.

    Raises:
        RuntimeError: it failed there.
    """
    here, there = _FORK.Pipe()

    def run() -> None:
        try:
            there.send((True, asyncio.run(_awaited(work))))
        except BaseException as error:
            there.send((False, f"{type(error).__name__}: {error}"))
            raise

    process = _FORK.Process(target=run)
    process.start()
    there.close()
    try:
        well, answer = here.recv()
    finally:
        process.join()
    if not well:
        raise RuntimeError(answer)
    return answer


async def _awaited(work: Callable[[], Awaitable[Any]]) -> Any:
    return await work()


def between(
    side: Side,
    work: Callable[[T], Awaitable[Any]],
    prepare: Callable[[], Awaitable[T]],
    end: Callable[[T], Awaitable[None]],
) -> Spent:
    """Measure ``work`` in a process of its own beside a side that serves, without ``prepare`` and ``end``."""

    async def timed() -> tuple[float, float, Any]:
        prepared = await prepare()
        cpu, began = used().cpu, time.perf_counter()
        answer = await work(prepared)
        wall, cpu = time.perf_counter() - began, used().cpu - cpu
        await end(prepared)
        return wall, cpu, answer

    before = side.used().cpu
    wall, cpu, answer = alone(timed)
    return Spent(wall, cpu + side.used().cpu - before, answer)


def median(spent: Sequence[Spent]) -> Spent:
    """Return the median of wall and of processor time, each by itself, with the last answer."""
    return Spent(
        statistics.median(one.wall for one in spent),
        statistics.median(one.cpu for one in spent),
        spent[-1].answer,
    )
