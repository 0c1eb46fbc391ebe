"""A box out of its carton, opened in the browser."""

import re
from pathlib import Path

import pytest

from demo.county import PASSWORD, County
from demo.programs import Program
from demo.story import FREE
from tests.journeys.conftest import Visit, end


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.xdist_group("journeys")
@pytest.mark.timeout(900)
async def test_an_empty_box_joins_through_the_township_and_gets_its_first_administrator(
    county: County, visit: Visit, tmp_path: Path
) -> None:
    """Invitation code, fingerprint compared, enrolled, first account, recovery code, signed in."""
    number = await _township_number(county)
    invited = await county.hub.ask(
        *(
            "invite",
            "--tier",
            "village",
            "--division",
            "130638100202",
            "--parent",
            number,
            "--name",
            "一铺南村综合服务站",
        )
    )
    box = Program("village_station", "一铺南村综合服务站", tmp_path)
    await box.serve(FREE)
    try:
        newcomer = await visit(box)
        await newcomer.go("/")
        await newcomer.sees("输入邀请码")
        await newcomer.looks("first-run")
        await newcomer.fill(code="AAAA-BBBB", address=county.township.ssh)
        await newcomer.press("找上级")
        await newcomer.sees("有1处要看一下")
        await newcomer.fill(code=invited["code"], address="127.0.0.1:9")
        await newcomer.press("找上级")
        await newcomer.sees("连不上这个地址", "没有发送任何内容")
        await newcomer.fill(code=invited["code"], address=county.township.ssh)
        await newcomer.press("找上级")
        await newcomer.sees("是这个县吗", "雄县", "指纹")
        await newcomer.looks("first-run-compare")
        await newcomer.press("一样，继续")
        await newcomer.sees("第一个管理员", "一铺南村综合服务站")
        assert await newcomer.page.inner_text(".brand") == "一铺南村综合服务站", "it has joined, and says so"
        await newcomer.looks("first-run-administrator")
        await newcomer.fill(name="新站长", login="head", password=PASSWORD, again=PASSWORD)
        await newcomer.press("完成开通")
        await newcomer.sees("抄下恢复码", "只显示这一次")
        assert re.search(r"\w{4}-\w{4}", await newcomer.page.inner_text(".code"))
        await newcomer.press("抄好了")
        await newcomer.sees("工作人员登录")
        await newcomer.signs_in("head")
        await newcomer.sees("新站长", "一铺南村综合服务站")
    finally:
        await end(box)


async def _township_number(county: County) -> str:
    nodes = await county.hub.ask("node", "list")
    return next(str(one["node"]) for one in nodes if one["name"] == county.township.name)
