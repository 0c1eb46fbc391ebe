"""A browser without a screen over the gallery, with a clock that can be moved."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from common.domain.grants import Power
from common.domain.spoken_error import SpokenError
from common.web.context import WebContext
from common.web.forms import posted
from common.web.routing import PUBLIC, page
from tests.builders.databases import fresh_database
from tests.common.web import gallery, samples


@dataclass
class Clock:
    """A clock moved by hand."""

    at: datetime = samples.NOW

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, span: timedelta) -> None:
        self.at += span


@dataclass
class Browser:
    """Opens pages and posts their forms with the token they carry."""

    client: TestClient[web.Request, web.Application]
    clock: Clock
    token: str = ""
    seen: list[str] = field(default_factory=list)

    async def get(self, path: str, **named) -> ClientResponse:
        answer = await self.client.get(path, allow_redirects=False, **named)
        found = re.search(r'name="_token" value="([^"]+)"', await answer.text())
        self.token = found[1] if found else self.token
        return answer

    async def post(self, path: str, data=None, **named) -> ClientResponse:
        form = {"_token": self.token, **(data or {})}
        return await self.client.post(path, data=form, allow_redirects=False, **named)

    async def sign_in(self) -> None:
        await self.get("/sign-in")
        answer = await self.post("/sign-in", {"login": "zhao", "password": "right"})
        assert answer.status == 303
        await self.get("/desk")


async def _echo(request):
    form = posted(request)
    return web.json_response({"fields": form.values(), "files": [one.content.decode() for one in form.files]})


async def _spoken(request):
    raise SpokenError("in English", "这件事已经办过了，不用再办。")


async def _broken(request):
    raise RuntimeError("王秀芳 110105194912310021")


EXTRA = (
    page("POST", "/echo", PUBLIC, _echo, largest=4096),
    page("GET", "/spoken", PUBLIC, _spoken),
    page("GET", "/broken", PUBLIC, _broken),
    page("GET", "/nodes-only", Power.KEEP_NODES, _echo),
    page("GET", "/cases-only", Power.SEE_CASES, _echo),
)


@pytest.fixture
async def context(tmp_path: Path) -> AsyncIterator[WebContext]:
    database = await fresh_database(tmp_path / "open.db")
    yield replace(gallery.context(Clock()), sessions=database)
    await database.close()


async def _browser(context: WebContext) -> AsyncIterator[Browser]:
    app = gallery.gallery(*EXTRA, given=context)
    async with TestClient(TestServer(app)) as client:
        yield Browser(client, cast("Clock", context.now))


@pytest.fixture
async def browser(context: WebContext) -> AsyncIterator[Browser]:
    async for one in _browser(context):
        yield one


@pytest.fixture
async def elsewhere(context: WebContext) -> AsyncIterator[Browser]:
    """Another browser, at another process of the same node."""
    async for one in _browser(context):
        yield one
