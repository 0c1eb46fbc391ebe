"""A relay of TCP connections on loopback that a test cuts at a byte or lets go silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Relay:
    """Passes bytes both ways between whoever dials ``port`` and a server.

    Attributes:
        passes: bytes from the server that still pass before every line is cut; None: all.
        pulled: nothing passes and nothing is cut, as with a pulled cable.
        swallows: everything is taken and nothing passes, as in a box that has lost its way.
    """

    def __init__(self) -> None:
        self.port = 0
        self.passes: int | None = None
        self.pulled = False
        self.swallows = False
        self._writers: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Cut every line at once."""
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def carry(self, source: asyncio.StreamReader, to: asyncio.StreamWriter, counted: bool) -> None:
        """Carry bytes one way until either end is gone."""
        try:
            while data := await source.read(16_384):
                if self.pulled:
                    await asyncio.Event().wait()
                if self.swallows:
                    continue
                if counted and self.passes is not None:
                    data, self.passes = data[: self.passes], self.passes - len(data)
                to.write(data)
                await to.drain()
                if counted and self.passes is not None and self.passes <= 0:
                    self.cut()
            if not self.swallows:
                to.close()
        except ConnectionError:
            to.transport.abort()


@asynccontextmanager
async def relay(server_port: int) -> AsyncIterator[Relay]:
    """Relay inside the block."""
    made = Relay()
    tasks: set[asyncio.Task[None]] = set()

    async def line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", server_port)
        made._writers |= {writer, back}
        tasks.add(asyncio.create_task(made.carry(reader, back, False)))
        tasks.add(asyncio.create_task(made.carry(there, writer, True)))

    listening = await asyncio.start_server(line, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        made.cut()
        await asyncio.gather(*(writer.wait_closed() for writer in made._writers), return_exceptions=True)
