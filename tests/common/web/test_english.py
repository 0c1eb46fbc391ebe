"""Every page of the three tiers, opened in English and its forms sent empty, says nothing in Chinese."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from common.casework import accept, decide, notice, receive, review
from common.casework.publishing import give_grant
from common.domain.application import Agent, Application, MaterialGiven, Person
from common.domain.bodies.facts import MissingThing, Outcome
from common.domain.bodies.hub import GrantGiven
from common.domain.divisions import load_divisions
from common.domain.grants import GRANTED
from common.domain.node import Tier
from common.exchange.checkpoints import make_checkpoint
from common.web.translation import english
from common.web.views.frame import LineView
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE
from tests.builders.county import NEIGHBOUR, Box, County, county
from tests.builders.desks import CHIEF, CLERK, HELPER, ITEMS, OFFICE, REVIEWER, seat_of
from tests.builders.offices import LOGIN, Staffed, signed_in, staffed
from tests.builders.sites import Browser
from tests.builders.words import HAN

APPLICANT = Person("王桂芳", "11010519491231002X", "13800001234", "一铺东村12号", "儿子王强")
AGENT = Agent(Person("王强", "11010519491231002X", ""), "儿子", "授权委托书")
BY_HAND = ("王桂芳", "王*芳", "魏主任", "主任", "一铺东村12号", "儿子", "授权委托书", "属实", "先生")
NAMES = sorted(
    {
        *BY_HAND,
        *(words for text in english().values() for words in re.findall(f"[{HAN}]+", text)),
        *(seat_of(node).name for node in (HUB, TOWNSHIP, VILLAGE, NEIGHBOUR)),
        *(one.name for one in load_divisions().by_code.values()),
        *(name for item in ITEMS for name in (item.name, item.department, *(m.name for m in item.materials))),
    },
    key=len,
    reverse=True,
)
"""What stays Chinese in every language: names of items, materials, divisions and persons, and their words."""
CHINESE = re.compile(f"[{HAN}，。：；？！（）、]+")
NOT_WALKED = ("/language/", "/type/", "/static/", "/sign-out")
SHOWN = {"placeholder", "aria-label", "title", "alt", "data-label"}


class Reader(HTMLParser):
    """Collects what a person sees or hears of a page in its own language, and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.forms: list[str] = []
        self._foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.said += [value for name, value in given.items() if name in SHOWN]
        if given.get("lang") == "zh-CN" or tag == "textarea" or self._foreign:
            self._foreign += [tag] if tag not in {"input", "br", "img", "meta", "link", "wbr"} else []
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"])
        if tag == "form" and given.get("method") == "post":
            self.forms.append(given["action"])

    def handle_endtag(self, tag: str) -> None:
        if self._foreign and self._foreign[-1] == tag:
            self._foreign.pop()

    def handle_data(self, data: str) -> None:
        if not self._foreign:
            self.said.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    return reader


def chinese_in(text: str) -> str:
    """Return what a page says in Chinese besides names."""
    said = "\n".join(read(text).said)
    for name in NAMES:
        said = said.replace(name, "")
    return " ".join(CHINESE.findall(said))


async def walked(browser: Browser, *starts: str) -> dict[str, str]:
    """Open every page that leads on from some, then send each form as it stands; return what is Chinese."""
    found, waiting, seen, sent = dict[str, str](), list(starts), set(starts), set[str]()
    forms = dict[str, str]()
    while waiting or forms:
        if waiting:
            path = waiting.pop()
            await browser.go(path)
            found[path] = chinese_in(browser.text)
        else:
            action, path = forms.popitem()
            sent.add(action)
            await browser.go(path)
            if action not in read(browser.text).forms:
                continue
            await browser.send(action)
            found[f"POST {action}"] = chinese_in(browser.text)
        page = read(browser.text)
        forms |= {
            one: browser.path for one in page.forms if one not in sent and not one.startswith(NOT_WALKED)
        }
        new = [one for one in page.links if one not in seen and not one.startswith(NOT_WALKED)]
        seen.update(new)
        waiting += new
    return found


def granted(box: Box) -> GrantGiven:
    """Return a grant for everything to the account that opens the pages."""
    everything = tuple(sorted(GRANTED))
    return GrantGiven(
        box.node.digits * 3, str(box.node), LOGIN, "魏主任", "主任", everything, ("*",), date(2026, 1, 1)
    )


@pytest.fixture
async def land(tmp_path: Path) -> AsyncIterator[County]:
    """A county with cases in many states, every tier with something to do."""
    async with county(tmp_path, (VILLAGE, NEIGHBOUR)) as built:
        for box in built.boxes.values():
            await give_grant(built.hub.desk, OFFICE, granted(box))
        assert await make_checkpoint(built.hub.exchange)
        await built.settle()
        village, township, hub = (one.desk for one in (built.village, built.township, built.hub))
        whole = tuple(MaterialGiven(code, 1, original_seen=True) for code in ("m1", "m2"))
        lacking = (MaterialGiven("m1", 2),)
        cases = []
        for item, materials, agent in (
            ("YL-0001", whole, AGENT),
            ("YL-0001", lacking, None),
            ("YL-0002", (), None),
            ("YL-0003", (), None),
            ("YL-0003", (), None),
        ):
            given = Application(
                item, APPLICANT, agent=agent, answers={"note": "属实"}, materials=materials, insisted=True
            )
            cases.append((await receive.receive(village, HELPER, given)).case_id)
        await built.settle()
        await review.review(township, CLERK, cases[0], "属实", favourable=True)
        await notice.give_notice(township, CLERK, cases[1], (MissingThing("m2", "户口簿"),))
        await accept.accept(village, CLERK, cases[3])
        await decide.decide(village, CHIEF, cases[3], Outcome.REFUSED, "属实")
        await built.settle()
        await accept.accept(hub, CLERK, cases[2])
        await review.review(hub, REVIEWER, cases[2], "属实", favourable=True)
        await built.settle()
        yield built


@asynccontextmanager
async def in_english(box: Box) -> AsyncIterator[tuple[Staffed, Browser]]:
    async with staffed(box) as (node, browsers):
        browser = browsers()
        await browser.go("/language/en?back=/")
        yield node, browser


@pytest.mark.parametrize("tier", list(Tier))
async def test_every_page_of_a_tier_is_english_when_asked(land: County, tier: Tier) -> None:
    box = {Tier.COUNTY: land.hub, Tier.TOWNSHIP: land.township, Tier.VILLAGE: land.village}[tier]
    async with in_english(box) as (node, browser):
        node.line = LineView(up=False, to="县里", synced_at=None, waiting=3, retry="/desk/sync/retry")
        found = await walked(browser, "/", "/sign-in", "/progress", "/no-such-page", "/unlock")
        await signed_in(browser)
        found |= await walked(browser, "/desk", "/desk/sync", "/desk/accounts", "/desk/catalogue/calendar")
    assert len(found) > 20
    assert {path: words for path, words in found.items() if words} == {}
