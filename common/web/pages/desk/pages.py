"""The desk's addresses and the power each needs."""

from functools import partial

from aiohttp import web

from common.domain.grants import Power
from common.web.pages import recovery
from common.web.pages.applying import routes
from common.web.pages.applying.fresh_receipts import FreshReceipts
from common.web.pages.applying.way import Way
from common.web.pages.desk import (
    applying_for,
    case_page,
    deeds,
    ledger,
    papers_here,
    pictures,
    unmask,
    workbench,
)
from common.web.redirect import see_other
from common.web.routing import PUBLIC, SIGNED_IN, Page, page

_CASE = "/desk/cases/{case}"


def front() -> Page:
    """Return the page at ``/`` of a node that villagers do not use: it leads to the desk."""
    return page("GET", "/", PUBLIC, _to_the_desk)


async def _to_the_desk(request: web.Request) -> web.StreamResponse:  # noqa: ARG001 - every handler takes one
    return see_other("/desk")


def pages() -> tuple[Page, ...]:
    """Return the pages; the application needs ``app[OFFICE]``."""
    way = Way("/desk/apply", "/desk", helper=True, fresh=FreshReceipts())
    seen, number = Power.SEE_CASES, "{at:[0-9]{1,3}}"
    return (
        page("GET", "/desk", SIGNED_IN, workbench.workbench),
        page("GET", "/desk/cases", seen, ledger.cases),
        page("GET", _CASE, seen, case_page.case_page),
        page("POST", f"{_CASE}/unmask", seen, unmask.unmask),
        page("GET", f"{_CASE}/materials/{{code}}", seen, pictures.material),
        page("POST", f"{_CASE}/materials/{{code}}", seen, pictures.look),
        page("GET", f"{_CASE}/files/{{code}}/{number}", seen, pictures.picture),
        page("GET", f"{_CASE}/papers/{number}", seen, papers_here.issued_paper),
        page("GET", f"{_CASE}/papers/{{paper:[a-z-]+}}", seen, papers_here.made_paper),
        *deeds.pages(),
        *recovery.pages(),
        page("GET", "/desk/apply", Power.TAKE_IN, applying_for.choose),
        page("POST", "/desk/apply/items/{code}", Power.TAKE_IN, partial(applying_for.begin, way)),
        *routes.pages(way, Power.TAKE_IN),
    )
