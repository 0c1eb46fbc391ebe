"""A helper without a line exchanges with a stick from the page."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from common.casework import receive
from common.exchange.sealing import seal_due
from tests.builders.cases import application
from tests.builders.county import County, county
from tests.builders.desks import HELPER
from tests.builders.offices import Staffed, signed_in, staffed
from tests.builders.sites import Browser

Opened = tuple[Staffed, Callable[[], Browser], County]
STICK = "/desk/stick"


@pytest.fixture
async def village(tmp_path: Path) -> AsyncIterator[Opened]:
    async with county(tmp_path) as land, staffed(land.village) as (node, browsers):
        yield node, browsers, land


async def over(browser: Browser) -> None:
    await browser.go(STICK)
    while "请不要拔出" in browser.words:
        await browser.go(STICK)


async def test_what_was_taken_in_is_written_on_the_stick_and_the_page_says_when_to_pull_it_out(
    village: Opened,
) -> None:
    node, browsers, land = village
    await land.settle(1)
    await receive.receive(node.box.desk, HELPER, application(item="YL-0002"))
    await seal_due(node.box.exchange)
    browser = await signed_in(browsers())
    await browser.go(STICK)
    assert "没有看到U盘" in browser.words
    place = node.plug_in("KINGSTON")
    await browser.go(STICK)
    await browser.send(STICK, {"stick": str(place)})
    assert browser.path == STICK
    await over(browser)
    assert "可以拔出U盘了" in browser.words
    assert [path for path in (place / "JIUJIN" / "parcels").rglob("*") if path.is_file()]
    assert node.kicks == 1


async def test_a_place_that_is_no_stick_is_never_written(village: Opened) -> None:
    node, browsers, _ = village
    browser = await signed_in(browsers())
    place = node.plug_in("KINGSTON")
    elsewhere = node.box.folder / "elsewhere"
    elsewhere.mkdir()
    await browser.go(STICK)
    await browser.send(STICK, {"stick": str(elsewhere)})
    assert "已经拔出" in browser.words
    await browser.go(STICK)
    node.mounts.write_text("")
    await browser.send(STICK, {"stick": str(place)})
    assert "已经拔出" in browser.words
    assert [*elsewhere.iterdir(), *place.iterdir()] == []


async def test_a_stick_that_fails_is_told_with_what_to_do(village: Opened) -> None:
    node, browsers, _ = village
    browser = await signed_in(browsers())
    place = node.plug_in("KINGSTON")
    await browser.go(STICK)
    place.rmdir()
    await browser.send(STICK, {"stick": str(place)})
    await over(browser)
    assert "找不到这个目录" in browser.words
    assert "可以拔出U盘了" not in browser.words


async def test_nobody_who_is_not_signed_in_sees_the_sticks(village: Opened) -> None:
    _, browsers, _ = village
    browser = browsers()
    await browser.go(STICK)
    assert browser.path == "/sign-in"
