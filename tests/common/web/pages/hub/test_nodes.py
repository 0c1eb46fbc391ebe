"""The tree of nodes: who is there, who is silent, found by name."""

from datetime import timedelta

from common.domain.node import Tier
from common.exchange.node_register import alarm
from common.store import registry
from common.store.rows import CertificateRow
from tests.builders.cases import VILLAGE
from tests.builders.offices import signed_in


async def test_the_tree_shows_each_node_below_its_parent_and_amber_when_never_heard(browser):
    await browser.go("/desk/nodes")
    words = browser.words
    assert words.index("130638-0001") < words.index("130638-0101") < words.index("130638-0417")
    assert "还没有联系过" in words
    assert "共3个站点，2个没有消息" in words


async def test_a_session_is_the_last_contact_and_silence_is_amber_again(browser, land):
    await land.settle(2)
    await browser.go("/desk/nodes")
    assert "，0个没有消息" in browser.words
    land.clock.at += timedelta(days=3)
    await signed_in(browser)
    await browser.go("/desk/nodes")
    assert "，2个没有消息" in browser.words


async def test_search_keeps_what_stands_above_what_is_found(browser):
    await browser.go("/desk/nodes?q=一铺东")
    assert "130638-0417" in browser.words
    assert "130638-0101" in browser.words
    await browser.go("/desk/nodes?q=没有这个")
    assert "没有找到这个名称或编号的站点" in browser.words


async def test_a_code_used_twice_stands_on_top(browser, land):
    await land.hub.exchange.open.write(lambda tx: alarm(tx, "code_used_twice", str(VILLAGE), 0))
    await browser.go("/desk/nodes")
    assert "有人用另一台设备又用了一铺东村的邀请码" in browser.words


async def test_321_nodes_stand_on_one_page(browser, land):
    def row(number: int) -> CertificateRow:
        return CertificateRow(
            f"130638-{number:04d}", 1, str(Tier.VILLAGE), "130638-0101", f"第{number}村", ["1306381002"],
            b"", 0, None,
        )  # fmt: skip

    async def many(tx):
        for number in range(1000, 1318):
            await registry.save_certificate(tx, row(number))

    await land.hub.exchange.open.write(many)
    await browser.go("/desk/nodes")
    assert browser.status == 200
    assert "共321个站点" in browser.words


async def test_a_village_whose_silence_is_dangerous_stands_on_top_and_says_what_to_do(browser, land):
    await land.settle(2)
    land.clock.at += timedelta(days=3)
    await signed_in(browser)
    await browser.go("/desk/nodes")
    assert "一铺东村</a>：从11月16日起收下的件没有送上来；到11月23日还看不到" in browser.words
    assert "今天打电话" in browser.words
    land.clock.at += timedelta(days=5)
    await signed_in(browser)
    await browser.go("/desk/nodes")
    assert "11月23日已过：可能有件已经视为受理" in browser.words


async def test_a_nodes_page_shows_what_it_said_and_what_is_the_matter(browser, land):
    await land.settle(2)
    await browser.go("/desk/nodes/0417")
    assert "正常，不用做什么" in browser.words
    for fact in ("待送的件", "时钟电池", "磁盘", "程序版本", "jiujin/", "最晚要联系上的日子", "11月23日"):
        assert fact in browser.words, fact
    land.village.lock()
    land.clock.at += timedelta(minutes=2)
    await land.settle(1)
    await browser.go("/desk/nodes/0417")
    assert "断电重启后还锁着" in browser.words
    assert "请帮办员登录一次" in browser.words


async def test_a_node_that_is_not_there_or_is_revoked_has_no_page(browser, land):
    await browser.go("/desk/nodes/0999")
    assert "没有这个站点" in browser.words
    await land.revoke(VILLAGE)
    await browser.go("/desk/nodes/0417")
    assert "没有这个站点" in browser.words


async def test_two_checkpoints_for_one_place_stand_on_top(browser, land):
    await land.hub.exchange.open.write(lambda tx: alarm(tx, "two_checkpoints", "130638-0001", 0))
    await browser.go("/desk/nodes")
    assert "签了两个检查点" in browser.words
