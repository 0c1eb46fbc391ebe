"""A box whose certificate ended says so, since when, and who has to do what: on its page and at the shell."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import ClientSession, CookieJar

from common.casework.accounts import NewAccount
from common.crypto.certificates import HubCertificate, NodeCertificate, issue
from common.crypto.keyring import AuthorityKeys, NodeKeys
from common.crypto.public_keys import PublicKeys
from common.crypto.root import CountyRoot
from common.domain.chinese_text import date_text
from common.domain.grants import Role
from common.domain.node import NodeId, Tier
from common.domain.times import china_day
from common.exchange.network import admit, pin
from common.exchange.standing import Identity, keep_identity
from common.program import house_accounts
from common.program.certificate_ended import ended_at
from common.program.directory import NodeDirectory
from common.program.founding import found_node
from common.program.house import House
from common.program.serving import Addresses, serving
from common.store.engine import Tx
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE
from tests.builders.sites import Browser
from village_station.pages import make_pages

NOW = datetime.now(UTC)
LAST_WEEK, NEXT_YEAR = NOW - timedelta(days=7), NOW + timedelta(days=365)
LOGIN, PASSWORD = "zhao", "correct horse"


class Authority:
    """The county that certifies the box and its township, and answers no line."""

    def __init__(self) -> None:
        self.root, self.keys, self.authority = (
            CountyRoot.create(),
            NodeKeys.generate(),
            AuthorityKeys.generate(),
        )

    def hub(self) -> bytes:
        public = self.keys.public()
        return self.root.certify_hub(
            HubCertificate(
                node=HUB, generation=1, epoch=bytes(16), order=1, name="雄县政务服务中心",
                signing=public.signing, sealing=public.sealing,
                transport=public.transport, receipt=public.receipt,
                authority=self.authority.authority.public(),
                ssh_authority=self.authority.ssh_authority.public(), valid_from=NOW - timedelta(days=500),
            )
        )  # fmt: skip

    def node(self, node: NodeId, tier: Tier, public: PublicKeys, parent: NodeId, until: datetime) -> bytes:
        divisions = ("130638100",) if tier is Tier.TOWNSHIP else ("130638100203",)
        return issue(
            self.authority.authority,
            NodeCertificate(
                node=node, generation=1, tier=tier, name="一铺东村综合服务站", parent=parent,
                divisions=divisions, signing=public.signing, sealing=public.sealing,
                transport=public.transport, receipt=public.receipt,
                valid_from=until - timedelta(days=365), valid_until=until, serial=1,
            ),
        )  # fmt: skip


async def enrolled(folder: Path, until: datetime) -> NodeDirectory:
    """Return a village's directory: certified until then, one account, nothing to reach its township by."""
    directory, county = NodeDirectory(folder), Authority()
    await found_node(directory, Tier.VILLAGE)
    house = await House.open(directory, Tier.VILLAGE)
    mine = house.node_keys().public()
    township = county.node(TOWNSHIP, Tier.TOWNSHIP, NodeKeys.generate().public(), HUB, NEXT_YEAR)

    async def work(tx: Tx) -> None:
        network = await pin(tx, county.root.public(), county.hub())
        network = await admit(tx, network, township)
        await admit(tx, network, county.node(VILLAGE, Tier.VILLAGE, mine, TOWNSHIP, until))
        await keep_identity(tx, Identity(VILLAGE, 1, bytes(15) + b"\1", county.root.public()))

    await house.opened.write(work)
    await house.settle()
    await house_accounts.add_user(house, NewAccount(LOGIN, "赵帮办", frozenset({Role.HELPER})), PASSWORD)
    await house.close()
    return directory


@asynccontextmanager
async def served(directory: NodeDirectory) -> AsyncIterator[tuple[House, Browser]]:
    house = await House.open(directory, Tier.VILLAGE)
    try:
        async with (
            serving(house, Addresses("127.0.0.1:0"), make_pages) as where,
            ClientSession(f"http://{where.web}", cookie_jar=CookieJar(unsafe=True)) as session,
        ):
            yield house, Browser(cast("Any", session))
    finally:
        await house.close()


async def test_a_locked_box_whose_certificate_ended_says_so_and_who_opens_it(tmp_path: Path) -> None:
    directory = await enrolled(tmp_path / "village", LAST_WEEK)
    day = date_text(china_day(LAST_WEEK))
    async with served(directory) as (house, browser):
        await browser.go("/sign-in")
        assert f"证书也在{day}到期了" in browser.words
        assert "帮办员或别的工作人员登录解锁" in browser.words
        assert "照常往上送" not in browser.words, "it is not sent now"
        await browser.go("/language/en?back=/sign-in")
        assert f"its certificate ended on {china_day(LAST_WEEK)}" in browser.words
        await browser.send("/sign-in", {"login": LOGIN, "password": PASSWORD})
        assert house.desk is not None
        await browser.go("/language/zh-CN?back=/desk/sync")
        assert f"本机的证书{day}到期了，线路一通就自动续期" in browser.words


async def test_a_locked_box_with_a_good_certificate_says_only_that_it_is_locked(tmp_path: Path) -> None:
    directory = await enrolled(tmp_path / "village", NEXT_YEAR)
    async with served(directory) as (house, browser):
        assert await ended_at(house) is None
        await browser.go("/sign-in")
        assert "照常往上送" in browser.words
        assert "到期" not in browser.words


async def test_a_clock_that_is_wrong_does_not_call_a_certificate_ended(tmp_path: Path) -> None:
    directory = await enrolled(tmp_path / "village", LAST_WEEK)
    house = await House.open(directory, Tier.VILLAGE)
    assert await ended_at(house) == LAST_WEEK.replace(microsecond=0)
    house.clock.measure(house.clock.now() - timedelta(days=30), timedelta(seconds=1))
    assert await ended_at(house) is None
    await house.close()


@pytest.mark.parametrize(("until", "ended"), [(LAST_WEEK, True), (NEXT_YEAR, False)])
async def test_status_says_how_long_the_certificate_holds(
    tmp_path: Path, until: datetime, *, ended: bool
) -> None:
    directory = await enrolled(tmp_path / "village", until)
    told = await status_of(directory)
    day = date_text(china_day(until))
    assert (f"证书 {day}已经到期" in told, f"证书 有效到{day}" in told) == (ended, not ended)
    assert ("登录解锁" in told) is ended
    value = json.loads(await status_of(directory, "--json"))
    assert value["certificate_ended"] is ended


async def status_of(directory: NodeDirectory, *words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "village_station", "status", "--data", str(directory.path), *words),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()
