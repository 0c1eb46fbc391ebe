"""Cases in bulk: held, applied and bytes, each against the bare pipeline in the same run."""

import asyncio
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from benchmarks import bare, nodes
from benchmarks.applications import applications
from benchmarks.measuring import Side, Spent, between, median
from benchmarks.relay import relay
from benchmarks.table import Table
from common.crypto.symmetric import random_bytes
from common.domain.audience import Audience
from common.domain.identifiers import new_id
from common.domain.node import NodeId
from common.journal.body import to_plain
from tests.builders.cases import HUB, NOON, TOWNSHIP, VILLAGE
from tests.builders.county import Box

_BARE = "bare pipeline"
AUDIENCE = Audience.township(TOWNSHIP, VILLAGE)
READERS = 3
"""Hub, township and village: what a case's batch is sealed to, and the bare pipeline's too."""


@dataclass(frozen=True)
class Field:
    """What is measured on: the bare pipeline's table and keys, and the project's county, closed."""

    folder: Path
    keys: bare.Keys
    table: Path
    land: nodes.Land
    count: int


def prepare(folder: Path, count: int, *, whole: bool = False) -> Field:
    """Return a field on which ``count`` cases wait at the village."""
    folder.mkdir(parents=True)
    table = folder / "sender.db"
    bare.fill(
        table, [{"id": str(new_id(NOON, random_bytes(10))), **to_plain(one)} for one in applications(count)]
    )

    async def build() -> nodes.Land:
        land = await nodes.build(folder / "land")
        box = await land.open(VILLAGE)
        await nodes.write(box, AUDIENCE, applications(count), whole=whole)
        await box.close()
        return land

    return Field(folder, bare.Keys.generate(READERS), table, asyncio.run(build()), count)


class Bare:
    """A round of the bare pipeline: one receiver that serves, and sendings to it."""

    def __init__(self, field: Field, name: str) -> None:
        self._field = field
        self._table = field.folder / f"{name}.db"
        shutil.copy(field.table, self._table)
        folder = field.folder / name
        folder.mkdir()
        self._side = Side(lambda say, stopped: bare.serve(field.keys, folder, say, stopped))

    def send(self, *, counted: bool = False) -> Spent:
        """Send what is new; ``counted``: the answer is how many bytes passed."""

        async def opened() -> sqlite3.Connection:
            return bare.open_table(self._table)

        async def work(table: sqlite3.Connection) -> int:
            if not counted:
                return await bare.send_cases(self._field.keys, table, self._side.said)
            async with relay(self._side.said) as line:
                await bare.send_cases(self._field.keys, table, line.port)
            return line.passed

        async def close(table: sqlite3.Connection) -> None:
            table.close()

        return between(self._side, work, opened, close)

    def add(self) -> None:
        """Let one more case wait at the sender."""
        (one,) = applications(1, seed=2)
        bare.fill(self._table, [{"id": str(new_id(NOON, random_bytes(10))), **to_plain(one)}])

    def stop(self) -> None:
        """End the receiver."""
        self._side.stop()


class Ours:
    """A round of the project's own path: one node that serves, and sessions with it."""

    def __init__(
        self, land: nodes.Land, lower: NodeId = VILLAGE, upper: NodeId = TOWNSHIP, *, locked: bool = False
    ) -> None:
        self._land, self._lower, self._upper, self._locked = land, lower, upper, locked
        self._side = Side(lambda say, stopped: land.serve(upper, say, stopped, locked=locked))

    def send(self, *, counted: bool = False) -> Spent:
        """Run a session; ``counted``: the answer is how many bytes passed."""

        async def work(box: Box) -> int:
            if not counted:
                await self._land.dial(box, self._upper, self._side.said)
                return 0
            async with relay(self._side.said) as line:
                await self._land.dial(box, self._upper, line.port)
            return line.passed

        return between(self._side, work, lambda: self._land.open(self._lower), self._end)

    async def _end(self, box: Box) -> None:
        try:
            await nodes.insist_on_receipt(box, AUDIENCE, self._upper, applied=not self._locked)
        finally:
            await box.close()

    def add(self) -> None:
        """Let one more case wait at the lower node."""

        async def write() -> None:
            box = await self._land.open(self._lower)
            await nodes.write(box, AUDIENCE, applications(1, seed=2), whole=False)
            await box.close()

        asyncio.run(write())

    def stop(self) -> None:
        """End the node that serves."""
        self._side.stop()


def speed(folder: Path, count: int, rounds: int, *, whole: bool = False) -> Table:
    """Measure held and applied against bare, in alternating rounds; ``whole``: three entries a case."""
    field = prepare(folder, count, whole=whole)
    spent: dict[str, list[Spent]] = {}
    for number in range(rounds):
        for name, one in _round(field, number).items():
            spent.setdefault(name, []).append(one)
    entries = "three entries" if whole else "one entry"
    table = Table(
        f"{count:,} cases of 1.4 KB, {entries} a case; medians of {rounds}",
        ("", "cases/s", "of bare", "cases/s of processor", "of bare"),
    )
    medians = {name: median(rounds_of) for name, rounds_of in spent.items()}
    yard = medians[_BARE]
    for name, one in medians.items():
        wall, cpu = count / one.wall, count / one.cpu
        table.row(
            name, f"{wall:,.0f}", f"{yard.wall / one.wall:.2f}", f"{cpu:,.0f}", f"{yard.cpu / one.cpu:.2f}"
        )
    return table


def _round(field: Field, number: int) -> dict[str, Spent]:
    carried = field.land.copy(field.folder / f"held{number}")
    land = field.land.copy(field.folder / f"applied{number}")
    return {
        _BARE: _once(Bare(field, f"bare{number}")),
        "held, at a locked township": _once(Ours(carried, locked=True)),
        "applied at a township (SQLCipher)": _once(Ours(land)),
        "applied at the hub (SQLite)": _once(Ours(land, TOWNSHIP, HUB)),
    }


def _once(side: Bare | Ours) -> Spent:
    spent = side.send()
    side.stop()
    return spent


def bytes_and_small(folder: Path, count: int, rounds: int) -> Table:
    """Measure bytes a case, nothing new, and one new case."""
    field = prepare(folder, count)
    table = Table(
        f"Bytes on the line, {count:,} cases; small sessions, medians of {rounds}",
        (
            "",
            "bytes a case",
            "nothing new: bytes",
            "ms",
            "ms of processor",
            "one new case above nothing new: bytes",
        ),
    )
    for name, side in (("bare", Bare(field, "bare")), ("ours", Ours(field.land.copy(folder / "ours")))):
        first = side.send(counted=True).answer
        nothing = side.send(counted=True).answer
        small = median([side.send() for _ in range(5 * rounds)])
        side.add()
        one = side.send(counted=True).answer
        table.row(
            name, f"{(first - nothing) / count:,.0f}", f"{nothing:,}", f"{small.wall * 1000:.1f}",
            f"{small.cpu * 1000:.1f}", f"{one - nothing:,}",
        )  # fmt: skip
        side.stop()
    return table
