"""村(社区)综合服务站: every village station below this township, which needs a look and why."""

from datetime import datetime
from typing import NamedTuple

from aiohttp import web

from common.casework.rules import Rules
from common.domain.grants import Power
from common.domain.node import NodeId
from common.domain.spoken_error import SpokenError
from common.domain.watching import Health
from common.exchange import backlog
from common.exchange.watching import NodeWatched, watch_below
from common.store.engine import Tx
from common.web.context import context_of
from common.web.office import Office, office_of
from common.web.pages import watched
from common.web.pages.sizes import clock_words
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.views.network import StationLine, StationsView

STATIONS = "/desk/stations"
_STATION = f"{STATIONS}/{{number:[0-9]{{4}}}}"
_ORDER = {Health.SILENT: 0, Health.LOOK: 1, Health.FINE: 2}


class UnknownStationError(SpokenError):
    """No station of that number is below this township."""

    def __init__(self) -> None:
        """Say where the numbers are."""
        super().__init__("no such station", "没有这个站，或者它不归本乡镇。请回到“站点”重新选。")


class _Known(NamedTuple):
    stations: list[NodeWatched]
    owed: dict[NodeId, int]


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (
        page("GET", STATIONS, Power.SEE_CASES, _stations),
        page("GET", _STATION, Power.SEE_CASES, _station),
    )


async def _stations(request: web.Request) -> web.StreamResponse:
    office, now = office_of(request), context_of(request).now()
    known = await office.open.read(lambda tx: _known(tx, office, now))
    ordered = sorted(known.stations, key=lambda one: (_ORDER[one.watched.health], one.row.node))
    return show(request, StationsView(tuple(_line(one, known) for one in ordered)))


async def _station(request: web.Request) -> web.StreamResponse:
    """Show one station.

    Raises:
        UnknownStationError: there is none of that number below this township.
    """
    office, now = office_of(request), context_of(request).now()
    node = NodeId.of(office.seat.node.county, int(request.match_info["number"]))
    known = await office.open.read(lambda tx: _known(tx, office, now))
    found = next((one for one in known.stations if one.node == node), None)
    if found is None:
        raise UnknownStationError
    return show(request, watched.page_of(found, office.seat.name, STATIONS))


async def _known(tx: Tx, office: Office, now: datetime) -> _Known:
    desk, me = office.desk_now(), office.seat.node
    rules = desk.rules if desk else Rules()
    return _Known(await watch_below(tx, me, rules, now), await backlog.owed(tx, me))


def _line(one: NodeWatched, known: _Known) -> StationLine:
    found = one.watched
    return StationLine(
        name=one.row.name,
        node=one.node.digits,
        contact_at=found.known.heard,
        waiting=known.owed.get(one.node, 0),
        clock=clock_words(one.greeting.clock) if one.greeting else "—",
        version=one.program or "—",
        state=watched.state_of(found),
        there=watched.there(found),
        told=watched.told_of(found),
        page=f"{STATIONS}/{one.node.digits}",
        silent=found.health is not Health.FINE,
    )
