"""Every page renders, carries its token, and runs nothing of its own."""

import re
from html.parser import HTMLParser

import pytest

from common.web.rendering import TEMPLATES
from common.web.translation import english
from tests.common.web import samples

PATHS = [f"/{name}" for name in samples.PUBLIC] + [f"/desk/{name}" for name in samples.STAFF]


class Reader(HTMLParser):
    """Finds what a strict policy would refuse, and forms without a token."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []
        self.untokened: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.form = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        inside = tag == "script" and "src" not in given
        if tag == "style" or inside or "style" in given or any(name.startswith("on") for name in given):
            self.refused.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "form" and given.get("method") == "post":
            self.form = given["action"]
        if tag == "input" and given.get("name") == "_token" and given["value"]:
            self.form = ""

    def handle_endtag(self, tag):
        if tag == "form" and self.form:
            self.untokened.append(self.form)
            self.form = ""


@pytest.mark.parametrize("path", PATHS)
async def test_every_page_renders_with_tokens_and_nothing_inline(browser, path):
    await browser.sign_in()
    answer = await browser.get(path)
    text = await answer.text()
    assert answer.status == 200
    reader = Reader()
    reader.feed(text)
    assert reader.refused == []
    assert reader.untokened == []
    assert len(reader.ids) == len(set(reader.ids))
    assert '<html lang="zh-CN"' in text


@pytest.mark.parametrize("path", PATHS)
async def test_every_page_speaks_english_when_asked(browser, path):
    await browser.sign_in()
    await browser.get("/language/en?back=/")
    text = await (await browser.get(path)).text()
    assert '<html lang="en"' in text
    assert "Skip to content" in text


def test_every_sentence_of_a_template_is_in_the_dictionary():
    lacking = set()
    for template in sorted(TEMPLATES.rglob("*.html")):
        for sentence in re.findall(r'_\(\s*"([^"]+)"', template.read_text(encoding="utf-8")):
            if sentence not in english():
                lacking.add(f"{template.name}: {sentence}")
    assert sorted(lacking) == []


async def test_what_was_typed_is_shown_and_never_run(browser):
    await browser.get("/sign-in")
    answer = await browser.post("/sign-in", {"login": '"><script>alert(1)</script>', "password": "no"})
    text = await answer.text()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


async def test_large_type_is_a_link_away(browser):
    answer = await browser.get("/type/large?back=/help")
    assert answer.headers["Location"] == "/help"
    assert 'class="public large"' in await (await browser.get("/")).text()


async def test_the_bar_tells_a_cut_line_calmly(browser):
    await browser.sign_in()
    text = await (await browser.get("/desk/line")).text()
    assert "线路正常" in text
    assert "<html" not in text
