"""Locks between processes on files: to open a database anew, and to claim pieces of work."""

import asyncio
import fcntl
import os
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

_TRY_AGAIN_SECONDS = 0.02
_OPEN = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
_FLOCK = "hhqqi0q"
"""C's ``struct flock``: type, whence, start, length, process."""


@asynccontextmanager
async def file_lock(path: Path) -> AsyncIterator[None]:
    """Hold the lock; wait for another process that has it. A killed holder's lock ends with it."""
    handle = os.open(path, _OPEN, 0o600)
    try:
        # Polled: a thread waiting in flock could not be cancelled and would take the lock for nobody.
        while not _taken(handle):  # noqa: ASYNC110
            await asyncio.sleep(_TRY_AGAIN_SECONDS)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def claimed_byte(path: Path, number: int) -> Iterator[bool]:
    """Say whether the file's byte of that number is ours as long as the block; nothing is written there."""
    handle = os.open(path, _OPEN, 0o600)
    try:
        yield _byte_taken(handle, number)
    finally:
        os.close(handle)


def _byte_taken(handle: int, number: int) -> bool:
    # Of the open file, not of the process: two opened in one process exclude each other as well.
    wanted = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, number, 1, 0)
    try:
        fcntl.fcntl(handle, fcntl.F_OFD_SETLK, wanted)
    except (BlockingIOError, PermissionError):
        return False
    return True
