"""One case as a signed-in person opened it."""

from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from common.casework import book, grants_known
from common.casework.desk import Desk
from common.casework.errors import UnknownCaseError
from common.domain.case import Case
from common.domain.grants import Actor, Grant
from common.domain.node import NodeId
from common.media.studio import Studio
from common.store.engine import Tx
from common.web.context import signed_in
from common.web.office import Office, desk_of, office_of
from common.web.pages.whereabouts import Standing, standing_of
from common.web.pictures import studio_of


@dataclass(frozen=True, slots=True)
class Opened:
    """The case, who looks, the grants known here (to name who can), and where pictures are developed."""

    office: Office
    desk: Desk
    studio: Studio
    actor: Actor
    standing: Standing
    grants: tuple[Grant, ...]

    @property
    def case_id(self) -> UUID:
        """The case's id."""
        return self.standing.case.case_id

    @property
    def path(self) -> str:
        """The case's address."""
        return f"/desk/cases/{self.case_id}"

    @property
    def at_intake(self) -> bool:
        """Whether this node took the case in."""
        return self.standing.case.intake == self.desk.seat.node

    @property
    def here(self) -> bool:
        """Whether this node has the case in hand."""
        return self.standing.case.custodian == self.desk.seat.node

    def node_name(self, node: NodeId | None) -> str:
        """Return a node's name for people."""
        return self.office.node_name(str(node)) if node else ""


async def open_case(request: web.Request) -> Opened:
    """Return the case of the address.

    Raises:
        HTTPNotFound: the address holds no id, or nothing of the case is here.
    """
    office, desk = office_of(request), desk_of(request)
    try:
        case_id = UUID(request.match_info["case"])
    except ValueError as error:
        raise web.HTTPNotFound from error

    async def work(tx: Tx) -> tuple[Case, tuple[Grant, ...]]:
        return await book.load(tx, case_id), await grants_known.every(tx)

    try:
        case, grants = await desk.vault.read(work)
    except UnknownCaseError as error:
        raise web.HTTPNotFound from error
    return Opened(
        office, desk, studio_of(request), signed_in(request), await standing_of(office, desk, case), grants
    )
