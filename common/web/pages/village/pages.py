"""The public addresses of a station: no account, no script needed."""

from functools import partial

from aiohttp import web

from common.web.office import LockedError
from common.web.pages.applying import routes
from common.web.pages.applying.fresh_receipts import FreshReceipts
from common.web.pages.applying.way import Way
from common.web.pages.village import finding_items, progress
from common.web.rendering import show
from common.web.routing import PUBLIC, Handler, Page, page
from common.web.views.signing_in import LockedView

_LOCKED = 503


def pages() -> tuple[Page, ...]:
    """Return the pages; the application needs ``app[OFFICE]``."""
    way = Way("/apply", "/", helper=False, fresh=FreshReceipts())
    guard = progress.Guard()
    declared = (
        page("GET", "/", PUBLIC, finding_items.home),
        page("GET", "/search", PUBLIC, finding_items.find),
        page("GET", "/items/{code}", PUBLIC, finding_items.guide),
        page("POST", "/items/{code}/apply", PUBLIC, partial(finding_items.begin, way)),
        page("GET", "/help", PUBLIC, finding_items.ask_for_help),
        page("GET", "/progress", PUBLIC, progress.ask),
        page("POST", "/progress", PUBLIC, partial(progress.answer, guard)),
        page("GET", "/q/{token}", PUBLIC, progress.by_token),
        *routes.pages(way, PUBLIC),
    )
    return tuple(
        page(one.method, one.path, one.access, _unlocked(one.handler), largest=one.largest)
        for one in declared
    )


def _unlocked(handler: Handler) -> Handler:
    """Return the handler, which sends people to the helper while the box is locked."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except LockedError:
            return show(request, LockedView(), status=_LOCKED)

    return guarded
