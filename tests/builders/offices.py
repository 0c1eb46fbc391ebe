"""A node of the county with all its pages and real accounts, behind a browser."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

import county_hub.pages
import township_node.pages
import village_station.pages
from common.casework import accounts
from common.casework.accounts import NewAccount
from common.domain.grants import Actor, Role
from common.domain.node import Tier
from common.domain.whereabouts import NOT_YET
from common.link.folder.report import FolderReport
from common.link.folder.visiting import Progress, visit
from common.program.sticks import Sticks
from common.web.access_office import ACCESS, AccessOffice
from common.web.app import make_app
from common.web.context import WebContext
from common.web.network_office import NETWORK, NetworkOffice
from common.web.office import OFFICE, Office
from common.web.pages.access.pages import pages as access_pages
from common.web.pages.desk import pages as desk
from common.web.stick_office import STICKS, StickOffice
from common.web.views.frame import LineView, Site
from tests.builders.county import Box
from tests.builders.sites import Browser

LOGIN, PASSWORD = "wei", "correct horse"
TIERS = {
    Tier.COUNTY: county_hub.pages.make_pages,
    Tier.TOWNSHIP: township_node.pages.make_pages,
    Tier.VILLAGE: village_station.pages.make_pages,
}


@dataclass
class Staffed:
    """A node's pages, and what they asked of the node."""

    box: Box
    recovery: str = ""
    is_locked: bool = False
    kicks: int = 0
    refreshed: int = 0
    line: LineView | None = None
    vault_key: bytes = field(default=b"v" * 32)

    def kick(self) -> None:
        self.kicks += 1

    async def refresh(self) -> None:
        self.refreshed += 1
        await self.box.exchange.refresh()

    async def actor_of(self, login: str) -> Actor | None:
        return None if self.is_locked else await accounts.actor(self.box.desk, login)

    async def line_now(self) -> LineView | None:
        return self.line

    async def add(self, new: NewAccount, password: str) -> None:
        await accounts.add_user(self.box.exchange.open, self.box.vault, new, password, self.vault_key)

    def access(self) -> AccessOffice:
        opened = self.box.exchange.open

        async def sign_in(login: str, password: str) -> None:
            await accounts.sign_in(self.box.desk, login, password)
            self.is_locked = False

        async def recover(typed: str) -> None:
            assert await accounts.recover(opened, typed) == self.vault_key
            self.is_locked = False

        async def set_password(login: str, password: str) -> None:
            await accounts.set_password(opened, login, password, self.vault_key)

        return AccessOffice(lambda: self.is_locked, sign_in, recover, self.add, set_password)

    def sticks(self) -> StickOffice:
        async def exchange(path: Path, progress: Progress) -> FolderReport:
            return await visit(self.box.exchange, path, (), progress)

        self.mounts.touch()
        plugged = Sticks(exchange, self.kick, [self.box.folder], self.mounts)
        return StickOffice(plugged.found, plugged.visit, plugged.start)

    @property
    def mounts(self) -> Path:
        return self.box.folder / "mountinfo"

    def plug_in(self, name: str) -> Path:
        """Mount a stick, as the kernel would tell it."""
        place = self.box.folder / name
        place.mkdir(exist_ok=True)
        self.mounts.write_text(f"31 27 8:1 / {place} rw,nosuid shared:5 - exfat /dev/sdb1 rw\n")
        return place

    def office(self) -> Office:
        async def reaches(cases):
            return dict.fromkeys(cases, (NOT_YET, NOT_YET))

        network = self.box.exchange.network
        return Office(
            seat=self.box.seat,
            open=self.box.exchange.open,
            desk_now=lambda: None if self.is_locked else self.box.desk,
            kick=self.kick,
            reaches=reaches,
            node_name=lambda node: next(
                (cert.name for (one, _), cert in network.certificates.items() if str(one) == node), node
            ),
        )


@asynccontextmanager
async def staffed(box: Box) -> AsyncIterator[tuple[Staffed, Callable[[], Browser]]]:
    """Serve a node's pages inside the block, with one account that may do everything; give new browsers."""
    node = Staffed(box)
    await node.add(NewAccount(LOGIN, "魏主任", frozenset(Role)), PASSWORD)
    node.recovery = await accounts.keep_recovery(box.exchange.open, node.vault_key)
    tier = TIERS[box.seat.tier]
    named = Site(
        box.seat.node.digits, box.seat.tier, box.seat.name, "雄县", tier.places, tier.public, sample=True
    )
    exchange = box.exchange
    context = WebContext(
        lambda: named, b"k" * 32, node.actor_of, node.line_now, exchange.clock.now, sessions=exchange.open
    )
    access = node.access()
    front = () if tier.public else (desk.front(),)
    app = make_app(context, (*front, *access_pages(context, access), *desk.pages(), *tier.pages()))
    app[OFFICE], app[ACCESS] = node.office(), access
    app[NETWORK] = NetworkOffice("192.168.1.10:8022", node.refresh)
    app[STICKS] = node.sticks()
    clients: list[TestClient[web.Request, None]] = []
    async with TestServer(app) as server:

        def browser() -> Browser:
            clients.append(TestClient(server))
            return Browser(cast("TestClient[web.Request, web.Application]", clients[-1]))

        yield node, browser
        for client in clients:
            await client.close()


async def signed_in(browser: Browser) -> Browser:
    """Sign in with the one account."""
    await browser.go("/sign-in")
    await browser.send("/sign-in", {"login": LOGIN, "password": PASSWORD})
    return browser
