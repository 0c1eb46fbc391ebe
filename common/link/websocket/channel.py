"""A WebSocket as a stream of bytes, with back-pressure and our own keepalive (docs/spec/websocket.md §1)."""

import asyncio
import contextlib
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Literal

import aiohttp
from aiohttp import web

from common.domain.node import NodeId
from common.link.errors import LineLostError
from common.link.limits import (
    CLOSE_SECONDS,
    KEEPALIVE_COUNT,
    KEEPALIVE_SECONDS,
    READ_BUFFER,
    WRITE_BUFFER,
)
from common.link.websocket.limits import MAX_MESSAGE, MAX_UNSENT, MOST_UNHEARD

WebSocket = aiohttp.ClientWebSocketResponse[Literal[True]] | web.WebSocketResponse[Literal[True]]

_GOODBYE = int(aiohttp.WSCloseCode.OK).to_bytes(2)


class WebSocketChannel:
    """One open WebSocket: read, write, close. One reader and one writer at a time.

    Messages are taken off the line as they come, so that pings are answered while the reader is busy;
    from ``READ_BUFFER`` bytes on the line waits for the reader.
    """

    def __init__(self, line: WebSocket, transport: asyncio.Transport, node: NodeId | None) -> None:
        """Take an open WebSocket and begin to read it.

        Args:
            line: without automatic answers to pings and closes.
            transport: of the TLS connection below.
            node: the peer's id, for errors only.
        """
        self._line, self._transport, self._node = line, transport, node
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._over = self._leaving = self._parted = False
        self._readable, self._room = asyncio.Event(), asyncio.Event()
        self._room.set()
        self._heard = self._sent = True
        self._control: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None
        transport.set_write_buffer_limits(high=WRITE_BUFFER)
        bottom = transport.get_extra_info("socket")
        # What waits in the system's own buffers would hold up pings and their answers on a slow line.
        bottom.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MAX_UNSENT)
        self._pumping = asyncio.create_task(self._pump())
        self._keeping = asyncio.create_task(self._keep_alive())

    async def read(self) -> bytes:
        """Return the next bytes, at most one message's; ``b""`` when the peer ended or the line is lost."""
        while not self._chunks and not self._over:
            self._readable.clear()
            await self._readable.wait()
        if not self._chunks:
            return b""
        chunk = self._chunks.popleft()
        self._held -= len(chunk)
        if self._held <= READ_BUFFER // 2:
            self._room.set()
        return chunk

    async def write(self, data: bytes) -> None:
        """Send bytes; returns once at most ``WRITE_BUFFER`` of all that was written still waits.

        Raises:
            LineLostError: the line is cut or closed; what was not sent is gone.
        """
        for start in range(0, len(data), MAX_MESSAGE):
            if self._over or self._leaving:
                raise LineLostError(self._node, "write on a closed line")
            try:
                await self._line.send_bytes(data[start : start + MAX_MESSAGE])
            except ConnectionError as error:
                raise LineLostError(self._node, "the line was cut while writing") from error
            self._sent = True
            # A line that was cut swallows writes until the loop has been told: let it be told.
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Send what still waits, then close; a peer that does not answer in ``CLOSE_SECONDS`` is dropped.

        What the peer still sends is read and thrown away: unread, it would make the system cut the line
        before the peer has what was sent to it.
        """
        self._leaving = True
        self._room.set()
        try:
            await self._say_goodbye()
            await asyncio.wait({self._pumping})
        finally:
            await self._let_go()

    def owns(self, session: aiohttp.ClientSession) -> None:
        """Close ``session`` together with this channel."""
        self._session = session

    def drop(self) -> None:
        """Cut the line at once."""
        self._transport.abort()

    async def _pump(self) -> None:
        try:
            while self._take(await self._line.receive()):
                await self._room.wait()
        finally:
            self._over = True
            self._keeping.cancel()
            self._readable.set()
        await self._say_goodbye()

    def _take(self, message: aiohttp.WSMessage) -> bool:
        """Take one message; False at the end of the stream, or where it is none of this carrier's."""
        self._heard = True
        match message.type:
            case aiohttp.WSMsgType.BINARY:
                self._feed(message.data)
            case aiohttp.WSMsgType.PING:
                self._say(self._line.pong, message.data)
            case aiohttp.WSMsgType.PONG:
                pass
            case aiohttp.WSMsgType.TEXT:
                self.drop()
                return False
            case _:
                return False
        return True

    def _feed(self, data: bytes) -> None:
        if not data or self._leaving:
            return
        self._chunks.append(data)
        self._held += len(data)
        if self._held > READ_BUFFER:
            self._room.clear()
        self._readable.set()

    async def _keep_alive(self) -> None:
        """Ping, and cut a line on which too long nothing came, though this side would have read.

        On a slow line the answer waits behind what is being sent: while that goes out, patience is longer.
        """
        stuck = unheard = 0
        while stuck < KEEPALIVE_COUNT and unheard < MOST_UNHEARD:
            self._say(self._line.ping, b"")
            self._heard = self._sent = False
            await asyncio.sleep(KEEPALIVE_SECONDS)
            heard = self._heard or not self._room.is_set()
            stuck = 0 if heard or self._sent else stuck + 1
            unheard = 0 if heard else unheard + 1
        self.drop()

    async def _say_goodbye(self) -> None:
        """Send the close frame, once and as the last; from now on the line has ``CLOSE_SECONDS`` to end.

        Whatever waits for the peer, here or in a writer, waits no longer than that.
        """
        if not self._parted:
            self._parted = True
            asyncio.get_running_loop().call_later(CLOSE_SECONDS, self.drop)
            with contextlib.suppress(ConnectionError):
                await self._line.send_frame(_GOODBYE, aiohttp.WSMsgType.CLOSE)

    async def _let_go(self) -> None:
        tasks = [task for task in (self._pumping, self._keeping, self._control) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._transport.close()
        await self._line.close()  # finds the connection closing, and waits for nobody
        if self._session is not None:
            await self._session.close()

    def _say(self, send: Callable[[bytes], Awaitable[None]], data: bytes) -> None:
        """Send a control frame beside the stream; one at a time, so that a peer cannot heap them up."""
        if not self._parted and (self._control is None or self._control.done()):
            self._control = asyncio.create_task(_quietly(send, data))


async def _quietly(send: Callable[[bytes], Awaitable[None]], data: bytes) -> None:
    with contextlib.suppress(ConnectionError):  # the reader learns of it
        await send(data)
