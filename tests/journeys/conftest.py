"""One county of three real programs and one browser for all journeys of a test session."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from demo.county import County
from demo.programs import Program, StoryError
from demo.story import FREE, until
from tests.journeys.visitor import Visitor

_CHROMIUM = "/usr/bin/chromium"
_LOCAL = (
    "--no-sandbox",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
"""The browser knows no other machine either."""

Visit = Callable[..., Awaitable[Visitor]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def county(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[County]:
    """A founded county, its three programs running; nothing of it is left behind."""
    county = County.at(tmp_path_factory.mktemp("county"))
    try:
        await county.found()
        await county.start(hub=FREE, township=FREE, village=FREE)

        async def has_items() -> bool:
            return bool((await county.village.ask("status"))["items"])

        await until("村里拿到事项目录", has_items)
        yield county
    finally:
        await county.line.cut()
        await end(*county.programs)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window."""
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=_CHROMIUM, args=list(_LOCAL))
        try:
            yield browser
        finally:
            await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser) -> AsyncIterator[Visit]:
    """Give people with browsers of their own: each call another one, at an address."""
    async with AsyncExitStack() as stack:

        async def visit(program: Program, **how: Any) -> Visitor:
            context = await chromium.new_context(base_url=program.web, locale="zh-CN", **how)
            stack.push_async_callback(context.close)
            return await Visitor.at(context)

        yield visit


async def end(*programs: Program) -> None:
    """Kill what still runs, whatever state a failed journey left it in."""
    for program in reversed(programs):
        with contextlib.suppress(StoryError, ProcessLookupError):
            await program.kill()
