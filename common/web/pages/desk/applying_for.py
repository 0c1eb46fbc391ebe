"""代办申请: the helper chooses what for, then the same steps as at the kiosk."""

from aiohttp import web

from common.domain.item_search import search, spoken_back
from common.web.office import desk_of
from common.web.pages.applying import drafts
from common.web.pages.applying.way import Way
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.views.applying import ChooseItemView
from common.web.views.public import ItemLink

_LONGEST_QUERY = 60


async def choose(request: web.Request) -> web.StreamResponse:
    """Show what can be applied for, or what of it fits the words typed."""
    desk = desk_of(request)
    typed = request.query.get("q", "").strip()[:_LONGEST_QUERY]
    items = tuple(desk.rules.in_force(desk.clock.today()).values())
    found = search(items, typed) if typed else items
    links = tuple(ItemLink(item.code, item.name, item.department) for item in found)
    return show(request, ChooseItemView(spoken_back(typed), links))


async def begin(way: Way, request: web.Request) -> web.StreamResponse:
    """Begin an application for somebody."""
    draft_id = await drafts.start(desk_of(request), request.match_info["code"], way.owner(request))
    return see_other(f"{way.of(draft_id)}/who")
