"""A line that can be cut: a small proxy between two programs on this machine."""

import asyncio
import contextlib
from collections.abc import Callable

_PIECE = 65_536


class Line:
    """Carries connections from its own port to another one of this machine while it is whole."""

    def __init__(self) -> None:
        """Begin closed."""
        self._target = 0
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()
        self.port = 0

    async def open(self, target: int = 0) -> None:
        """Begin to carry to ``target``, by default where it led before; the own port stays the same."""
        self._target = target or self._target
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Cut everything that runs, and refuse what comes."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in list(self._running):
            task.cancel()
        if self._running:
            await asyncio.wait(set(self._running))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._carry(reader, writer))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        try:
            ways = (_pump(reader, far_writer), _pump(far_reader, writer))
            await asyncio.gather(*ways)
        finally:
            _close(far_writer.close)
            _close(writer.close)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
        writer.write_eof()


def _close(close: Callable[[], None]) -> None:
    with contextlib.suppress(OSError):
        close()
