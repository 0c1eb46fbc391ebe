"""A route nobody declared keeps the program from starting."""

import pytest
from aiohttp import web

from common.web.routing import UndeclaredRouteError
from tests.common.web import gallery


async def test_an_undeclared_route_keeps_the_program_from_starting():
    app = gallery.gallery()

    async def forgotten(request):
        return web.Response()

    app.router.add_get("/forgotten", forgotten)
    with pytest.raises(UndeclaredRouteError, match="/forgotten"):
        await web.AppRunner(app).setup()


async def test_head_answers_where_get_does(browser):
    answer = await browser.client.head("/help")
    assert answer.status == 200
    assert await answer.read() == b""


async def test_options_names_what_is_allowed(browser):
    answer = await browser.client.options("/help")
    assert answer.status == 204
    assert set(answer.headers["Allow"].split(",")) == {"GET", "HEAD"}
