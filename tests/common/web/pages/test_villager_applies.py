"""A villager at the kiosk, from the first word typed to the receipt, with everything that goes wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import pytest

from common.domain.item import Item
from common.domain.node import Tier
from common.media.limits import FILE_MAX
from common.store import drafts, ledger
from common.store.ledger import LedgerFilter
from common.web.headers import SEALED_OFF
from common.web.pages.applying import receipts, uploads
from common.web.pages.applying.drafts import start as begin_draft
from tests.builders.sites import JPEG, PDF, Browser, Node, publish, site, village

WHO = {
    "applicant.name": "王桂芳",
    "applicant.identity": "11010519491231002x",
    "applicant.phone": "138 0000 1234",
}


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    node = await village(tmp_path)
    yield node
    await node.desk.vault.close()


@pytest.fixture
async def open_browser(node: Node) -> AsyncIterator[Callable[[], Browser]]:
    async with site(node) as browser:
        yield browser


async def begun(browser: Browser, code: str = "YL-0001") -> Browser:
    await browser.go(f"/items/{code}")
    return await browser.send("/apply")


async def ready(browser: Browser, code: str = "YL-0001") -> Browser:
    """Go as far as the last word, with every material there."""
    await begun(browser, code)
    await browser.send("/who", WHO | {"do": "next"})
    files = [("files.m1", JPEG), ("files.m1", PDF), ("files.m2", JPEG)] if code == "YL-0001" else []
    await browser.send("/materials", {"do": "next"}, files)
    assert browser.path.endswith("/check"), browser.words
    return await browser.send("/check")


async def count(node: Node) -> int:
    return await node.desk.vault.read(lambda tx: ledger.count(tx, LedgerFilter()))


async def test_a_villager_finds_an_item_hands_it_in_and_asks_where_it_is(node, open_browser):
    browser = open_browser()
    await browser.go("/")
    assert browser.status == 200
    assert "您要办什么事" in browser.text
    await browser.go("/search?q=残疾补帖")
    assert "困难残疾人生活补贴" in browser.text
    await browser.go("/items/YL-0001")
    assert "原文未注明" in browser.text
    assert "样例数据" in browser.text
    await ready(browser)
    assert "确认提交" in browser.text
    await browser.send("/confirm", {"agreed": "yes"})
    assert browser.path.endswith("/receipt")
    assert "收到不等于受理" in browser.text
    assert "<svg" in browser.text
    number = "0417-26-00001"
    code = browser.text.split('<strong class="number">')[1][:6]
    assert code.isdigit()
    assert node.kicks == 1
    row = (await node.desk.vault.read(lambda tx: ledger.page(tx, LedgerFilter()))).cases[0]
    assert row.number.startswith(number)
    await browser.go("/progress")
    await browser.send("/progress", {"number": row.number, "code": code})
    assert browser.status == 200
    assert "村里收了" in browser.text
    assert browser.text.count("送到了") == 1
    assert "王*芳" in browser.text
    assert "王桂芳" not in browser.text


async def test_a_guessed_or_broken_qr_address_leads_nowhere(open_browser):
    browser = open_browser()
    for guess in ("A" * 43, "zz", "%00", "A" * 500):
        await browser.go(f"/q/{guess}")
        assert browser.status == 404


async def test_the_receipts_qr_leads_to_where_the_case_is(node, open_browser, monkeypatch):
    addresses: list[str] = []

    def drawn(text: str) -> str:
        addresses.append(text)
        return ""

    monkeypatch.setattr(receipts, "qr_svg", drawn)
    browser = open_browser()
    await ready(browser)
    await browser.send("/confirm", {"agreed": "yes"})
    await open_browser().go(browser.path)
    assert len(addresses) == 1
    phone = await open_browser().go(addresses[0][addresses[0].index("/q/") :])
    assert phone.status == 200
    assert "村里收了" in phone.text
    assert "王桂芳" not in phone.text


async def test_the_receipt_prints_with_its_code_once_and_never_again_from_elsewhere(node, open_browser):
    browser = open_browser()
    await ready(browser)
    await browser.send("/confirm", {"agreed": "yes"})
    receipt = browser.path
    await browser.go(f"{receipt}.pdf")
    assert browser.body.startswith(b"%PDF")
    assert browser.headers["Content-Disposition"] == 'inline; filename="receipt.pdf"'
    other = open_browser()
    await other.go(receipt)
    assert other.status == 200
    assert "查询码只显示一次" in other.text
    assert "扫一扫查进度" not in other.text


async def test_a_double_post_makes_one_case_and_shows_the_same_receipt_with_its_code(node, open_browser):
    browser = open_browser()
    await ready(browser)
    draft = browser.path.removesuffix("/confirm")
    data = {"_token": browser.token(), "agreed": "yes"}

    async def post() -> tuple[str, str]:
        async with browser.client.post(f"{draft}/confirm", data=data) as answer:
            return answer.url.path, await answer.text()

    first, second = await asyncio.gather(post(), post())
    assert first[0] == second[0] == f"{draft}/receipt"
    assert await count(node) == 1
    assert all('<strong class="number">' in text for _, text in (first, second))


async def test_two_people_confirming_one_draft_get_the_same_case_and_one_code(node, open_browser):
    browser, other = open_browser(), open_browser()
    await ready(browser)
    await other.go(browser.path)
    await browser.send("/confirm", {"agreed": "yes"})
    await other.send("/confirm", {"agreed": "yes"})
    assert other.path == browser.path
    assert "收到了" in other.text
    assert '<strong class="number">' not in other.text
    assert await count(node) == 1


async def test_every_finding_is_told_at_once_by_its_field_and_in_the_list(open_browser):
    browser = open_browser()
    await begun(browser)
    typed = {"applicant.identity": "110105194912310021", "applicant.phone": "12", "do": "next"}
    await browser.send("/who", typed)
    assert browser.status == 422
    for field in ("applicant.name", "applicant.identity", "applicant.phone"):
        assert f'href="#{field}"' in browser.text
        assert f'id="{field}-error"' in browser.text
    assert 'value="110105194912310021"' in browser.text


async def test_an_agent_has_to_be_named_with_the_relation(open_browser):
    browser = open_browser()
    await begun(browser)
    await browser.send("/who", WHO | {"acts": "other", "do": "next"})
    assert browser.status == 422
    assert 'href="#agent.relation"' in browser.text
    agent = {
        "agent.name": "王强",
        "agent.identity": "11010519491231002X",
        "agent.relation": "儿子",
        "agent.mandate": "授权委托书",
    }
    await browser.send("/who", agent | {"do": "next"})
    assert browser.path.endswith("/materials")


async def test_a_file_too_large_or_not_what_it_says_is_a_sentence_and_nothing_else_is_lost(open_browser):
    browser = open_browser()
    await begun(browser)
    await browser.send("/who", WHO | {"do": "next"})
    files = [
        ("files.m1", JPEG),
        ("files.m1", b"MZ an exe called jpg"),
        ("files.m2", JPEG + bytes(FILE_MAX)),
        ("files.m3", b"<html><script>alert(1)</script>"),
    ]
    await browser.send("/materials", {"do": "next", "copies.m3": "2"}, files)
    assert browser.status == 422
    assert browser.text.count("只收照片") == 4, "by each of two fields and at the top"
    assert "超过20MB" in browser.text
    assert "第1张" in browser.text
    assert 'name="copies.m3" value="2"' in browser.text


async def test_more_files_at_once_than_a_material_has_are_told_and_the_first_are_kept(
    open_browser, monkeypatch
):
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    browser = open_browser()
    await begun(browser)
    await browser.send("/who", WHO | {"do": "next"})
    await browser.send("/materials", {"do": "next"}, [("files.m1", JPEG)] * 3)
    assert browser.status == 422
    assert "一次最多2个文件" in browser.text
    assert "第2张" in browser.text
    assert "第3张" not in browser.text


async def test_a_body_beyond_the_limit_is_refused_in_words_and_the_draft_stays(open_browser):
    browser = open_browser()
    await begun(browser)
    here = browser.path
    await browser.send("/who", {"applicant.name": "王桂芳"})
    await browser.go(here)
    await browser.send("/who", {"answers.note": "长" * 60_000})
    assert browser.status == 413
    assert "之前存好的都在" in browser.text
    await browser.go(here)
    assert "王桂芳" in browser.text


async def test_a_picture_can_be_looked_at_and_taken_back(open_browser):
    browser = open_browser()
    await begun(browser)
    await browser.send("/who", WHO | {"do": "next"})
    here = browser.path
    await browser.send("/materials", {"do": "keep"}, [("files.m1", PDF), ("files.m1", JPEG)])
    draft = here.removesuffix("/materials")
    pages = []
    for at in range(3):
        await browser.go(f"{draft}/files/m1/{at}")
        assert browser.headers["Content-Type"] == "image/jpeg"
        assert "王桂芳" not in browser.headers["Content-Disposition"]
        assert browser.headers["Content-Security-Policy"] == SEALED_OFF
        assert browser.headers["X-Content-Type-Options"] == "nosniff"
        pages.append(browser.body)
    assert len(set(pages)) == 3
    await browser.go(here)
    await browser.send("/materials", {"remove": "m1/0"})
    assert "第3张" not in browser.text
    await browser.go(f"{draft}/files/m1/0")
    assert browser.body == pages[1]
    await browser.go(f"{draft}/files/m1/7")
    assert browser.status == 404


async def test_who_insists_hands_in_and_the_receipt_lists_what_is_missing(node, open_browser):
    browser = open_browser()
    await begun(browser)
    await browser.send("/who", WHO | {"do": "next"})
    await browser.send("/materials", {"do": "next"}, [("files.m1", JPEG)])
    assert "户口簿" in browser.text
    assert "坚持提交" in browser.text
    await browser.send("/check")
    assert browser.path.endswith("/confirm")
    await browser.send("/confirm", {"agreed": "yes"})
    assert "还缺这些" in browser.text
    assert "户口簿" in browser.text
    assert await count(node) == 1


async def test_nothing_is_handed_in_without_the_tick(node, open_browser):
    browser = open_browser()
    await ready(browser)
    await browser.send("/confirm")
    assert browser.status == 422
    assert 'href="#agreed"' in browser.text
    assert await count(node) == 0


async def test_an_item_closed_meanwhile_says_so_and_the_draft_is_kept(node, open_browser):
    browser = open_browser()
    await ready(browser)
    draft = browser.path.split("/")[2]
    closed = Item(
        "YL-0001", "困难残疾人生活补贴", (Tier.VILLAGE,), sample=True, effective_until=date(2026, 1, 2)
    )
    await publish(node.desk, [closed], 2)
    await browser.send("/confirm", {"agreed": "yes"})
    assert browser.status == 409
    assert "现在不接收申请" in browser.text
    assert "草稿" in browser.text
    assert await node.desk.vault.read(lambda tx: drafts.find(tx, draft)) is not None
    await browser.go("/items/YL-0001")
    assert "现在不接收申请" in browser.text
    assert "现在就办" not in browser.text


async def test_an_unknown_item_and_an_unknown_draft_are_said_in_words(open_browser):
    browser = open_browser()
    await browser.go("/items/NO-SUCH")
    assert browser.status == 404
    await browser.go("/apply/no-such-draft/who")
    assert browser.status == 409
    assert "草稿不在了" in browser.text


async def test_a_draft_can_be_left_and_is_gone(node, open_browser):
    browser = open_browser()
    await begun(browser)
    draft = browser.path.split("/")[2]
    await browser.send("/who", {"do": "leave"})
    assert browser.path == "/"
    assert await node.desk.vault.read(lambda tx: drafts.find(tx, draft)) is None


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\"><img src=x onerror='a'>", "{{7*7}}王"])
async def test_markup_in_names_is_shown_as_text(open_browser, name):
    browser = open_browser()
    await begun(browser)
    await browser.send("/who", WHO | {"applicant.name": name, "do": "next"})
    await browser.send("/materials", {"do": "next"}, [("files.m1", JPEG), ("files.m2", JPEG)])
    assert name in browser.words
    await browser.send("/check")
    assert "<script>alert" not in browser.text
    assert "<img src=x" not in browser.text
    assert "49王" not in browser.text


async def test_a_locked_box_publishes_the_guide_and_sends_to_the_helper(node, open_browser):
    browser = open_browser()
    await browser.go("/items/YL-0001")
    node.locked = True
    await browser.send("/apply")
    assert browser.status == 503
    assert "请帮办员登录一次" in browser.text
    await browser.go("/")
    assert "困难残疾人生活补贴" in browser.text
    await browser.go("/search?q=残疾")
    assert "困难残疾人生活补贴" in browser.text
    await browser.go("/progress")
    await browser.send("/progress", {"number": "041726000014", "code": "123456"})
    assert browser.status in {422, 503}


async def test_guessing_query_codes_ends_after_five_tries_for_the_right_one_too(node, open_browser):
    browser = open_browser()
    await ready(browser)
    await browser.send("/confirm", {"agreed": "yes"})
    code = browser.text.split('<strong class="number">')[1][:6]
    row = (await node.desk.vault.read(lambda tx: ledger.page(tx, LedgerFilter()))).cases[0]
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    await browser.go("/progress")
    for _ in range(5):
        await browser.send("/progress", {"number": row.number, "code": wrong})
        assert browser.status == 422
        assert "对不上" in browser.text
    await browser.send("/progress", {"number": row.number, "code": code})
    assert browser.status == 429
    assert "试的次数太多" in browser.text


async def test_a_helpers_draft_is_not_opened_from_the_public_pages(node, open_browser):
    draft = await begin_draft(node.desk, "YL-0001", "helper")
    browser = await open_browser().go(f"/apply/{draft}/who")
    assert browser.status == 409


async def test_a_form_of_another_session_changes_nothing(node, open_browser):
    browser, other = open_browser(), open_browser()
    await ready(browser)
    await other.go("/progress")
    async with other.client.post(browser.path, data={"_token": browser.token(), "agreed": "yes"}) as answer:
        assert answer.status == 403
    assert await count(node) == 0


async def test_sensitive_items_are_found_by_searching_but_not_shown_as_often_asked_for(open_browser):
    browser = await open_browser().go("/")
    assert "孤儿基本生活费" not in browser.text
    await browser.go("/search?q=孤儿")
    assert "孤儿基本生活费" in browser.text


async def test_words_that_hurt_are_understood_and_not_repeated(open_browser):
    browser = await open_browser().go("/search?q=瘸子补贴")
    assert "困难残疾人生活补贴" in browser.text
    assert "瘸" not in browser.text
