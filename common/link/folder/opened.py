"""A folder opened for one visit: its directory held, its lock taken where it can be written."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from common.link.folder.errors import FolderError, FolderFullError, ReadOnlyFolderError
from common.link.folder.layout import TOP
from common.link.folder.lock import FolderLock
from common.link.folder.medium import Drawer


class NotADirectoryHereError(FolderError):
    """A link or a file stands where the folder should be."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "JIUJIN is no directory", "这里的 JIUJIN 不是一个普通目录，没有读取也没有写入。请删除它后再试。"
        )


@dataclass(frozen=True, slots=True)
class OpenFolder:
    """An open folder.

    Attributes:
        top: the directory ``JIUJIN``.
        lock: held while it is open; None where it cannot be written or has no room.
        read_only: whether it cannot be written.
    """

    top: Drawer
    lock: FolderLock | None
    read_only: bool

    async def touch(self) -> None:
        """Say that its holder still works; a lock lost meanwhile is a ``FolderBusyError``."""
        if self.lock is not None:
            await asyncio.to_thread(self.lock.touch)


@asynccontextmanager
async def folder_opened(path: Path, node: str, now: datetime) -> AsyncIterator[OpenFolder]:
    """Open the folder in a directory inside the block; what is wrong with it is a ``FolderError``.

    Args:
        path: the directory a person named: the stick.
        node: who opens it, empty before it is enrolled.
        now: by the device's clock, for whoever reads the lock.
    """
    folder = await asyncio.to_thread(_open, path, node, now)
    try:
        yield folder
    finally:
        await asyncio.to_thread(_close, folder)


def _open(path: Path, node: str, now: datetime) -> OpenFolder:
    outside = Drawer.open(str(path))
    try:
        top = outside.drawer(TOP, make=True)
    finally:
        outside.close()
    if top is None:
        raise NotADirectoryHereError
    lock = FolderLock(top, node, now)
    try:
        lock.take()
    except ReadOnlyFolderError:
        return OpenFolder(top, None, read_only=True)
    except FolderFullError:
        return OpenFolder(top, None, read_only=False)
    except BaseException:
        top.close()
        raise
    return OpenFolder(top, lock, read_only=False)


def _close(folder: OpenFolder) -> None:
    if folder.lock is not None:
        folder.lock.release()
    folder.top.close()
