"""A lock between processes: its holder may open a database anew and change its tables."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

_TRY_AGAIN_SECONDS = 0.02


@asynccontextmanager
async def file_lock(path: Path) -> AsyncIterator[None]:
    """Hold the lock; wait for another process that has it. A killed holder's lock ends with it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
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
