"""Names of a folder in slices, as many as one visit looks at; never all in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from itertools import islice

from common.link.folder.limits import LISTED_MAX
from common.link.folder.medium import Drawer
from common.link.folder.report import FolderReport

_SLICE = 500


class Walk:
    """Counts the names a visit looks at, over all its folders."""

    def __init__(self, report: FolderReport, most: int = LISTED_MAX) -> None:
        self._report, self._left = report, most

    async def slices(self, drawer: Drawer) -> AsyncIterator[list[str]]:
        """Yield the names in a folder; what is beyond the limit is told and left."""
        with closing(drawer.names()) as names:
            while True:
                size = min(_SLICE, self._left)
                found = await asyncio.to_thread(lambda size=size: list(islice(names, size)))  # type: ignore[misc]
                self._left -= len(found)
                if found:
                    yield found
                if len(found) < size:
                    return
                if not self._left:
                    self._report.too_many = True
                    return


@asynccontextmanager
async def drawer_opened(parent: Drawer, name: str, *, make: bool = False) -> AsyncIterator[Drawer | None]:
    """Open a folder in a folder inside the block; None where there is none, errors as ``Drawer.drawer``."""
    drawer = await asyncio.to_thread(lambda: parent.drawer(name, make=make))
    try:
        yield drawer
    finally:
        if drawer is not None:
            drawer.close()
