"""Style and script come from here, named by their content."""

import re

import pytest

from common.web.app import STATIC
from common.web.static_files import MissingBrowserFileError, load


async def test_a_page_names_files_that_may_be_kept_for_ever(browser):
    text = await (await browser.get("/")).text()
    for path in re.findall(r'"(/static/[^"]+)"', text):
        answer = await browser.get(path)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/static/0000/jiujin.css", "/static/x/../../app.py", "/static/x/%2e%2e/app.py"]
)
async def test_no_other_file_is_served(browser, path):
    assert (await browser.get(path)).status == 404


def test_a_missing_file_says_what_to_run():
    with pytest.raises(MissingBrowserFileError, match="make setup"):
        load(STATIC).url("gone.css")


def test_the_style_sheet_stays_small_and_asks_no_one_else():
    text = (STATIC / "jiujin.css").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 500
    assert "url(" not in text
    assert "@import" not in text
