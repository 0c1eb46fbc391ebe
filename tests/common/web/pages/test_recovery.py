"""A restored node says on its pages whom it waits for; an administrator lets one go with a reason."""

from pathlib import Path

from common.casework import receive, review
from common.exchange.checkpoints import make_checkpoint
from tests.builders.cases import HUB, application
from tests.builders.county import county
from tests.builders.desks import CLERK, HELPER
from tests.builders.offices import signed_in, staffed


async def test_whom_a_restored_hub_waits_for_is_shown_and_released_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "land").mkdir()
    async with county(tmp_path / "land") as land:
        await make_checkpoint(land.hub.exchange)
        await land.settle()
        taken = await receive.receive(land.village.desk, HELPER, application(item="YL-0001", insisted=True))
        await land.settle()
        await review.review(land.township.desk, CLERK, taken.case_id, "属实", favourable=True)
        await land.settle()
        copy = await land.keep_copy(HUB, tmp_path / "copy")
        await land.restore(HUB, copy)
        await land.meet(land.township, land.hub)
        await land.meet(land.township, land.hub)
        async with staffed(land.hub) as (node, browsers):
            browser = await signed_in(browsers())
            await browser.go("/desk/recovery")
            assert "已送回" in browser.words, "the township has answered"
            assert "还没有答复" in browser.words, "the village has not"
            await browser.go("/desk/recovery/0417/release")
            await browser.send("/release", {"reason": ""})
            assert browser.status == 400
            await browser.send("/release", {"reason": "站点失联，电话核实过"})
            assert browser.path == "/desk/recovery"
            assert "站点失联，电话核实过" in browser.words
            assert node.kicks == 1
            await browser.go("/desk/recovery/0417/release")
            assert "没有在等这个站点" in browser.words
        await land.settle(3)
        async with staffed(land.village) as (_, browsers):
            browser = await signed_in(browsers())
            await browser.go("/desk/recovery")
            assert "没有从备份恢复过" in browser.words
