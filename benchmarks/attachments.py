"""Attachments: files of 500 KB that cases name, against the same sealed files over bare SSH."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

from benchmarks import bare, nodes
from benchmarks.applications import applications
from benchmarks.cases import AUDIENCE, READERS, Ours
from benchmarks.measuring import Side, Spent, between, median
from benchmarks.table import Table
from common.casework.attachments import keep_files
from common.domain.application import MaterialGiven
from common.domain.bodies.requests import Submitted
from tests.builders.cases import TOWNSHIP, VILLAGE

SIZE = 500_000


def speed(folder: Path, count: int, rounds: int) -> Table:
    """Measure how fast files get to the township, durable on both sides."""
    land = asyncio.run(prepare(folder / "land", count))
    files = sorted((land.folder / str(VILLAGE) / "parcels").iterdir())
    keys = bare.Keys.generate(READERS)
    bared, ours = [], []
    for number in range(rounds):
        bared.append(_bare(folder / f"bare{number}", keys, files))
        ours.append(_ours(land.copy(folder / f"ours{number}"), count))
    table = Table(
        f"{count} files of 500 KB, each named by a case; medians of {rounds}",
        ("", "MB/s", "of bare", "ms of processor"),
    )
    yard = median(bared)
    for name, spent in (("bare over SSH", yard), ("ours, held at a locked township", median(ours))):
        megabytes = count * SIZE / 1e6 / spent.wall
        table.row(name, f"{megabytes:.0f}", f"{yard.wall / spent.wall:.2f}", f"{spent.cpu * 1000:.0f}")
    return table


async def prepare(folder: Path, count: int) -> nodes.Land:
    """Return a county whose village has taken in ``count`` files of 500 KB, each with its case."""
    land = await nodes.build(folder)
    box = await land.open(VILLAGE)
    refs = await keep_files(box.desk, [os.urandom(SIZE) for _ in range(count)], "image/jpeg")
    cases = [
        _with(case, MaterialGiven("m1", files=(ref,)))
        for case, ref in zip(applications(count), refs, strict=True)
    ]
    await nodes.write(box, AUDIENCE, cases, whole=False)
    await box.close()
    return land


def _with(case: Submitted, material: MaterialGiven) -> Submitted:
    return replace(case, application=replace(case.application, materials=(material,)))


def _bare(folder: Path, keys: bare.Keys, files: list[Path]) -> Spent:
    folder.mkdir()
    side = Side(lambda say, stopped: bare.serve(keys, folder, say, stopped))

    async def nothing() -> None:
        return None

    async def end(_: None) -> None:
        return None

    spent = between(side, lambda _: bare.send_files(keys, files, side.said), nothing, end)
    side.stop()
    return spent


def _ours(land: nodes.Land, count: int) -> Spent:
    """Send all.

    Raises:
        RuntimeError: not every file is whole at the township.
    """
    side = Ours(land, locked=True)
    spent = side.send()
    side.stop()
    there = [one for one in (land.folder / str(TOWNSHIP) / "parcels").iterdir() if not one.suffix]
    if len(there) != count:
        raise RuntimeError(f"{len(there)} files of {count} are there")
    return spent
