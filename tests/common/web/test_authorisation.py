"""Pages open by the power their route declares, and no other way."""

import pytest


async def test_a_stranger_is_sent_to_sign_in_and_back(browser):
    answer = await browser.get("/desk/cases")
    assert answer.status == 303
    assert answer.headers["Location"] == "/sign-in?next=%2Fdesk%2Fcases"


async def test_a_part_of_a_page_is_never_swapped_for_the_sign_in_page(browser):
    answer = await browser.get("/desk/line", headers={"HX-Request": "true"})
    assert answer.status == 401


async def test_the_power_of_the_page_is_needed_and_named(browser):
    await browser.sign_in()
    assert (await browser.get("/cases-only")).status == 200
    answer = await browser.get("/nodes-only")
    assert answer.status == 403
    assert "管理站点" in await answer.text()


async def test_the_rail_shows_only_what_opens(browser):
    await browser.sign_in()
    text = await (await browser.get("/desk")).text()
    assert 'href="/desk/cases"' in text
    assert 'href="/desk/nodes"' not in text


@pytest.mark.parametrize("path", ["/desk", "/desk/case", "/cases-only"])
async def test_nothing_of_staff_is_public(browser, path):
    assert (await browser.get(path)).status == 303
