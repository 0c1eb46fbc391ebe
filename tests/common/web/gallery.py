"""Every page with sample content, to look at: ``python -m tests.common.web.gallery 8499``."""

import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from common.domain.grants import Actor, Power, Role
from common.domain.node import Tier
from common.web import session
from common.web.app import make_app
from common.web.context import WebContext
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import PUBLIC, SIGNED_IN, Handler, Page, page
from common.web.signing_in import SignIn, WrongPasswordError
from common.web.views.frame import LineView, Place, Site, View
from tests.common.web import samples

PLACES = (
    Place("/desk", "今天", "today"),
    Place("/desk/apply", "代办申请", "apply", Power.TAKE_IN),
    Place("/desk/cases", "办件", "cases", Power.SEE_CASES),
    Place("/desk/sync", "同步", "sync"),
    Place("/desk/nodes", "站点", "nodes", Power.KEEP_NODES),
)
SITE = Site("0417", Tier.VILLAGE, "西昝村综合服务站", "雄县", PLACES, public=True, sample=True)
HELPER = Actor("zhao", "赵红梅", frozenset({Role.HELPER}))


async def helper_only(login: str) -> Actor | None:
    """Know one account."""
    return HELPER if login == "zhao" else None


async def check(login: str, password: str) -> None:
    """Take one password."""
    if (login, password) != ("zhao", "right"):
        raise WrongPasswordError


def line_of(view: LineView) -> Callable[[], Awaitable[LineView | None]]:
    async def line() -> LineView | None:
        return view

    return line


def context(now: Callable[[], datetime] = lambda: samples.NOW, line: LineView = samples.LINE) -> WebContext:
    """Return a node's side of the pages, with a clock that can be moved."""
    return WebContext(lambda: SITE, b"k" * 32, helper_only, line_of(line), now)


def _page_of(path: str, view: View, access: Any) -> Page:
    async def handler(request: web.Request) -> web.StreamResponse:
        return show(request, view)

    return page("GET", path, access, handler)


async def _begin(request: web.Request) -> web.StreamResponse:
    await session.begin(request, "zhao")
    return see_other("/desk")


def gallery(*more: Page, given: WebContext | None = None) -> web.Application:
    """Return the application with a page for every sample: ``/`` public, ``/desk/`` signed in."""
    given = given or context()
    signing = SignIn(given, check, lambda: False)
    pages = [_page_of(f"/{name}", view, PUBLIC) for name, view in samples.PUBLIC.items()]
    pages += [_page_of(f"/desk/{name}", view, SIGNED_IN) for name, view in samples.STAFF.items()]
    pages += [
        _page_of("/", samples.PUBLIC["home"], PUBLIC),
        _page_of("/desk", samples.STAFF["today"], SIGNED_IN),
    ]
    begin: Handler = _begin
    pages.append(page("GET", "/as-helper", PUBLIC, begin))
    return make_app(given, (*pages, *signing.pages(), *more))


if __name__ == "__main__":
    cut = len(sys.argv) > 2 and sys.argv[2] == "cut"
    web.run_app(
        gallery(given=context(line=samples.CUT if cut else samples.LINE)),
        host="127.0.0.1",
        port=int(sys.argv[1]),
    )
