"""Sticks that are plugged in, and the exchange a page asked for: one at a time, its progress and its end."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from common.domain.spoken_error import SpokenError
from common.link.folder.report import FolderReport
from common.link.folder.visiting import Progress
from common.store.errors import StoreError
from common.web.stick_office import Stick, StickGoneError, StickVisit

VisitFolder = Callable[[Path, Progress], Awaitable[FolderReport]]
MOUNTS = Path("/proc/self/mountinfo")
_OCTAL = re.compile(r"\\([0-7]{3})")
_PLACE = 4
"""Which word of a line of mountinfo is the mount point (proc(5))."""


def mounted_below(mounts: str, parents: Iterable[Path]) -> list[Path]:
    """Return the mount points below these directories, of a text as ``/proc/self/mountinfo`` has it.

    A directory nothing is mounted on is none: what was written there would stay on this machine's disk.
    """
    places = [Path(_OCTAL.sub(_character, line.split(" ")[_PLACE])) for line in mounts.splitlines()]
    below = {place for place in places for parent in parents if parent in place.parents}
    return sorted(below)


def _character(octal: re.Match[str]) -> str:
    return chr(int(octal.group(1), 8))


class Sticks:
    """The sticks of this machine; a visit goes on when whoever asked for it looks at another page."""

    def __init__(
        self, exchange: VisitFolder, done: Callable[[], None], parents: Iterable[Path], mounts: Path = MOUNTS
    ) -> None:
        """Take the node's side.

        Args:
            exchange: visits a folder.
            done: called after each visit.
            parents: directories below which sticks are mounted.
            mounts: a file as ``/proc/self/mountinfo``.
        """
        self._exchange, self._done = exchange, done
        self._parents, self._mounts = tuple(parents), mounts
        self._visit: StickVisit | None = None
        self._task: asyncio.Task[None] | None = None

    def found(self) -> list[Stick]:
        """Return the sticks plugged in now."""
        mounts = mounted_below(self._mounts.read_text(encoding="utf-8"), self._parents)
        return [Stick(path.name, str(path)) for path in mounts]

    def visit(self) -> StickVisit | None:
        """Return the visit that runs, or the last one; None before the first."""
        return self._visit

    def start(self, place: str) -> None:
        """Begin to exchange with a stick; while one visit runs a second is not begun.

        Raises:
            StickGoneError: it is not plugged in.
        """
        if self._task is not None and not self._task.done():
            return
        stick = next((one for one in self.found() if one.place == place), None)
        if stick is None:
            raise StickGoneError
        self._visit = visit = StickVisit(stick, FolderReport())
        self._task = asyncio.create_task(self._run(visit))

    async def _run(self, visit: StickVisit) -> None:
        def progress(report: FolderReport) -> None:
            visit.report = report

        try:
            visit.report = await self._exchange(Path(visit.stick.place), progress)
        except (SpokenError, StoreError) as error:
            visit.refusal = error.sentence
        finally:
            visit.running = False
            self._done()
