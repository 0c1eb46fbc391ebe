"""Home, search and guide: what one can apply for here."""

from aiohttp import web

from common.casework.errors import ItemClosedError, UnknownItemError
from common.domain.item_search import search, spoken_back
from common.web.office import desk_of
from common.web.pages.applying import drafts
from common.web.pages.applying.way import Way
from common.web.pages.village.published import link, most_used, rules_of, today
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.views.public import GuideView, HelpView, HomeView, SearchView

_LONGEST_QUERY = 60


async def home(request: web.Request) -> web.StreamResponse:
    """Ask what somebody wants done."""
    return show(request, HomeView(await most_used(request)))


async def find(request: web.Request) -> web.StreamResponse:
    """Show what fits the words typed; the most used where nothing does."""
    typed = request.query.get("q", "").strip()[:_LONGEST_QUERY]
    items = (await rules_of(request)).in_force(today(request)).values()
    found = tuple(link(item) for item in search(items, typed)) if typed else ()
    suggestions = () if found else await most_used(request)
    return show(request, SearchView(spoken_back(typed), found, suggestions))


async def guide(request: web.Request) -> web.StreamResponse:
    """Show one item as a guide; one that is closed says so.

    Raises:
        HTTPNotFound: no such item was ever published here.
    """
    rules, day, code = await rules_of(request), today(request), request.match_info["code"]
    closed = ""
    try:
        _, item = rules.to_apply_for(code, day)
    except ItemClosedError:
        item = next(one for (held, _), one in reversed(rules.versions.items()) if held == code)
        closed = "这个事项现在不接收申请了，请选择其他事项。"
    except UnknownItemError as error:
        raise web.HTTPNotFound from error
    return show(request, GuideView(item, item.authority, collect="", closed=closed))


async def begin(way: Way, request: web.Request) -> web.StreamResponse:
    """Begin an application."""
    draft_id = await drafts.start(desk_of(request), request.match_info["code"], way.owner(request))
    return see_other(f"{way.of(draft_id)}/who")


async def ask_for_help(request: web.Request) -> web.StreamResponse:
    """Say whom to ask."""
    return show(request, HelpView())
