"""What the page about sticks asks of the node."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from common.domain.spoken_error import SpokenError
from common.link.folder.report import FolderReport


class StickGoneError(SpokenError):
    """The stick chosen is not plugged in any more."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("no such stick", "这只U盘已经拔出了。请插好，等几秒，再选一次。")


@dataclass(frozen=True, slots=True)
class Stick:
    """One stick: what it is called, and where it is mounted."""

    name: str
    place: str


@dataclass(slots=True)
class StickVisit:
    """One exchange with a stick.

    Attributes:
        report: what was done so far.
        refusal: why it could not be done; empty where it could.
    """

    stick: Stick
    report: FolderReport
    running: bool = True
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class StickOffice:
    """The node's side of the page.

    Attributes:
        found: the sticks plugged in now.
        visit: the exchange that runs, or the last one.
        start: begins one with the stick at a place; ``StickGoneError`` where it is gone.
    """

    found: Callable[[], Sequence[Stick]]
    visit: Callable[[], StickVisit | None]
    start: Callable[[str], None]


STICKS: web.AppKey[StickOffice] = web.AppKey("jiujin_sticks", StickOffice)


def sticks_of(request: web.Request) -> StickOffice:
    """Return the node's side of the page about sticks."""
    return request.config_dict[STICKS]
