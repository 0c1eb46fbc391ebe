"""A ferry directory watched: a round in which nothing changed, here or there, costs a look and no more."""

import asyncio
import os
import time
from hashlib import sha256
from itertools import islice
from pathlib import Path

from common.exchange.exchange import Exchange
from common.exchange.inventory import take_inventory
from common.link.folder.layout import LETTERS, NODES, PARCELS, TOP
from common.link.folder.limits import LISTED_MAX
from common.link.folder.lock import NAME
from common.link.folder.medium import TEMPORARY
from common.link.folder.report import FolderReport
from common.store import letters
from common.store.engine import Tx

AT_LEAST_EVERY = 600.0
"""Seconds after which a directory is visited though it looks the same: FAT tells times by two seconds."""
_Look = tuple[bytes, bytes]


class FerryWatch:
    """Remembers how each directory looked before the last visit that had nothing to write there."""

    def __init__(self) -> None:
        self._quiet: dict[Path, tuple[_Look, float]] = {}

    async def look(self, exchange: Exchange, path: Path) -> _Look | None:
        """Return how the directory and this node look now, None where nothing has changed."""
        looked = await _look(exchange, path)
        before, since = self._quiet.get(path, (None, 0.0))
        return None if looked == before and time.monotonic() - since < AT_LEAST_EVERY else looked

    def note(self, path: Path, looked: _Look, report: FolderReport) -> None:
        """Remember a look taken before a visit: what came after it changes the look again."""
        if report.changed_folder:
            self._quiet.pop(path, None)
        else:
            self._quiet[path] = looked, time.monotonic()


async def _look(exchange: Exchange, path: Path) -> _Look:
    mine = await take_inventory(exchange, exchange.node)
    waiting = await exchange.open.read(_letters)
    here = sha256(mine.digest() + b"".join([*mine.lacking, *waiting])).digest()
    return await asyncio.to_thread(_listing, path / TOP), here


async def _letters(tx: Tx) -> list[bytes]:
    return [row.name for state in ("waiting", "answer") for row in await letters.in_state(tx, state)]


def _listing(top: Path) -> bytes:
    """Return a digest of the names, sizes and times there; empty where it cannot be listed."""
    seen = sha256()
    folders = [top, top / NODES, top / LETTERS, top / PARCELS]
    try:
        with os.scandir(top / PARCELS) as found:
            folders += [Path(entry.path) for entry in islice(found, LISTED_MAX)]
    except OSError:
        return b""
    lines = []
    for folder in folders:
        try:
            with os.scandir(folder) as found:
                for entry in islice(found, LISTED_MAX):
                    if entry.name != NAME and not entry.name.endswith(TEMPORARY):
                        status = entry.stat(follow_symlinks=False)
                        size = -1 if entry.is_dir(follow_symlinks=False) else status.st_size
                        changed = 0 if size < 0 else status.st_mtime_ns
                        lines.append(f"{entry.path}\0{size}\0{changed}")
        except OSError:
            continue
    for line in sorted(lines):
        seen.update(line.encode(errors="surrogateescape") + b"\0")
    return seen.digest()
