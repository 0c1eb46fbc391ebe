"""The first run: a wrong code, a dead address, another county, an expired code, and then it works."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from common.casework import accounts
from common.casework.accounts import NewAccount
from common.crypto.invitation import Invitation, parse_code
from common.domain.grants import Role
from common.domain.node import Tier
from common.exchange.enrolment import REFUSALS, EnrolmentError
from common.exchange.network import pin
from common.exchange.standing import Identity, keep_identity
from common.store import accounts as kept
from common.store.engine import Database
from common.web.context import WebContext
from common.web.first_run_office import CountyFound, FirstRunOffice, NotReachedError, StillWaitingError
from common.web.pages.first_run import joining
from common.web.pages.first_run.pages import make_first_run
from common.web.views.frame import Site
from tests.builders.cases import HUB
from tests.builders.county import County, county
from tests.builders.databases import fresh_database
from tests.builders.sites import Browser

FINGERPRINT = bytes(range(16))
CODE = Invitation.create(FINGERPRINT).code()
ADDRESS = "192.168.1.10:8022"
WHO = {"name": "赵红梅", "login": "zhao", "password": "long enough", "again": "long enough"}


@dataclass
class EmptyBox:
    """A box whose upper node says what a test wants."""

    opened: Database
    vault: Database
    land: County
    answers: list[Exception] = field(default_factory=list)
    dead: bool = False
    finished: int = 0

    async def find(self, code: str, _address: str) -> CountyFound:
        parse_code(code)
        if self.dead:
            raise NotReachedError("dead", "连不上上级节点。")
        return CountyFound("130638", "雄县政务服务中心", FINGERPRINT)

    async def enrol(self, _code: str, _address: str) -> None:
        if self.answers:
            raise self.answers.pop(0)
        root, certificate = self.land.root.public(), self.land.certificates[HUB]

        async def work(tx):
            await pin(tx, root, certificate)
            await keep_identity(tx, Identity(HUB, 1, bytes(16), root))

        await self.opened.write(work)

    async def found(self, new: NewAccount, password: str) -> str:
        await accounts.add_user(self.opened, self.vault, new, password, b"v" * 32)
        return await accounts.keep_recovery(self.opened, b"v" * 32)

    def finish(self) -> None:
        self.finished += 1


@pytest.fixture
async def first_run(tmp_path: Path, monkeypatch) -> AsyncIterator[tuple[EmptyBox, Callable[[], Browser]]]:
    monkeypatch.setattr(joining, "_PAUSE_SECONDS", 0.0)
    opened = await fresh_database(tmp_path / "open.db")
    vault = await fresh_database(tmp_path / "vault.db", b"v" * 32)
    (tmp_path / "land").mkdir()
    async with county(tmp_path / "land") as land:
        box = EmptyBox(opened, vault, land)
        site = Site("0000", Tier.VILLAGE, "未加入网络", "")
        context = WebContext(
            lambda: site, b"k" * 32, _nobody, _no_line, lambda: datetime(2026, 11, 22, tzinfo=UTC)
        )
        app = make_first_run(
            context, FirstRunOffice(Tier.VILLAGE, opened, box.find, box.enrol, box.found, box.finish)
        )
        clients: list[TestClient[web.Request, None]] = []
        async with TestServer(app) as server:

            def browser() -> Browser:
                clients.append(TestClient(server))
                return Browser(cast("TestClient[web.Request, web.Application]", clients[-1]))

            yield box, browser
            for client in clients:
                await client.close()
    await opened.close()
    await vault.close()


async def _nobody(_login: str) -> None:
    return None


async def _no_line() -> None:
    return None


async def waited(browser: Browser) -> Browser:
    while "正在开通" in browser.words:
        await browser.go("/first-run/waiting")
    return browser


async def compared(browser: Browser) -> Browser:
    await browser.go("/desk/cases")
    assert browser.path == "/first-run"
    await browser.send("/first-run", {"code": CODE, "address": ADDRESS})
    assert browser.path == "/first-run/compare"
    assert "<span>0001</span><span>0203</span>" in browser.text
    return await browser.send("/compare", {"same": "yes"})


async def test_an_empty_box_becomes_a_station_and_shows_its_code_until_it_is_written_down(first_run):
    box, browsers = first_run
    box.answers = [StillWaitingError(), NotReachedError("dead", "连不上。")]
    browser = await waited(await compared(browsers()))
    assert browser.path == "/first-run/administrator"
    assert "已经加入，本机是" in browser.words
    for wrong, words in (
        ({"password": "short", "again": "short"}, "密码至少要"),
        ({"again": "other one"}, "不一样"),
    ):
        await browser.send("/administrator", WHO | wrong)
        assert browser.status == 400
        assert words in browser.words
    page = browser.text
    await browser.send("/administrator", WHO)
    assert browser.path == "/first-run/recovery"
    shown = browser.text
    browser.text = page
    await browser.send("/administrator", WHO)
    assert browser.text.split('class="code boxed"')[1][:40] == shown.split('class="code boxed"')[1][:40]
    stranger = browsers()
    await stranger.go("/first-run/recovery")
    assert "code boxed" not in stranger.text
    await browser.send("/done")
    assert "开通好了" in browser.words
    await browser.go("/first-run/recovery")
    assert "code boxed" not in browser.text
    assert box.finished == 1
    (row,) = await box.opened.read(kept.every)
    assert set(row.roles) == {Role.ADMINISTRATOR, Role.HELPER}


async def test_a_wrong_code_and_a_dead_address_are_told_by_their_field(first_run):
    box, browsers = first_run
    browser = browsers()
    await browser.go("/first-run")
    await browser.send("/first-run", {"code": "", "address": ""})
    assert "请输入县里给的邀请码" in browser.words
    await browser.send("/first-run", {"code": "ABCDE", "address": ADDRESS})
    assert browser.status == 400
    assert 'href="#code"' in browser.text
    box.dead = True
    await browser.send("/first-run", {"code": CODE, "address": ADDRESS})
    assert 'href="#address"' in browser.text
    assert "连不上上级节点" in browser.words


async def test_an_expired_code_leads_back_to_the_code(first_run):
    box, browsers = first_run
    box.answers = [EnrolmentError("enrolment refused: code_expired", REFUSALS["code_expired"])]
    browser = await waited(await compared(browsers()))
    assert browser.status == 400
    assert "邀请码已过期" in browser.words
    assert ADDRESS in browser.text


async def test_another_fingerprint_stops_before_anything_is_sent(first_run):
    _, browsers = first_run
    browser = browsers()
    await browser.go("/first-run")
    await browser.send("/first-run", {"code": CODE, "address": ADDRESS})
    await browser.send("/compare", {"same": "no"})
    assert "没有向对方发送任何内容" in browser.words
    await browser.go("/first-run/waiting")
    assert browser.path == "/first-run"
