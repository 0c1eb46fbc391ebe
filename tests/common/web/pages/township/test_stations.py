"""The township's stations, and what it carries: how much and for whom, never what."""

from datetime import timedelta
from pathlib import Path

from common.casework import receive
from tests.builders.cases import application
from tests.builders.county import county
from tests.builders.desks import HELPER
from tests.builders.offices import signed_in, staffed


async def test_a_station_is_amber_until_heard_and_again_when_silent(tmp_path: Path) -> None:
    async with county(tmp_path) as land, staffed(land.township) as (_, browsers):
        browser = await signed_in(browsers())
        await browser.go("/desk/stations")
        assert "还没有联系过" in browser.words
        await land.meet(land.village, land.township)
        await browser.go("/desk/stations")
        assert "没有消息" not in browser.words
        assert "准" in browser.words
        land.clock.at += timedelta(days=2)
        await signed_in(browser)
        await browser.go("/desk/stations")
        assert "没有消息" in browser.words
        await browser.go("/desk/stations/0417")
        assert "打电话问有没有停电、断网" in browser.words
        await browser.go("/desk/stations/0418")
        assert "没有这个站" in browser.words


async def test_what_is_carried_is_counted_until_the_hub_has_it(tmp_path: Path) -> None:
    async with county(tmp_path) as land, staffed(land.township) as (_, browsers):
        browser = await signed_in(browsers())
        await browser.go("/desk/carried")
        assert "现在没有要转送的" in browser.words
        sensitive = application(item="YL-0002")
        await land.settle(1)
        await receive.receive(land.village.desk, HELPER, sensitive)
        await land.meet(land.village, land.township)
        await browser.go("/desk/carried")
        assert "一铺东村" in browser.words
        assert "雄县" in browser.words
        assert sensitive.applicant.name not in browser.words
        assert "YL-0002" not in browser.words
        await browser.go("/desk/sync")
        assert "一铺东村交来的" in browser.words
        await land.meet(land.township, land.hub)
        await browser.go("/desk/carried")
        assert "现在没有要转送的" in browser.words
