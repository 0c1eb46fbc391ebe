"""依法删除: which cases were erased by order, and which nodes have and have not said so."""

from aiohttp import web

from common.casework.erasures import Erasure, erasures
from common.domain.bodies.hub import GROUND_NAMES
from common.domain.grants import Power
from common.domain.sentence import Sentence, listed
from common.web.office import Office, desk_of, office_of
from common.web.pages.desk.ledger import ERASURES
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.views.casework import ErasedCase, ErasuresView

MOST = 200
"""The newest ones; the command ``case erased`` lists all."""


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (page("GET", ERASURES, Power.ERASE, _erasures),)


async def _erasures(request: web.Request) -> web.StreamResponse:
    office = office_of(request)
    found = await desk_of(request).vault.read(erasures)
    return show(request, ErasuresView(tuple(_case(office, one) for one in found[:MOST])))


def _case(office: Office, one: Erasure) -> ErasedCase:
    return ErasedCase(
        number=one.number,
        on=one.order.on,
        ground=Sentence(GROUND_NAMES[one.order.ground]),
        by=listed((one.order.by.shown, one.order.second.shown)),
        done=listed(office.node_name(str(node)) for node, done in one.nodes if done),
        waiting=listed(office.node_name(str(node)) for node in one.waiting),
    )
