"""Grants: given once however often the form is sent, ended with a day and a reason."""

from common.store import grants
from common.store.rows import GrantRow
from tests.builders.county import County
from tests.builders.sites import Browser

FIELDS = {
    "node": "130638-0101", "login": "li.wei", "name": "李伟", "post": "镇首席事务代表", "items": "YL-0001",
    "since": "2026-11-16", "until": "2027-03-31",
}  # fmt: skip


async def give(browser: Browser, **changed: str) -> str:
    await browser.go("/desk/grants/give")
    page = browser.text
    await browser.send("/give", FIELDS | changed, many=[("powers", "accept"), ("powers", "decide")])
    return page


async def held(land: County) -> list[GrantRow]:
    return await land.hub.vault.read(grants.every)


async def test_a_grant_is_given_once_and_ended_once(browser, hub, land):
    page = await give(browser)
    assert "授权已经给出" in browser.words
    browser.text = page
    await browser.send("/give", FIELDS, many=[("powers", "accept")])
    (row,) = await held(land)
    assert (row.items, row.verbs) == (["YL-0001"], ["accept", "decide"])
    await browser.go(f"/desk/grants/{row.grant_id}/end")
    await browser.send("/end", {"on": "2026-11-01", "reason": ""})
    assert browser.status == 400
    assert "请选今天或以后的日期" in browser.words
    await browser.send("/end", {"on": "2026-11-16", "reason": "调走了"})
    assert "授权已经结束" in browser.words
    await browser.go(f"/desk/grants/{row.grant_id}/end")
    assert browser.status == 409
    assert "可能是在另一个窗口里" in browser.words
    assert hub[0].kicks == 3


async def test_what_cannot_be_given_is_told_by_its_field(browser, land):
    await give(browser, login="李伟", items="NO-1", until="2026-01-01")
    assert browser.status == 400
    for words in ("账号名是小写字母和数字", "目录里没有这些编码：NO-1", "最后一天不能早于开始日期"):
        assert words in browser.words
    assert await held(land) == []
    await browser.go("/desk/grants/none/end")
    assert browser.status == 409
