"""A form from elsewhere changes nothing."""

import pytest


async def test_a_form_with_its_token_is_taken(browser):
    await browser.get("/help")
    await browser.get("/progress")
    answer = await browser.post("/echo", {"a": "一"})
    assert (await answer.json())["fields"]["a"] == "一"


@pytest.mark.parametrize("token", ["", "wrong", "错"])
async def test_a_form_without_this_sessions_token_is_refused_with_a_page(browser, token):
    await browser.get("/progress")
    browser.token = token
    answer = await browser.post("/echo", {"a": "1"})
    assert answer.status == 403
    assert "之前保存的内容没有丢" in await answer.text()


async def test_an_empty_token_never_matches_a_fresh_session(browser):
    answer = await browser.post("/echo", {"a": "1"})
    assert answer.status == 403


async def test_the_header_of_partial_pages_counts_as_the_token(browser):
    await browser.get("/progress")
    token, browser.token = browser.token, ""
    answer = await browser.post("/echo", {"a": "1"}, headers={"X-CSRF-Token": token})
    assert answer.status == 200


async def test_another_site_is_refused_even_with_the_token(browser):
    await browser.get("/progress")
    answer = await browser.post("/echo", {"a": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 403
