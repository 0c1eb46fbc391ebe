"""What the applicant is told and what the applicant takes back, clicked to the end at village and county."""

import json
from pathlib import Path

import pytest

from demo.county import PASSWORD, County
from demo.story import DISABLED, until
from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor

FIRST = {"name": "张大山", "identity": "13063819600303001X"}
SECOND = {"name": "李秀英", "identity": "130638196003030028"}


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.xdist_group("journeys")
@pytest.mark.timeout(900)
async def test_a_person_is_told_once_and_takes_a_case_back(
    county: County, visit: Visit, tmp_path: Path
) -> None:
    """One case is accepted and its applicant told; another is withdrawn, without scripts; each only once."""
    told, withdrawn = await _two_cases_at_the_county(county, tmp_path)
    shown = await county.village.run("case", "show", told, "--as", "helper", given=f"{PASSWORD}\n")
    assert "收件  一铺东村综合服务站" in shown, "the shell names steps and nodes as the page does"
    helper, other = await visit(county.village), await visit(county.village)
    for person in (helper, other):
        await person.signs_in("helper")
    await _is_told_once(helper, other, told)
    silent = await visit(county.village, java_script_enabled=False)
    await silent.signs_in("helper")
    await _asks_to_withdraw(silent, withdrawn)
    await _the_county_grants(await visit(county.hub), withdrawn)
    await helper.opens_case(withdrawn)
    await helper.waits_for(helper.page.url, "已撤回", "材料可以取回")
    await helper.sees_not("提交撤回申请")


async def _two_cases_at_the_county(county: County, folder: Path) -> tuple[str, str]:
    """Two applications are taken in at the village, reviewed by the township; the county accepts one."""
    file = folder / "two.jsonl"
    lines = [json.dumps({**DISABLED, "applicant": who}, ensure_ascii=False) for who in (FIRST, SECOND)]
    file.write_text("\n".join(lines), "utf-8")
    taken = await county.village.ask("case", "receive", str(file), "--as", "helper", given=f"{PASSWORD}\n")
    numbers = [str(one["number"]) for one in taken]

    async def at_the_township() -> bool:
        rows = await county.township.ask("case", "list", "--as", "clerk", given=f"{PASSWORD}\n")
        return set(numbers) <= {row["number"] for row in rows}

    await until("乡镇收到两件", at_the_township)
    for number in numbers:
        words = ("case", "review", number, "--opinion", "情况属实", "--as", "clerk")
        await county.township.run(*words, given=f"{PASSWORD}\n")

    async def handed_to_the_county() -> bool:
        rows = await county.hub.ask("case", "list", "--as", "reviewer", given=f"{PASSWORD}\n")
        here = {row["number"] for row in rows if str(row["custodian"]).endswith("-0001")}
        return set(numbers) <= here

    await until("两件交到县里", handed_to_the_county)
    await county.hub.run("case", "accept", numbers[0], "--as", "reviewer", given=f"{PASSWORD}\n")
    return numbers[0], numbers[1]


async def _is_told_once(helper: Visitor, other: Visitor, number: str) -> None:
    """Nothing chosen is said beside the choice; a second window is told that it is on record."""
    await helper.opens_case(number)
    await helper.waits_for(helper.page.url, "要告诉申请人：已经受理")
    await other.go(helper.page.url)
    await helper.press("登记已告知")
    await helper.sees("请选怎么告知的")
    assert "请选怎么告知的" in await helper.page.locator("#tell-how").inner_text()
    await helper.looks("tell-wrong")
    await helper.page.locator("#tell").get_by_label("电话").check()
    await helper.press("登记已告知")
    await helper.sees("已登记告知", "已告知申请人")
    await helper.looks("told")
    await other.page.locator("#tell").get_by_label("当面").check()
    await other.press("登记已告知")
    await other.sees("已经登记过告知了")


async def _asks_to_withdraw(helper: Visitor, number: str) -> None:
    """The panel is folded; a missing signature is said beside its box and what was typed stays."""
    await helper.opens_case(number)
    panel = helper.page.locator("#ask_withdrawal")
    await panel.locator("summary").click()
    await helper.fill("#ask_withdrawal", reason="家里的情况变了")
    await panel.get_by_role("button").click()
    await helper.sees("签名或按手印")
    assert await panel.get_by_role("textbox").input_value() == "家里的情况变了"
    await helper.looks("withdrawal-wrong")
    await panel.get_by_role("checkbox").check()
    await panel.get_by_role("button").click()
    await helper.sees("撤回申请已存好", "等办理单位答复")
    await helper.sees_not("提交撤回申请")
    await helper.looks("withdrawal-asked")


async def _the_county_grants(reviewer: Visitor, number: str) -> None:
    """The reviewer reads what is asked, must give a reason to refuse, and grants."""
    await reviewer.signs_in("reviewer")
    await reviewer.opens_case(number)
    await reviewer.waits_for(reviewer.page.url, "申请人提出了撤回", "家里的情况变了")
    refusing = reviewer.page.locator("#refuse_withdrawal")
    await refusing.locator("summary").click()
    await refusing.get_by_role("button").click()
    await reviewer.sees("请写明为什么不能撤回")
    await reviewer.page.locator("#grant_withdrawal").get_by_role("button").click()
    await reviewer.sees("已同意撤回", "已撤回")
    await reviewer.looks("withdrawal-granted")
