"""One way to apply, and what every step of it works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from common.casework.desk import Desk
from common.casework.errors import AlreadyHandedInError
from common.domain.application import Application
from common.domain.item import Item
from common.domain.node import Tier
from common.web.context import signed_in
from common.web.office import desk_of
from common.web.pages.applying import drafts
from common.web.pages.applying.fresh_receipts import FreshReceipts
from common.web.redirect import see_other
from common.web.routing import Handler
from common.web.views.applying import Draft


@dataclass(frozen=True, slots=True)
class Way:
    """A villager's way or a helper's.

    Attributes:
        path: where its addresses begin, ``/apply`` or ``/desk/apply``.
        home: where it ends.
        fresh: receipts handed over just now.
    """

    path: str
    home: str
    helper: bool
    fresh: FreshReceipts

    def of(self, draft_id: str) -> str:
        """Return where a draft's addresses begin."""
        return f"{self.path}/{draft_id}"

    def owner(self, request: web.Request) -> str:
        """Return who keeps the drafts begun this way."""
        return signed_in(request).login if self.helper else ""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A step's surroundings: the draft as it is now and its item as it is open today."""

    request: web.Request
    way: Way
    desk: Desk
    draft_id: str
    application: Application
    item: Item

    @property
    def path(self) -> str:
        """Where this draft's addresses begin."""
        return self.way.of(self.draft_id)

    def shown(self) -> Draft:
        """Return what stands over every step."""
        return Draft(
            path=self.path,
            item=self.item.name,
            decides=self.item.authority,
            helper=self.way.helper,
            lawful=self.item.lawful_receiver or self.desk.seat.tier is not Tier.VILLAGE,
            sample=self.item.sample,
        )


Step = Callable[[Sitting], Awaitable[web.StreamResponse]]


def step(way: Way, work: Step) -> Handler:
    """Return the page of one step; a draft that is a case already leads to its receipt.

    An item closed meanwhile is an ``ItemClosedError``: the draft stays.
    """

    async def open_step(request: web.Request) -> web.StreamResponse:
        desk = desk_of(request)
        row = await drafts.find(desk, request.match_info["draft"], helper=way.helper)
        if row.confirmed_case is not None:
            return see_other(f"{way.of(row.id)}/receipt")
        _, item = desk.rules.to_apply_for(row.item, desk.clock.today())
        application = drafts.application_of(row)
        try:
            return await work(Sitting(request, way, desk, row.id, application, item))
        except AlreadyHandedInError:
            return see_other(f"{way.of(row.id)}/receipt")

    return open_step
