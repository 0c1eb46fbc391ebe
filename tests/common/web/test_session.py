"""A session is short, ends for good, and belongs to an account that still exists."""

from datetime import timedelta
from http.cookies import BaseCookie

from aiohttp.test_utils import TestClient, TestServer

from tests.common.web import gallery
from tests.common.web.conftest import Browser


async def test_an_idle_session_is_over(browser):
    await browser.sign_in()
    browser.clock.pass_(timedelta(minutes=14))
    assert (await browser.get("/desk")).status == 200
    browser.clock.pass_(timedelta(minutes=16))
    assert (await browser.get("/desk")).status == 303


async def test_the_bar_that_asks_by_itself_keeps_nobody_signed_in(browser):
    await browser.sign_in()
    for _ in range(4):
        browser.clock.pass_(timedelta(minutes=5))
        answer = await browser.get("/desk/line")
    assert answer.status == 303


async def test_a_copied_cookie_is_worth_nothing_after_signing_out(browser):
    await browser.sign_in()
    copied = {name: morsel.value for name, morsel in _cookies(browser).items()}
    assert (await browser.post("/sign-out")).status == 303
    answer = await browser.client.get("/desk", cookies=copied, allow_redirects=False)
    assert answer.status == 303


async def test_two_processes_of_a_node_answer_for_the_same_session_until_it_is_signed_out(browser, elsewhere):
    await browser.sign_in()
    copied = {name: morsel.value for name, morsel in _cookies(browser).items()}

    async def status() -> int:
        answer = await elsewhere.client.get("/desk", cookies=copied, allow_redirects=False)
        return int(answer.status)

    assert await status() == 200
    await browser.post("/sign-out")
    assert await status() == 303


async def test_the_cookie_is_hidden_from_scripts_and_bears_the_node(browser):
    answer = await browser.get("/progress")
    morsel = answer.cookies["jiujin_0417"]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert "zhao" not in morsel.value


async def test_an_account_that_is_gone_is_signed_out(browser, monkeypatch):
    await browser.sign_in()
    monkeypatch.setattr(gallery, "HELPER", None)
    assert (await browser.get("/desk")).status == 303


async def test_another_nodes_cookie_opens_nothing():
    async with TestClient(TestServer(gallery.gallery())) as client:
        answer = await client.get("/desk", cookies={"jiujin_0417": "forged"}, allow_redirects=False)
        assert answer.status == 303


def _cookies(browser: Browser) -> BaseCookie[str]:
    return browser.client.session.cookie_jar.filter_cookies(browser.client.make_url("/"))
