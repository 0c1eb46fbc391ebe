"""The desk at the three tiers: what waits, the ledger, one case and its deeds, applying for somebody."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from common.casework import receive
from common.casework.desk import Desk
from common.domain.application import Application, MaterialGiven, Person
from common.domain.course import State
from common.domain.grants import Actor, Role
from common.domain.times import to_milliseconds
from common.store import cases, grants, ledger, receipts
from common.store.case_rows import CaseProjection, CaseRow
from common.store.engines.sqlite_client import StoreTransaction
from common.store.ledger import LedgerFilter
from common.store.rows import CheckpointRow
from tests.builders.cases import TOWNSHIP
from tests.builders.desks import CHIEF, CLERK, HELPER, REVIEWER, person
from tests.builders.sites import JPEG, Browser, Node, site, village

APPLICANT = Person("王桂芳", "11010519491231002X", "13800001234", "一铺东村12号")
SUPERVISOR = Actor("super", "监察", frozenset({Role.SUPERVISOR}))
ADMIN = Actor("admin", "管理", frozenset({Role.ADMINISTRATOR}))
SECOND = person("second", Role.CHIEF)
EVERYBODY = (HELPER, CLERK, REVIEWER, CHIEF, SECOND, SUPERVISOR, ADMIN)


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Node]:
    node = await village(tmp_path)
    yield node
    await node.desk.vault.close()


@pytest.fixture
async def township(tmp_path: Path) -> AsyncIterator[Node]:
    node = await village(tmp_path, TOWNSHIP)
    yield node
    await node.desk.vault.close()


async def taken(desk: Desk, item: str, applicant: Person = APPLICANT, actor: Actor = CLERK) -> UUID:
    materials = tuple(MaterialGiven(code, 1) for code in ("m1", "m2")) if item == "YL-0001" else ()
    application = Application(item, applicant, materials=materials)
    return (await receive.receive(desk, actor, application)).case_id


async def hub_time_came(desk: Desk) -> None:
    """Let the station hold a checkpoint of today, without which it may take in but not decide."""
    row = CheckpointRow(bytes(16), 1, 1, to_milliseconds(desk.clock.now()), bytes(32), 0, b"")
    await desk.open.write(lambda tx: receipts.save_checkpoint(tx, row))


async def test_a_helper_applies_for_somebody_with_a_mandate_and_hands_the_result_over(station):
    desk = station.desk
    await hub_time_came(desk)
    async with site(station, EVERYBODY) as open_browser:
        browser = await open_browser().sign_in("helper")
        assert browser.path == "/desk"
        await browser.go("/desk/apply?q=资格")
        await browser.send("/desk/apply/items/YL-0003")
        draft = browser.path
        await browser.go("/desk")
        assert "接着填" in browser.text
        await browser.go(draft)
        agent = {
            "acts": "other",
            "agent.name": "王强",
            "agent.identity": "11010519491231002X",
            "agent.relation": "儿子",
            "agent.mandate": "授权委托书",
        }
        who = {"applicant.name": "王桂芳", "applicant.identity": "11010519491231002X"}
        await browser.send("/who", who | agent | {"do": "next"})
        await browser.send("/materials", {"do": "next"})
        await browser.send("/check")
        await browser.send("/confirm", {"agreed": "yes"})
        assert "收到了" in browser.text
        row = (await desk.vault.read(lambda tx: ledger.page(tx, LedgerFilter()))).cases[0]
        await browser.go("/desk/cases")
        assert row.number in browser.text
        assert "王*芳" in browser.text
        await browser.go(f"/desk/cases/{row.case_id}")
        assert "授权委托书" in browser.text
        assert HELPER.name in browser.text, "who took it in, by name"
        assert "王强" not in browser.text
        chief = await open_browser().sign_in("chief")
        await chief.go(f"/desk/cases/{row.case_id}")
        await chief.send("/accept")
        assert "已受理" in chief.text
        await chief.send("/decide", {"outcome": "granted", "reason": "符合"})
        await chief.send("/issue")
        assert "决定书" in chief.text
        await browser.go("/desk")
        assert "去交付" in browser.text
        await browser.go(f"/desk/cases/{row.case_id}")
        await browser.send("/hand_out", {"to": "本人"})
        assert "签名或按手印" in browser.text
        await browser.send("/hand_out", {"to": "本人", "signed": "yes"})
        assert "已办结" in browser.text
        assert station.kicks == 5
        for name in ("receipt", "acceptance", "0"):
            await browser.go(f"/desk/cases/{row.case_id}/papers/{name}")
            assert browser.body.startswith(b"%PDF"), name
        await browser.go(f"/desk/cases/{row.case_id}/papers/notice")
        assert browser.status == 404


async def test_a_township_tells_what_is_missing_once_and_takes_the_correction(township):
    case_id = await taken(township.desk, "YL-0001")
    async with site(township, EVERYBODY, public=False) as open_browser:
        browser = await open_browser().sign_in("clerk")
        assert "待受理" in browser.text
        await browser.go(f"/desk/cases/{case_id}")
        await browser.send("/notice", {"other": ""})
        assert browser.status == 409
        assert "不能是空的" in browser.text
        await browser.send("/notice", {"other": "照片不清楚，请重拍"}, many=[("missing", "m2")])
        assert "待补正" in browser.text
        await browser.go(f"/desk/cases/{case_id}/papers/notice")
        assert browser.body.startswith(b"%PDF")
        await browser.go(f"/desk/cases/{case_id}")
        told = browser.text
        await browser.send("/tell", {})
        assert re.search(
            r'<fieldset id="tell-how" class="wrong">\s*<legend[^>]*>[^<]*</legend>\s*<p', browser.text
        )
        assert 'href="#tell-how"' in browser.text
        await browser.send("/tell", {"how": "phone"})
        assert "已登记告知" in browser.text
        assert "已告知申请人" in browser.text
        assert "<p>notice</p>" not in browser.text, "codes are for programs"
        assert "/tell" not in browser.text, "told once"
        now, browser.text = browser.text, told
        await browser.send("/tell", {"how": "phone"})
        assert "已经登记过告知了" in browser.text
        browser.text = now
        await browser.send("/correct", {}, [("files.m2", b"MZ not a picture")])
        assert "只收照片" in browser.text
        await browser.send("/correct", {"note": "补户口簿"}, [("files.m2", JPEG)])
        assert "补正收齐" in browser.text
        await browser.send("/take_correction")
        assert "已收件" in browser.text
        await browser.go(f"/desk/cases/{case_id}/materials/m2")
        await browser.send("/materials/m2", {"reason": "compare"})
        assert "第1页，共1页" in browser.text
        await browser.go(f"/desk/cases/{case_id}")
        await browser.send("/review", {"opinion": "属实", "favourable": "yes"})
        assert "审核意见已写入" in browser.text
        assert "/review" not in browser.text


async def test_what_is_not_accepted_has_its_notice_to_print_and_nothing_left_to_withdraw(township):
    case_id = await taken(township.desk, "YL-0001")
    async with site(township, EVERYBODY, public=False) as open_browser:
        browser = await open_browser().sign_in("clerk")
        await browser.go(f"/desk/cases/{case_id}/papers/non-acceptance")
        assert browser.status == 404
        await browser.go(f"/desk/cases/{case_id}")
        assert "/ask_withdrawal" in browser.text
        await browser.send("/refuse", {"reason": "户籍不在本县", "whose": "容城县民政局"})
        assert "不予受理通知书" in browser.text
        assert "/ask_withdrawal" not in browser.text
        await browser.go(f"/desk/cases/{case_id}/papers/non-acceptance")
        assert browser.body.startswith(b"%PDF")


async def test_a_withdrawal_is_asked_for_with_a_signature_and_granted_once(township):
    case_id = await taken(township.desk, "YL-0001")
    async with site(township, EVERYBODY, public=False) as open_browser:
        browser = await open_browser().sign_in("clerk")
        await browser.go(f"/desk/cases/{case_id}")
        assert re.search(r'<details class="panel" id="ask_withdrawal"\s*>', browser.text), (
            "folded: seldom meant"
        )
        asking = browser.text
        await browser.send("/ask_withdrawal", {"reason": "家里另有安排"})
        assert "签名或按手印" in browser.text
        assert re.search(r'<details class="panel" id="ask_withdrawal" open', browser.text)
        assert 'id="ask_withdrawal-signed"' in browser.text
        assert "家里另有安排" in browser.text, "what was typed stays"
        await browser.send("/ask_withdrawal", {"reason": "家里另有安排", "signed": "yes"})
        assert "申请人提出了撤回" in browser.text
        assert "/ask_withdrawal" not in browser.text, "asked once"
        now, browser.text = browser.text, asking
        await browser.send("/ask_withdrawal", {"reason": "再要一次", "signed": "yes"})
        assert browser.status == 409, "from a second window"
        browser.text = now
        await browser.send("/refuse_withdrawal", {"reason": ""})
        assert "请写明为什么不能撤回" in browser.text
        await browser.send("/grant_withdrawal")
        assert "已撤回" in browser.text
        assert "/grant_withdrawal" not in browser.text


async def test_two_windows_on_one_case_the_second_is_told_how_it_stands_now(township):
    case_id = await taken(township.desk, "YL-0004")
    async with site(township, EVERYBODY, public=False) as open_browser:
        first, second = await open_browser().sign_in("clerk"), await open_browser().sign_in("chief")
        await first.go(f"/desk/cases/{case_id}")
        await second.go(f"/desk/cases/{case_id}")
        await first.send("/accept")
        await second.send("/accept")
        assert second.status == 409
        assert "不能做这一步" in second.text
        assert "已受理" in second.text


async def test_a_deed_the_account_may_not_do_says_who_can(township):
    case_id = await taken(township.desk, "YL-0004")
    async with site(township, EVERYBODY, public=False) as open_browser:
        browser = await open_browser().sign_in("super")
        await browser.go(f"/desk/cases/{case_id}")
        assert "您的账号不能办理“受理”" in browser.text
        assert f"/desk/cases/{case_id}/accept" not in browser.text
        await browser.go("/desk/apply")
        assert browser.status == 403
        await browser.go("/desk/cases")
        form = {"_token": browser.token()}
        async with browser.client.post(f"/desk/cases/{case_id}/accept", data=form) as answer:
            assert answer.status == 403
        admin = await open_browser().sign_in("admin")
        await admin.go("/desk/cases")
        assert admin.status == 403


async def test_nobody_unknown_gets_past_the_sign_in(township):
    case_id = await taken(township.desk, "YL-0004")
    async with site(township, EVERYBODY, public=False) as open_browser:
        browser = open_browser()
        pages = (
            "/desk",
            "/desk/cases",
            f"/desk/cases/{case_id}",
            f"/desk/cases/{case_id}/papers/receipt",
            "/desk/apply",
        )
        for path in pages:
            await browser.go(path)
            assert browser.path == "/sign-in", path


async def test_names_are_masked_until_a_reason_is_written_down(township):
    case_id = await taken(township.desk, "YL-0004")
    async with site(township, EVERYBODY, public=False) as open_browser:
        browser = await open_browser().sign_in("clerk")
        await browser.go(f"/desk/cases/{case_id}")
        assert "王桂芳" not in browser.text
        await browser.send("/unmask", {"reason": " "})
        assert browser.status == 422
        assert "王桂芳" not in browser.text
        await browser.send("/unmask", {"reason": "核对身份"})
        assert "王桂芳" in browser.text
        looks = await township.desk.vault.read(lambda tx: grants.unmasks(tx, str(case_id)))
        assert [(one.login, one.reason) for one in looks] == [("clerk", "核对身份")]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\"'><svg onload=x>"])
async def test_markup_in_names_and_opinions_is_shown_as_text(township, name):
    case_id = await taken(township.desk, "YL-0004", replace(APPLICANT, name=name, address=name))
    async with site(township, EVERYBODY, public=False) as open_browser:
        browser = await open_browser().sign_in("chief")
        await browser.go("/desk/cases")
        assert name not in browser.text
        await browser.go(f"/desk/cases/{case_id}")
        await browser.send("/unmask", {"reason": "核对"})
        assert name in browser.words
        assert name not in browser.text
        await browser.send("/accept")
        await browser.send("/review", {"opinion": name, "favourable": "yes"})
        assert name in browser.words
        assert name not in browser.text


async def test_a_case_address_that_is_none_is_not_found(township):
    async with site(township, EVERYBODY, public=False) as open_browser:
        browser = await open_browser().sign_in("clerk")
        for path in ("nonsense", "01a1e1f9-b2c3-76ea-8613-f9d56fede0f2"):
            await browser.go(f"/desk/cases/{path}")
            assert browser.status == 404


def row(number: int) -> CaseProjection:
    return CaseProjection(
        CaseRow(
            case_id=str(UUID(int=number)),
            number=f"0417-26-{number:05d}-0",
            item_code="YL-0001",
            item_version="00",
            title="困难残疾人生活补贴",
            applicant=f"王{number}",
            applicant_masked="王*",
            search_text=f"0417-26-{number:05d}-0 困难残疾人生活补贴 王{number}",
            identity_hash=None,
            state=str(State.RECEIVED if number % 2 else State.ACCEPTED),
            custodian=str(TOWNSHIP),
            takings=0,
            moves=0,
            fact_number=1,
            intake_node="130638-0417" if number % 3 else str(TOWNSHIP),
            owner=str(TOWNSHIP),
            audience="township:0101:0417",
            received_on=date(2026, 11, 2),
            updated_ms=number,
            due_on=date(2026, 11, 12 + number % 8),
        )
    )


async def test_a_ledger_of_ten_thousand_rows_is_searched_and_paged_in_a_few_queries(township, monkeypatch):
    await township.desk.vault.write(lambda tx: cases.save(tx, [row(number) for number in range(1, 10_001)]))
    queries: list[str] = []
    for method in ("execute_query", "execute_query_dict"):
        _count(method, queries, monkeypatch)
    async with site(township, EVERYBODY, public=False) as open_browser:
        browser = await open_browser().sign_in("clerk")
        for path, words in {
            "/desk/cases": "共200页",
            "/desk/cases?page=200": "0417-26-00001-0",
            "/desk/cases?q=09999": "0417-26-09999-0",
            "/desk/cases?state=accepted": "共100页",
            "/desk/cases?light=overdue": "已超期",
            "/desk/cases?light=warning": "还剩",
            "/desk/cases?station=130638-0417": "一铺东村",
            "/desk/cases?q=没有这个人": "没有找到",
            "/desk/cases?page=x&state=nonsense&light=purple": "共200页",
        }.items():
            queries.clear()
            await browser.go(path)
            assert browser.status == 200
            assert words in browser.text.replace(" ", "") or words in browser.text, path
            assert 2 <= len(queries) <= 4, path


def _count(method: str, queries: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    real = getattr(StoreTransaction, method)

    async def counted(self: StoreTransaction, query: str, *arguments: object, **named: object) -> object:
        queries.append(query)
        return await real(self, query, *arguments, **named)

    monkeypatch.setattr(StoreTransaction, method, counted)


async def test_an_empty_desk_says_what_will_appear(township):
    async with site(township, EVERYBODY, public=False) as open_browser:
        browser: Browser = await open_browser().sign_in("clerk")
        assert "会出现在这里" in browser.text
        await browser.go("/desk/cases")
        assert "还没有办件" in browser.text
