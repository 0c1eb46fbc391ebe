"""Sign-in, the recovery code, accounts and the line at a village station."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from common.casework import receive
from common.casework.accounts import SHORTEST_PASSWORD
from common.domain.node import NodeId
from common.store import accounts
from tests.builders.cases import application
from tests.builders.county import County, county
from tests.builders.desks import HELPER
from tests.builders.offices import LOGIN, PASSWORD, Staffed, signed_in, staffed
from tests.builders.sites import Browser

Opened = tuple[Staffed, Callable[[], Browser], County]
OTHER = {"login": LOGIN, "password": "one long word", "again": "one long word"}
NEW = {"name": "赵红梅", "login": "zhao", "password": "long enough", "again": "long enough"}


@pytest.fixture
async def village(tmp_path: Path) -> AsyncIterator[Opened]:
    async with county(tmp_path) as land, staffed(land.village) as (node, browsers):
        yield node, browsers, land


async def test_the_recovery_code_opens_a_locked_box_and_gives_a_new_password(village: Opened) -> None:
    node, browsers, _ = village
    node.is_locked = True
    browser = browsers()
    await browser.go("/unlock/password")
    assert browser.status == 409
    await browser.go("/unlock")
    await browser.send("/unlock", {"code": "WRONG"})
    assert (browser.status, node.is_locked) == (403, True)
    await browser.send("/unlock", {"code": node.recovery.lower().replace("-", " ")})
    assert (browser.path, node.is_locked) == ("/unlock/password", False)
    await browser.send("/unlock/password", OTHER | {"again": "another one"})
    assert "两次输的密码不一样" in browser.words
    await browser.send("/unlock/password", OTHER)
    assert browser.path == "/sign-in"
    await browser.send("/sign-in", {"login": LOGIN, "password": PASSWORD})
    assert browser.status == 403
    await browser.send("/sign-in", {"login": LOGIN, "password": "one long word"})
    await browser.go("/desk/accounts")
    assert "魏主任" in browser.words


async def test_an_account_is_added_once_and_only_well(village: Opened) -> None:
    node, browsers, _ = village
    browser = await signed_in(browsers())
    for wrong, words in (
        ({"password": "short", "again": "short"}, f"密码至少要{SHORTEST_PASSWORD}个字"),
        ({"again": "something else"}, "两次输的密码不一样"),
        ({"login": "赵"}, "账号名只能用小写字母"),
    ):
        await browser.go("/desk/accounts/add")
        await browser.send("/add", NEW | wrong, many=[("roles", "helper")])
        assert browser.status == 400
        assert words in browser.words
        assert "short" not in browser.words
    await browser.go("/desk/accounts/add")
    await browser.send("/add", NEW | {"login": "Zhao", "again": "another"}, many=[("roles", "helper")])
    assert {'href="#login"', 'href="#again"'} <= set(re.findall(r'href="#\w+"', browser.text)), "all at once"
    await browser.go("/desk/accounts/add")
    await browser.send("/add", NEW)
    assert re.search(r'<fieldset id="roles" class="wrong">.*?请至少给账号一个角色', browser.words, re.DOTALL)
    page = browser.text
    await browser.send("/add", NEW, many=[("roles", "helper"), ("roles", "chief")])
    assert "账号已经建好" in browser.words
    browser.text = page
    await browser.send("/add", NEW, many=[("roles", "helper")])
    assert "这个账号名已经有了" in browser.words
    row = await node.box.exchange.open.read(lambda tx: accounts.find(tx, "zhao"))
    assert row is not None
    assert row.roles == ["helper"]  # a chief has no work at a village


async def test_the_line_says_what_waits_until_the_township_has_it(village: Opened) -> None:
    node, browsers, land = village
    await land.settle(1)
    browser = await signed_in(browsers())
    await browser.go("/desk/sync")
    assert "都送到了" in browser.words
    await receive.receive(land.village.desk, HELPER, application(item="YL-0002"))
    township = NodeId(str(land.township.node))
    await land.meet(land.village, land.township, dies_after=2_000)
    await browser.go("/desk/sync")
    assert "本站办的" in browser.words
    assert land.township.seat.name in browser.words or str(township) in browser.words
    await land.settle(1)
    await browser.go("/desk/sync")
    assert "都送到了" in browser.words
    token = browser.token()
    async with browser.client.post("/desk/sync/retry", data={"_token": token}) as answer:
        assert "正在重试" in await answer.text()
    assert node.kicks == 1
