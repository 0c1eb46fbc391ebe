"""What the pages of the first run ask of an empty box; they are an application of their own until then."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from common.casework.accounts import NewAccount
from common.domain.node import Tier
from common.domain.spoken_error import SpokenError
from common.store.engine import Database


class StillWaitingError(SpokenError):
    """The request is handed over and the hub has not answered yet: it is asked again, nothing is lost."""

    def __init__(self) -> None:
        """Say that nobody has to do anything."""
        super().__init__(
            "no answer yet", "申请已交给上级，县里还没有答复。县里的线路通了就会接着办，不用重新申请。"
        )


class NotReachedError(SpokenError):
    """The line to the upper node could not be used; the sentence is the line's own."""


class NobodyThereError(NotReachedError):
    """Nobody answers at the address that was typed."""

    def __init__(self) -> None:
        """Say what to check; nothing was sent."""
        super().__init__(
            "nobody answers at the address",
            "连不上这个地址：请核对地址，再看看网线插好没有、对方开机没有。没有发送任何内容。",
        )


@dataclass(frozen=True, slots=True)
class CountyFound:
    """Who answered at the address, held against the code before anything was sent to it.

    Attributes:
        county: six digits.
        name: what the hub's certificate calls itself.
        fingerprint: 16 bytes of the county root.
    """

    county: str
    name: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class FirstRunOffice:
    """An empty township's or village's box; every refusal is a spoken error.

    Attributes:
        tier: of the program that runs.
        opened: the open database: whether the box is enrolled and has an account is read from it.
        find: takes code and HOST:PORT; asks who is there and sends nothing. A line that cannot be used is a
            :class:`NotReachedError`.
        enrol: takes code and HOST:PORT; returns once the box is enrolled. :class:`StillWaitingError` when the
            answer did not come within its patience (a minute at most) and :class:`NotReachedError` are tried
            again: called again, it goes on. Any other refusal is for good.
        found: makes the first administrator with a password and returns the recovery code, shown once.
        finish: called when the code is written down; the pages of the node take the place of these.
    """

    tier: Tier
    opened: Database
    find: Callable[[str, str], Awaitable[CountyFound]]
    enrol: Callable[[str, str], Awaitable[None]]
    found: Callable[[NewAccount, str], Awaitable[str]]
    finish: Callable[[], None]


FIRST_RUN: web.AppKey[FirstRunOffice] = web.AppKey("jiujin_first_run", FirstRunOffice)


def first_run_of(request: web.Request) -> FirstRunOffice:
    """Return the empty box."""
    return request.config_dict[FIRST_RUN]
