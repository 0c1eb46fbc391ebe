"""A ferry directory in which nothing has changed is looked at and not visited; whatever changes is seen."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from common.exchange.checkpoints import make_checkpoint
from common.exchange.sealing import seal_due
from common.link.folder import watching
from common.link.folder.visiting import visit
from common.link.folder.watching import FerryWatch
from tests.builders.cases import HUB
from tests.builders.county import County, county
from tests.common.link.folder.test_visiting import SENSITIVE, go, take_in


@pytest.fixture
async def land(tmp_path: Path) -> AsyncIterator[County]:
    async with county(tmp_path) as made:
        await made.settle(1)
        yield made


async def until_quiet(watch: FerryWatch, land: County, ferry: Path) -> None:
    for _ in range(8):
        looked = await watch.look(land.hub.exchange, ferry)
        if looked is None:
            return
        watch.note(ferry, looked, await visit(land.hub.exchange, ferry))
        await go(land.village, ferry)
    message = "the ferry never becomes quiet"
    raise AssertionError(message)


async def test_a_quiet_ferry_is_not_visited_until_something_comes(land: County, tmp_path: Path) -> None:
    watch, ferry = FerryWatch(), tmp_path / "ferry"
    await go(land.village, ferry)
    await until_quiet(watch, land, ferry)
    await take_in(land.village, SENSITIVE)
    await go(land.village, ferry)
    assert await watch.look(land.hub.exchange, ferry) is not None, "there is something new there"
    await until_quiet(watch, land, ferry)
    await make_checkpoint(land.hub.exchange, soonest=timedelta(), latest=timedelta())
    await seal_due(land.hub.exchange)
    assert await watch.look(land.hub.exchange, ferry) is not None, "there is something new here"


async def test_what_comes_while_a_visit_runs_is_not_overlooked(land: County, tmp_path: Path) -> None:
    watch, ferry = FerryWatch(), tmp_path / "ferry"
    await go(land.village, ferry)
    await until_quiet(watch, land, ferry)
    looked = await watch.look(land.hub.exchange, ferry) or await watching._look(land.hub.exchange, ferry)
    report = await visit(land.hub.exchange, ferry)
    await take_in(land.village, SENSITIVE)
    await go(land.village, ferry)  # after the visit has read, before it is noted
    watch.note(ferry, looked, report)
    assert await watch.look(land.hub.exchange, ferry) is not None


async def test_a_quiet_ferry_is_visited_now_and_then_all_the_same(
    land: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, ferry = FerryWatch(), tmp_path / "ferry"
    await go(land.village, ferry)
    await until_quiet(watch, land, ferry)
    monkeypatch.setattr(watching, "AT_LEAST_EVERY", 0.0)
    assert await watch.look(land.hub.exchange, ferry) is not None


async def test_a_ferry_that_is_not_there_is_no_quiet_one(land: County, tmp_path: Path) -> None:
    watch = FerryWatch()
    assert await watch.look(land.boxes[HUB].exchange, tmp_path / "none") is not None
    assert await asyncio.to_thread(lambda: not (tmp_path / "none").exists())
