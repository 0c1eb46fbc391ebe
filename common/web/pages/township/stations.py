"""村(社区)综合服务站: every village station below this township, and which of them is silent."""

from datetime import datetime
from typing import NamedTuple

from aiohttp import web

from common.domain.grants import Power
from common.domain.node import NodeId, Tier
from common.exchange import backlog
from common.exchange.contacts import Contact, contacts
from common.store import registry
from common.store.engine import Tx
from common.web.context import context_of
from common.web.office import office_of
from common.web.pages.silence import is_silent
from common.web.pages.sizes import clock_words
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.views.network import StationLine, StationsView

STATIONS = "/desk/stations"


class _Known(NamedTuple):
    names: dict[str, str]
    greetings: dict[str, Contact]
    owed: dict[NodeId, int]


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (page("GET", STATIONS, Power.SEE_CASES, _stations),)


async def _stations(request: web.Request) -> web.StreamResponse:
    office, now = office_of(request), context_of(request).now()
    me = office.seat.node
    known = await office.open.read(lambda tx: _known(tx, me))
    lines = sorted(
        (_line(node, name, known, now) for node, name in known.names.items()),
        key=lambda one: (not one.silent, one.node),
    )
    return show(request, StationsView(tuple(lines)))


async def _known(tx: Tx, me: NodeId) -> _Known:
    rows = await registry.certificates(tx, tier=Tier.VILLAGE, parent=str(me))
    names = {row.node: row.name for row in rows if row.revoked_ms is None}
    return _Known(names, await contacts(tx), await backlog.owed(tx, me))


def _line(node: str, name: str, known: _Known, now: datetime) -> StationLine:
    heard = known.greetings.get(node)
    return StationLine(
        name=name,
        node=NodeId(node).digits,
        contact_at=heard.at if heard else None,
        waiting=known.owed.get(NodeId(node), 0),
        clock=clock_words(heard.clock) if heard else "—",
        version=heard.program if heard else "—",
        silent=is_silent(heard.at if heard else None, now),
    )
