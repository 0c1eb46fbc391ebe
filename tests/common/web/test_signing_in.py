"""Signing in: one sentence for every wrong pair, and few tries."""

from datetime import timedelta

import pytest


async def test_signing_in_leads_back_to_the_page_asked_for(browser):
    await browser.get("/sign-in?next=/desk/cases")
    answer = await browser.post("/sign-in", {"login": "zhao", "password": "right", "next": "/desk/cases"})
    assert answer.headers["Location"] == "/desk/cases"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
async def test_nobody_is_sent_elsewhere(browser, elsewhere):
    await browser.get("/sign-in")
    answer = await browser.post("/sign-in", {"login": "zhao", "password": "right", "next": elsewhere})
    assert answer.headers["Location"] == "/"


async def test_a_wrong_password_and_an_unknown_account_sound_alike(browser):
    await browser.get("/sign-in")
    wrong = await (await browser.post("/sign-in", {"login": "zhao", "password": "no"})).text()
    unknown = await (await browser.post("/sign-in", {"login": "zhao2", "password": "no"})).text()
    assert "账号或密码不对" in wrong
    assert wrong.replace("zhao", "") == unknown.replace("zhao2", "")


async def test_the_password_never_comes_back(browser):
    await browser.get("/sign-in")
    text = await (await browser.post("/sign-in", {"login": "zhao", "password": "hunter2hunter2"})).text()
    assert "hunter2" not in text


async def test_after_five_failures_even_the_right_password_waits(browser):
    await browser.get("/sign-in")
    for _ in range(5):
        await browser.post("/sign-in", {"login": "zhao", "password": "no"})
    answer = await browser.post("/sign-in", {"login": "zhao", "password": "right"})
    assert answer.status == 429
    assert "分钟再试" in await answer.text()
    browser.clock.pass_(timedelta(minutes=10))
    assert (await browser.post("/sign-in", {"login": "zhao", "password": "right"})).status == 303


async def test_one_address_cannot_try_every_account(browser):
    await browser.get("/sign-in")
    for at in range(30):
        await browser.post("/sign-in", {"login": f"a{at}", "password": "no"})
    assert (await browser.post("/sign-in", {"login": "zhao", "password": "right"})).status == 429


async def test_signing_in_leaves_nothing_of_the_session_before(browser):
    await browser.get("/sign-in")
    before = browser.token
    await browser.sign_in()
    assert browser.token != before
