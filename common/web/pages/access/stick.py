"""U盘: exchange by a stick from the page, where there is no line or it is down for days."""

from aiohttp import web

from common.domain.node import NodeId
from common.link.folder.telling import sentences
from common.web.forms import posted
from common.web.office import office_of
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import SIGNED_IN, Page, page
from common.web.stick_office import StickVisit, sticks_of
from common.web.views.stick import StickChoice, StickShown, StickView

STICK = "/desk/stick"


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (page("GET", STICK, SIGNED_IN, _stick), page("POST", STICK, SIGNED_IN, _start))


async def _stick(request: web.Request) -> web.StreamResponse:
    sticks = sticks_of(request)
    visit = sticks.visit()
    found = tuple(StickChoice(one.name, one.place) for one in sticks.found())
    return show(request, StickView(found, None if visit is None else _shown(request, visit)))


async def _start(request: web.Request) -> web.StreamResponse:
    sticks_of(request).start(posted(request).text("stick"))
    return see_other(STICK)


def _shown(request: web.Request, visit: StickVisit) -> StickShown:
    office, report = office_of(request), visit.report

    def name(node: NodeId) -> str:
        return office.node_name(str(node))

    told = () if visit.running or visit.refusal else tuple(sentences(report, name))
    return StickShown(
        name=visit.stick.name,
        running=visit.running,
        taken=report.parcels_in,
        written=report.parcels_out,
        refusal=visit.refusal,
        told=told,
    )
