"""What the pages of cases work with: the desk while the box is unlocked, and the exchange behind it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from common.casework.desk import Desk
from common.domain.routing import Seat
from common.domain.spoken_error import SpokenError
from common.domain.whereabouts import Reached
from common.store.engine import Database

Reaches = Mapping[UUID, tuple[Reached, Reached]]
"""By case: what signed receipts say of the township and of the county."""


class LockedError(SpokenError):
    """The box is locked: nothing can be read, taking in waits for the helper's sign-in."""

    def __init__(self) -> None:
        """Say what is still going on and what to do."""
        super().__init__(
            "the box is locked",
            "本机断电重启后还锁着：已收的件会照常送出。请帮办员先登录解锁，再办理。",
        )


@dataclass(frozen=True, slots=True)
class Office:
    """The node's side of the case pages.

    Attributes:
        seat: who and where the node is.
        open: the database that is never locked.
        desk_now: the desk, or None while the box is locked.
        kick: called after every write, so that it is sealed and sent at once.
        reaches: where the nodes' signed receipts say these cases are.
        node_name: a node's name for people.
    """

    seat: Seat
    open: Database
    desk_now: Callable[[], Desk | None]
    kick: Callable[[], None]
    reaches: Callable[[Sequence[UUID]], Awaitable[Reaches]]
    node_name: Callable[[str], str]


OFFICE: web.AppKey[Office] = web.AppKey("jiujin_office", Office)


def office_of(request: web.Request) -> Office:
    """Return the node's side of the case pages."""
    return request.config_dict[OFFICE]


def desk_of(request: web.Request) -> Desk:
    """Return the desk.

    Raises:
        LockedError: the box is locked.
    """
    desk = office_of(request).desk_now()
    if desk is None:
        raise LockedError
    return desk
