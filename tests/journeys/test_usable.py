"""The check of pages finds what it is for."""

import pytest
from playwright.async_api import Browser

from tests.journeys.usable import usable

_BAD = """<!DOCTYPE html><html><title>t</title><body style="margin: 0"><h1>一</h1><h1>二</h1>
<p style="color: #aaa; background: #fff">灰</p><input name="bare" style="height: 60px">
<button style="width: 20px; height: 20px; padding: 0">小</button><a href="/">\u200b </a>
<p id="same">甲</p><p id="same" style="width: 3000px">乙</p></body></html>"""
_FOUND = ("language", "first headings", "wider", "two things", "no label", "contrast", "20x20")


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.xdist_group("journeys")
async def test_what_is_small_grey_nameless_or_too_wide_is_found(chromium: Browser) -> None:
    page = await chromium.new_page()
    await page.set_content(_BAD)
    wrong = " / ".join(await usable(page))
    await page.close()
    for words in _FOUND:
        assert words in wrong
