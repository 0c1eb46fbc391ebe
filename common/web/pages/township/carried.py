"""转送: what lies here sealed for others: whose, for whom, how much, since when; never what is in it."""

from aiohttp import web

from common.domain.grants import Power
from common.domain.times import from_milliseconds
from common.exchange import backlog
from common.exchange.backlog import Lying
from common.web.office import Office, office_of
from common.web.pages.sizes import size_text
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.views.network import CarriedLine, CarriedView

CARRIED = "/desk/carried"


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (page("GET", CARRIED, Power.SEE_CASES, _carried),)


async def _carried(request: web.Request) -> web.StreamResponse:
    office = office_of(request)
    lying = await office.open.read(lambda tx: backlog.carried(tx, office.seat.node))
    oldest_first = sorted(lying, key=lambda one: one.parcels.oldest_ms)
    return show(request, CarriedView(tuple(_line(office, one) for one in oldest_first)))


def _line(office: Office, one: Lying) -> CarriedLine:
    return CarriedLine(
        sender=office.node_name(str(one.writer)),
        receiver=office.node_name(str(one.reader)),
        count=one.parcels.count,
        size=size_text(one.parcels.size),
        since=from_milliseconds(one.parcels.oldest_ms),
    )
