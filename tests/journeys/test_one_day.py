"""One day in the browser, played by villager, helper, clerk, reviewer, chief and administrator.

One test, because each person takes over what the one before has done.
"""

import re
from collections.abc import Sequence

import pytest
from playwright.async_api import FilePayload, expect

from demo.county import County
from demo.story import FREE, until
from tests.builders.pictures import document, held
from tests.journeys.conftest import Visit
from tests.journeys.usable import first_focus
from tests.journeys.visitor import Visitor

_NUMBER = re.compile(r"\d{4}-\d\d-\d{5}-\d")
_MATERIALS = 7
_PHOTO = FilePayload(name="IMG_0002.jpg", mimeType="image/jpeg", buffer=held(3))
_FORM = FilePayload(name="审批表.pdf", mimeType="application/pdf", buffer=document("PAGE ONE", "PAGE TWO"))
_CARD = FilePayload(name="IMG_0001.HEIC", mimeType="image/heic", buffer=held(6, "HEIF"))
_NAME, _IDENTITY, _WRONG_IDENTITY = "王桂芳", "11010519491231002X", "110105194912310021"


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.xdist_group("journeys")
@pytest.mark.timeout(900)
async def test_a_case_walks_from_a_villager_to_the_county_and_back_though_the_county_was_away(
    county: County, visit: Visit
) -> None:
    """The county's program is stopped until village and township have done their part."""
    await county.hub.stop()
    helper = await _the_helper_opens(county, visit)
    number, code = await _a_villager_applies(await visit(county.village))
    await _a_villager_applies_without_scripts(await visit(county.village, java_script_enabled=False))
    sensitive = await _the_helper_applies_for_another(helper)
    await _the_clerk_reviews(await visit(county.township), number, sensitive)
    await county.hub.serve(FREE, FREE)
    await county.line.cut()
    await county.line.open(int(county.hub.ssh.rpartition(":")[2]))
    await _the_reviewer_looks_without_scripts(await visit(county.hub, java_script_enabled=False), number)
    await _the_reviewer_accepts(await visit(county.hub), number)
    await _the_chief_decides(await visit(county.hub), number)
    await _the_village_hands_over(helper, number)
    await _the_county_closes(await visit(county.hub), number)
    await _the_villager_reads_the_result(await visit(county.village), number, code)
    await _the_administrator_invites_and_revokes(await visit(county.hub))


async def _the_helper_opens(county: County, visit: Visit) -> Visitor:
    """The box is locked after its start, and says so; a sign-in opens it."""
    villager, helper = await visit(county.village), await visit(county.village)
    await villager.go("/search?q=养老")
    await villager.follow("城乡居民基本养老保险参保登记")
    await villager.press("现在就办")
    await villager.sees("这台机器还没有开门", "请帮办员登录一次")
    await helper.go("/sign-in")
    await helper.sees("本机已锁定")
    await helper.signs_in("helper")
    await villager.go("/")
    await villager.sees("您要办什么事")
    await villager.looks("village-home")
    assert await first_focus(villager.page) == "跳到正文"
    return helper


async def _a_villager_applies(villager: Visitor) -> tuple[str, str]:
    """In plain words to the guide, a wrong number told twice, a picture, one thing missing, insisting."""
    await villager.go("/")
    await villager.fill(q="瘸了能领钱吗")
    await villager.press("找一找")
    await villager.follow("困难残疾人生活补贴")
    await villager.sees("能不能办", "要带什么", "多久", "多少钱", "在哪拿")
    await villager.looks("guide")
    await villager.press("现在就办")
    await villager.fill(applicant__name=_NAME, applicant__identity=_WRONG_IDENTITY)
    await villager.press("下一步")
    field = villager.page.locator('[name="applicant.identity"]')
    await expect(field).to_have_attribute("aria-invalid", "true")
    by_the_field = villager.page.locator('[id="applicant.identity-error"]')
    await expect(villager.page.get_by_role("alert")).to_contain_text(
        (await by_the_field.inner_text()).strip()
    )
    await villager.looks("wrong-number")
    await villager.fill(applicant__identity=_IDENTITY, applicant__phone="138 0000 1234")
    await villager.press("下一步")
    await villager.page.locator('[name="files.m1"]').last.set_input_files([_FORM])
    await villager.page.locator('[name="files.m1"]').first.set_input_files([_PHOTO])
    await villager.page.locator('[name="files.m4"]').last.set_input_files([_CARD])
    await _gives_paper(villager, range(2, _MATERIALS))
    await villager.press("存下这些")
    await villager.sees("第1张", "第3张")
    await villager.looks("materials")
    await villager.press("下一步")
    await villager.sees("还没有交")
    await villager.looks("check")
    await villager.press("我要坚持提交")
    await villager.press("坚持提交")
    await villager.sees("前面打勾")
    await villager.page.get_by_role("checkbox").check()
    await villager.press("坚持提交")
    number, code = await _reads_receipt(villager)
    await villager.sees("还缺这些", "收到不等于受理")
    await villager.looks("receipt")
    await _asks_where_it_is(villager, number, code)
    await villager.sees("村里收了", "王*芳")
    await villager.sees_not(_NAME)
    await villager.looks("progress")
    return number, code


async def _a_villager_applies_without_scripts(villager: Visitor) -> None:
    await villager.go("/")
    await villager.fill(q="养老保险")
    await villager.press("找一找")
    await villager.follow("城乡居民基本养老保险参保登记")
    await villager.press("现在就办")
    await villager.fill(applicant__name="𬱖秀兰", applicant__identity="130638196003030028")
    await villager.press("下一步")
    await _gives_paper(villager, range(1, 4))
    await villager.press("下一步")
    await villager.sees("材料看起来齐了")
    await villager.press("都对")
    await villager.page.get_by_role("checkbox").check()
    await villager.press("提交")
    await _asks_where_it_is(villager, *await _reads_receipt(villager))
    await villager.sees("村里收了")


async def _the_helper_applies_for_another(helper: Visitor) -> str:
    """An orphan's uncle comes with a mandate; 今天 keeps what is half done, 办件 what is handed in."""
    await helper.go("/desk/apply?q=孤儿")
    await helper.press("开始填")
    await helper.fill(applicant__name="刘小满", applicant__identity="130638201205060018")
    await helper.page.get_by_label("别人替他办").check()
    await helper.fill(
        agent__name="刘大山",
        agent__identity="130638198001010014",
        agent__relation="叔父",
        agent__mandate="签了授权委托书",
    )
    await helper.press("下一步")
    await helper.sees("原件已核")
    await helper.go("/desk")
    await helper.sees("待确认", "刘*满")
    await helper.looks("helper-today")
    await helper.press("接着填")
    await helper.press("下一步")
    await _gives_paper(helper, range(1, 5))
    await helper.press("下一步")
    await helper.sees("签了授权委托书", "叔父")
    await helper.press("都对")
    await helper.page.get_by_role("checkbox").check()
    await helper.press("提交")
    number, _ = await _reads_receipt(helper)
    await helper.opens_case(number)
    await helper.sees("代办人", "刘*满", "已存站内")
    return number


async def _the_clerk_reviews(clerk: Visitor, number: str, sensitive: str) -> None:
    """The township sees what is its business, and only that something is carried."""
    await clerk.signs_in("clerk")
    await clerk.waits_for("/desk/cases", number)
    await clerk.sees_not(sensitive)
    await clerk.waits_for("/desk/carried", "一铺东村综合服务站", "雄县")
    await clerk.sees_not("孤儿", "刘", sensitive)
    await clerk.looks("township-carried")
    await clerk.go("/desk")
    await clerk.sees("待受理", number, "县里线路断了", "可以继续办")
    await clerk.looks("township-workbench")
    await clerk.opens_case(number)
    await clerk.page.locator("#review summary").click()
    await clerk.page.locator("#review").get_by_label("建议准予").check()
    await clerk.fill(opinion="入户核实，情况属实")
    await clerk.press("提交审核意见")
    await clerk.sees("审核意见已写入")


async def _the_reviewer_looks_without_scripts(reader: Visitor, number: str) -> None:
    """A two-page PDF, a photograph and a HEIC are three and one plain pages, after a reason was given."""
    await reader.signs_in("reviewer")
    await reader.opens_case(number)
    await reader.follow("看材料 身份证")
    await reader.looks("hub-why")
    await reader.press("看材料")
    case = reader.page.url
    await _reads_pages(reader, case, 1)
    await reader.looks("hub-card")
    await _reads_pages(reader, case.replace("/m4", "/m1"), 3)
    await reader.follow("下一页")
    await reader.looks("hub-form")


async def _reads_pages(reader: Visitor, address: str, number: int) -> None:
    async def they_are_here() -> bool:
        await reader.go(address)
        return "还在路上" not in await reader.page.inner_text("main")

    await until("材料的每一页都到县里", they_are_here)
    await reader.sees(f"共{number}页")
    shown = await reader.page.locator(".sheets img").all()
    assert len(shown) == number
    for one in shown:
        page = await reader.page.request.get(str(await one.get_attribute("src")))
        assert page.headers["content-type"] == "image/jpeg"
        assert (await page.body()).startswith(b"\xff\xd8\xff")


async def _the_reviewer_accepts(reviewer: Visitor, number: str) -> None:
    """What came is accepted and reviewed; whoever may not decide is told who may."""
    await reviewer.signs_in("reviewer")
    await reviewer.waits_for("/desk", number)
    await reviewer.opens_case(number)
    await reviewer.sees("入户核实，情况属实", "已送到乡镇", "县里已取到", "申请人坚持提交")
    await reviewer.page.locator("#accept").get_by_role("button").click()
    await reviewer.sees("已受理", "受理通知书")
    await reviewer.page.locator("#review").get_by_label("建议准予").check()
    await reviewer.fill(opinion="材料属实，符合条件")
    await reviewer.press("提交审核意见")
    await reviewer.sees("吴首席")
    await reviewer.go("/desk/cases")
    await reviewer.looks("hub-ledger")


async def _the_chief_decides(chief: Visitor, number: str) -> None:
    await chief.signs_in("chief")
    await chief.opens_case(number)
    await chief.looks("hub-case")
    await chief.page.locator("#decide").get_by_label("准予", exact=True).check()
    await chief.fill("#decide", reason="符合两项补贴条件")
    await chief.press("作出决定")
    await chief.sees("决定已作出")
    await chief.page.locator("#issue").get_by_role("button").click()
    await chief.sees("决定书已做好", "有结果了")


async def _the_village_hands_over(helper: Visitor, number: str) -> None:
    """The decision comes down as a PDF, is opened, and is handed to the applicant."""
    await helper.waits_for("/desk", "待交付", number)
    await helper.opens_case(number)
    await helper.waits_for(helper.page.url, "决定书", "准予")
    address = str(
        await helper.page.get_by_role("listitem")
        .filter(has_text="决定书")
        .get_by_role("link")
        .get_attribute("href")
    )

    async def the_paper_is_here() -> bool:
        paper = await helper.page.request.get(address)
        return (await paper.body()).startswith(b"%PDF-")

    await until("决定书的原件到村里", the_paper_is_here)
    await helper.fill(to="本人")
    await helper.page.get_by_label("已在送达回证上签名").check()
    await helper.press("交付结果")
    await helper.sees("已登记交付")


async def _the_county_closes(chief: Visitor, number: str) -> None:
    await chief.signs_in("chief")
    await chief.opens_case(number)
    await chief.waits_for(chief.page.url, "已经办结")
    await chief.sees("交付结果", "送达", "办结")


async def _the_villager_reads_the_result(villager: Visitor, number: str, code: str) -> None:
    await _asks_where_it_is(villager, number, code)
    await villager.sees("送到了", "开始办", "有结果", "准予")


async def _the_administrator_invites_and_revokes(administrator: Visitor) -> None:
    """A code is shown once; a revoked station is said to be so; catalogue and grants are listed."""
    await administrator.signs_in("admin")
    await administrator.go("/desk/nodes/invite")
    await administrator.follow("雄州镇")
    await administrator.page.get_by_label("一铺西村").check()
    await administrator.press("生成邀请码")
    await administrator.sees("只显示这一次", "有效期到")
    await administrator.looks("invited")
    code = await administrator.page.locator(".code span").all_inner_texts()
    await administrator.press("记下了")
    await administrator.sees("发出还没用的邀请", "一铺西村")
    await administrator.sees_not(*code)
    await administrator.looks("hub-nodes")
    await administrator.follow("吊销 一铺东村")
    await administrator.fill(reason="机器被偷了")
    await administrator.page.locator("button.grave").click()
    await administrator.sees("已经吊销", "已吊销")
    await administrator.go("/desk/catalogue")
    await administrator.sees("困难残疾人生活补贴", "YL-0006")
    await administrator.looks("hub-catalogue")
    await administrator.go("/desk/grants")
    await administrator.sees("首席事务代表", "李窗口")
    await administrator.looks("hub-grants")


async def _gives_paper(person: Visitor, materials: Sequence[int]) -> None:
    for material in materials:
        await person.page.locator(f'[name="copies.m{material}"]').fill("1")


async def _reads_receipt(person: Visitor) -> tuple[str, str]:
    await person.sees("收到了")
    number = _NUMBER.search((await person.page.inner_text(".main-number")).replace("\n", ""))
    assert number is not None
    return number.group(), await person.page.inner_text("strong.number")


async def _asks_where_it_is(person: Visitor, number: str, code: str) -> None:
    await person.go("/progress")
    await person.fill(number=number, code=code)
    await person.press("查一查")
