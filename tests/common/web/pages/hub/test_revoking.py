"""Revoking: asked once more, with a reason, done once."""

from common.store import registry
from tests.builders.offices import signed_in

PATH = "/desk/nodes/0417/revoke"


async def test_two_windows_revoke_a_node_once(browser, hub, land):
    other = await signed_in(hub[1]())
    await browser.go(PATH)
    await other.go(PATH)
    await browser.send("/revoke", {"reason": "机器被偷了"})
    assert browser.path == "/desk/nodes"
    assert "已经吊销。各站点下次联系时都会知道" in browser.words
    assert "已吊销" in browser.words
    await other.send("/revoke", {"reason": "机器被偷了"})
    assert other.status == 409
    assert "已经吊销了（可能是在另一个窗口里）" in other.words
    assert len(await land.hub.exchange.open.read(registry.revocations)) == 1
    assert hub[0].refreshed == 1


async def test_without_a_reason_nothing_is_revoked(browser, land):
    await browser.go(PATH)
    await browser.send("/revoke", {"reason": " "})
    assert browser.status == 400
    await browser.send("/revoke", {"reason": "长" * 201})
    assert "最多200个字" in browser.words
    assert await land.hub.exchange.open.read(registry.revocations) == []


async def test_a_township_says_who_hangs_on_it_and_the_hub_cannot_be_revoked(browser):
    await browser.go("/desk/nodes/0101/revoke")
    assert "下面有1个站点靠它转送" in browser.words
    for number in ("0001", "9998"):
        await browser.go(f"/desk/nodes/{number}/revoke")
        assert browser.status == 409
