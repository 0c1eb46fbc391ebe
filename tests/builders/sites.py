"""A node's pages over a real desk, and a browser that fills forms the way people do."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from uuid import UUID

from aiohttp import ClientResponse, FormData, web
from aiohttp.test_utils import TestClient, TestServer

from common.casework.desk import Desk
from common.casework.publishing import keep_catalogue, keep_item, version_of
from common.casework.rules import load_rules
from common.domain.bodies.hub import CataloguePublished, ItemPublished
from common.domain.grants import Actor
from common.domain.item import Item
from common.domain.node import NodeId
from common.domain.routing import Seat
from common.domain.whereabouts import NOT_YET, Reached
from common.store.engine import Tx
from common.web.app import make_app
from common.web.context import WebContext
from common.web.office import OFFICE, Office
from common.web.pages.desk.pages import pages as desk_pages
from common.web.pages.village.pages import pages as village_pages
from common.web.routing import Page
from common.web.signing_in import SignIn
from common.web.views.frame import Place, Site
from tests.builders.cases import VILLAGE
from tests.builders.desks import ITEMS, open_desk
from tests.builders.pictures import document, picture

NAMES = {
    "130638-0001": "雄县政务服务中心",
    "130638-0101": "雄州镇便民服务中心",
    "130638-0417": "一铺东村综合服务站",
}
PLACES = (Place("/desk", "今天", "today"), Place("/desk/cases", "办件", "cases"))
JPEG = picture()
PDF = document("PAGE ONE", "PAGE TWO")


@dataclass
class Node:
    """A node whose box can be locked, whose line is what a test says."""

    desk: Desk
    locked: bool = False
    kicks: int = 0
    reached: dict[UUID, tuple[Reached, Reached]] = field(default_factory=dict)

    def office(self) -> Office:
        """Return what the pages see of it."""

        async def reaches(case_ids: Sequence[UUID]) -> Mapping[UUID, tuple[Reached, Reached]]:
            return {one: self.reached.get(one, (NOT_YET, NOT_YET)) for one in case_ids}

        return Office(
            seat=self.desk.seat,
            open=self.desk.open,
            desk_now=lambda: None if self.locked else self.desk,
            kick=self.kick,
            reaches=reaches,
            node_name=lambda node: NAMES.get(node, node),
        )

    def kick(self) -> None:
        """Count a kick."""
        self.kicks += 1


class _Forms(HTMLParser):
    """The forms of a page: their fields as a browser would send them, and their buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, object]] = []
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({"action": values.get("action", ""), "fields": {}})
        elif self.forms and tag == "textarea":
            self._area = values["name"]
            self._fields[self._area] = ""
        elif self.forms and tag == "input" and values.get("name"):
            ticked = values.get("type") not in {"checkbox", "radio"} or "checked" in values
            if ticked and values.get("type") != "file":
                self._fields[values["name"]] = values.get("value", "on")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._fields[self._area] = self._fields[self._area].strip()
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._fields[self._area] += data

    @property
    def _fields(self) -> dict[str, str]:
        fields = self.forms[-1]["fields"]
        assert isinstance(fields, dict)
        return fields


class Browser:
    """One person's browser: follows redirects, remembers cookies, sends the forms of the page it sees."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self.client = client
        self.path = "/"
        self.status = 0
        self.text = ""
        self.body = b""
        self.headers: Mapping[str, str] = {}

    async def go(self, path: str) -> "Browser":
        """Open a page."""
        async with self.client.get(path) as answer:
            return await self._saw(answer)

    async def send(
        self,
        action: str,
        fields: Mapping[str, str] | None = None,
        files: Sequence[tuple[str, bytes]] = (),
        many: Sequence[tuple[str, str]] = (),
    ) -> "Browser":
        """Send the page's form that goes to ``action`` (its end suffices), some fields changed."""
        form = next(one for one in self._forms() if str(one["action"]).endswith(action))
        kept = form["fields"]
        assert isinstance(kept, dict)
        values: dict[str, str] = {**kept, **(fields or {})}
        data = FormData([*values.items(), *many])
        for name, content in files:
            data.add_field(name, BytesIO(content), filename="王桂芳身份证.jpg", content_type="image/jpeg")
        async with self.client.post(str(form["action"]), data=data) as answer:
            return await self._saw(answer)

    async def sign_in(self, login: str) -> "Browser":
        """Sign in; any password is right."""
        await self.go("/sign-in")
        return await self.send("/sign-in", {"login": login, "password": "right"})

    def token(self) -> str:
        """Return the page's form token."""
        fields = self._forms()[0]["fields"]
        assert isinstance(fields, dict)
        return str(fields["_token"])

    def _forms(self) -> list[dict[str, object]]:
        parser = _Forms()
        parser.feed(self.text)
        return parser.forms

    async def _saw(self, answer: ClientResponse) -> "Browser":
        self.path, self.status, self.headers = answer.url.path, answer.status, answer.headers
        self.body = await answer.read()
        self.text = self.body.decode() if answer.content_type == "text/html" else ""
        return self

    @property
    def words(self) -> str:
        """The page's source with entities read."""
        return unescape(self.text)


@asynccontextmanager
async def site(
    node: Node, accounts: Sequence[Actor] = (), *, public: bool = True
) -> AsyncIterator[Callable[[], Browser]]:
    """Serve a node's pages inside the block and give new browsers."""
    by_login = {actor.login: actor for actor in accounts}

    async def actor_of(login: str) -> Actor | None:
        return by_login.get(login)

    async def line() -> None:
        return None

    async def check(_login: str, _password: str) -> None:
        return None

    seat: Seat = node.desk.seat
    named = Site(seat.node.digits, seat.tier, seat.name, "雄县", PLACES, public=public, sample=True)
    context = WebContext(
        lambda: named, bytes(32), actor_of, line, node.desk.clock.now, sessions=node.desk.open
    )
    pages: tuple[Page, ...] = (*desk_pages(), *SignIn(context, check, lambda: node.locked).pages())
    if public:
        pages = (*pages, *village_pages())
    app = make_app(context, pages)
    app[OFFICE] = node.office()
    clients: list[TestClient[web.Request, web.Application]] = []
    server = TestServer(app)
    await server.start_server()

    def browser() -> Browser:
        client = TestClient(server)
        clients.append(client)
        return Browser(client)

    try:
        yield browser
    finally:
        for client in clients:
            await client.session.close()
        await server.close()


async def village(folder: Path, node: NodeId = VILLAGE) -> Node:
    """Return a node with the sample catalogue, as a station has it from the hub."""
    desk = await open_desk(folder, node)
    await publish(desk, ITEMS, 1)
    return Node(desk)


async def publish(desk: Desk, items: Sequence[Item], number: int) -> None:
    """Bring a published catalogue of these items, newer by its number, to the desk."""

    async def work(tx: Tx) -> None:
        listed = {item.code: version_of(item) for item in items}
        for item in items:
            await keep_item(tx, ItemPublished(listed[item.code], item))
        catalogue = CataloguePublished(f"{number:064x}", number, date(2026, 1, 1), listed)
        await keep_catalogue(tx, desk, catalogue)

    await desk.open.write(work)
    desk.rules = await load_rules(desk.open)
