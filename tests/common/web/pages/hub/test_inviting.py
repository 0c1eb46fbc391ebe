"""Inviting: the code is shown once, a form sent twice invites once."""

from common.crypto.invitation import parse_code
from common.store import registry
from common.store.rows import InvitationRow
from tests.builders.county import County

DIVISION = "130638100201"


async def invitations(land: County) -> list[InvitationRow]:
    return await land.hub.exchange.open.read(registry.invitations)


async def test_a_code_is_shown_with_its_picture_and_only_to_who_made_it(browser, hub, land):
    await browser.go("/desk/nodes/invite")
    assert "雄州镇" in browser.words
    await browser.go("/desk/nodes/invite/0101")
    await browser.send("/invite/0101", many=[("divisions", DIVISION)])
    assert browser.path.startswith("/desk/nodes/invited/")
    (row,) = await invitations(land)
    assert row.parent == "130638-0101"
    assert row.name.endswith("综合服务站")
    assert "<svg" in browser.text
    code = "".join(
        part.split("<")[0]
        for part in browser.text.split('class="code">')[1].split("</dd>")[0].split("<span>")
    )
    assert parse_code(code).secret_digest() == row.secret_digest
    stranger = hub[1]()
    await stranger.go(browser.path)
    assert stranger.path == "/sign-in"
    await browser.go("/desk/nodes")
    assert row.name in browser.words


async def test_a_form_sent_twice_invites_once(browser, land):
    await browser.go("/desk/nodes/invite/0001")
    first = browser.text
    await browser.send("/invite/0001", many=[("divisions", "130638101")])
    shown = browser.path
    browser.text = first
    await browser.send("/invite/0001", many=[("divisions", "130638101")])
    assert browser.path == shown
    assert len(await invitations(land)) == 1
    assert "192.168.1.10:8022" in browser.words


async def test_nothing_ticked_says_so_and_invites_nobody(browser, land):
    await browser.go("/desk/nodes/invite/0101")
    await browser.send("/invite/0101")
    assert browser.status == 400
    assert "请勾选这个站点服务的地方" in browser.words
    await browser.go("/desk/nodes/invite/0101")
    await browser.send("/invite/0101", many=[("divisions", "130629100001")])
    assert browser.status == 400
    assert "不在上级站点的范围内" in browser.words
    assert await invitations(land) == []


async def test_nothing_can_be_invited_below_a_village_or_nobody(browser):
    for number in ("0417", "9998"):
        await browser.go(f"/desk/nodes/invite/{number}")
        assert browser.status == 409
        assert "上级站点不在用了" in browser.words


async def test_a_code_not_fresh_is_not_shown(browser):
    await browser.go("/desk/nodes/invited/unknown")
    assert browser.status == 409
    assert "邀请码只显示一次" in browser.words
