"""A line between two nodes whose bytes are counted, and that may be slow, far and cut."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_PIECE = 16 * 1024
_SMALL = 1024
"""Bytes of a piece on a slow line."""


@dataclass
class Relay:
    """Passes bytes on between whoever dials ``port`` and a port of loopback.

    Attributes:
        target: where it passes bytes to.
        rate: bytes a second each way; None: as fast as it goes.
        delay: seconds a byte is on its way, each way.
        passed: bytes passed, both ways together.
        port: where it listens.
    """

    target: int
    rate: float | None = None
    delay: float = 0.0
    passed: int = 0
    port: int = 0
    cut: bool = False
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _lines: set[asyncio.Task[None]] = field(default_factory=set)
    _mark: int = 2**63
    _marked: asyncio.Event = field(default_factory=asyncio.Event)

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on one connection, both ways, until it ends."""
        line = asyncio.create_task(self._line(reader, writer))
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.cut:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        self._writers |= {writer, back}
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        self._writers -= {writer, back}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.rate is None and not self.delay:
            await self._at_once(reader, writer)
        else:
            await self._on_its_way(reader, writer)
        writer.close()

    async def _at_once(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(_PIECE):
                self._count(data)
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            return

    async def _on_its_way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A piece leaves when the line is free, and is there a delay later."""
        on_its_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)

        async def arrive() -> None:
            while True:
                due, data = await on_its_way.get()
                if not data:
                    return
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                if not writer.is_closing():  # a cut line loses what was on its way
                    with contextlib.suppress(ConnectionError):
                        writer.write(data)
                        await writer.drain()

        arriving = asyncio.create_task(arrive())
        free = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while (data := await reader.read(_SMALL)) and not writer.is_closing():
                self._count(data)
                free = max(free, time.monotonic()) + (len(data) / self.rate if self.rate else 0.0)
                await on_its_way.put((free + self.delay, data))
                await asyncio.sleep(max(0.0, free - time.monotonic()))
        await on_its_way.put((0.0, b""))
        await arriving

    def _count(self, data: bytes) -> None:
        self.passed += len(data)
        if self.passed >= self._mark:
            self._marked.set()

    async def when_passed(self, size: int) -> None:
        """Wait until that many bytes have passed."""
        self._mark = size
        self._count(b"")
        await self._marked.wait()

    def cut_now(self) -> None:
        """Cut every line; nobody is let in until ``mend``."""
        self.cut = True
        for writer in self._writers:
            writer.transport.abort()

    async def end(self) -> None:
        """Cut every line and wait until nothing of it is left."""
        self.cut_now()
        await asyncio.gather(*self._lines)

    def mend(self) -> None:
        """Let lines through again."""
        self.cut = False


@asynccontextmanager
async def relay(target: int, *, rate: float | None = None, delay: float = 0.0) -> AsyncIterator[Relay]:
    """Relay inside the block."""
    made = Relay(target, rate, delay)
    async with await asyncio.start_server(made.accept, "127.0.0.1", 0) as server:
        made.port = server.sockets[0].getsockname()[1]
        yield made
        await made.end()
