"""Bytes over one SSH channel, with back-pressure both ways: the carrier's end of ``common.sync.channel``."""

import asyncio
from collections import deque
from typing import Any

import asyncssh

from common.domain.node import NodeId
from common.link.errors import LineLostError
from common.link.limits import CLOSE_SECONDS, READ_BUFFER, WRITE_BUFFER

Line = asyncssh.SSHClientChannel[bytes] | asyncssh.SSHServerChannel[bytes]


class SshChannel:
    """One open subsystem: read, write, close. One reader and one writer at a time.

    At most ``READ_BUFFER`` bytes and one channel window wait unread, so a fast peer
    is slowed to the speed of the reader.
    """

    def __init__(self, node: NodeId | None) -> None:
        """Take the peer's id, for errors only."""
        self._node = node
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._paused = False
        self._ended = False
        self._lost = False
        self._readable = asyncio.Event()
        self._writable = asyncio.Event()
        self._line: Line | None = None
        self._connection: asyncssh.SSHClientConnection | None = None

    async def read(self) -> bytes:
        """Return the next bytes, at most one packet's; ``b""`` when the peer ended or the line is lost."""
        while not self._chunks and not self._ended:
            self._readable.clear()
            await self._readable.wait()
        if not self._chunks:
            return b""
        chunk = self._chunks.popleft()
        self._held -= len(chunk)
        self._let_in()
        return chunk

    async def write(self, data: bytes) -> None:
        """Send bytes; returns once at most ``WRITE_BUFFER`` of all that was written still waits.

        Raises:
            LineLostError: the line is cut or closed; what was not sent is gone.
        """
        line = self._line
        if line is None or self._lost or line.is_closing():
            raise LineLostError(self._node, "write on a closed line")
        line.write(data)
        await self._writable.wait()
        if self._lost:
            raise LineLostError(self._node, "the line was cut while writing")

    async def close(self) -> None:
        """Send what still waits, then close; a peer that does not answer in ``CLOSE_SECONDS`` is dropped."""
        line, connection = self._line, self._connection
        if line is not None:
            line.close()
            self._let_in()
            try:
                await asyncio.wait_for(line.wait_closed(), CLOSE_SECONDS)
            except TimeoutError:
                line.abort()
        if connection is not None:
            connection.close()
            await connection.wait_closed()

    def opened(self, line: Line) -> None:
        """Take the SSH channel these bytes travel on."""
        self._line = line
        line.set_write_buffer_limits(high=WRITE_BUFFER)
        self._writable.set()

    def owns(self, connection: asyncssh.SSHClientConnection) -> None:
        """Close ``connection`` together with this channel."""
        self._connection = connection

    def finish(self, status: int) -> None:
        """End a served channel with an exit status; what still waits is sent first."""
        if isinstance(self._line, asyncssh.SSHServerChannel):
            self._line.exit(status)

    def fed(self, data: bytes) -> None:
        """Take bytes from the line."""
        self._chunks.append(data)
        self._held += len(data)
        if self._line is not None and not self._paused and self._held > READ_BUFFER:
            self._paused = True
            self._line.pause_reading()
        self._readable.set()

    def ended(self) -> None:
        """Take the peer's end of data."""
        self._ended = True
        self._readable.set()

    def lost(self) -> None:
        """Take the end of the line; waiting readers and writers wake."""
        self._lost = True
        self._writable.set()
        self.ended()

    def held_back(self, *, full: bool) -> None:
        """Make writers wait while the send buffer is full."""
        if full and not self._lost:
            self._writable.clear()
        else:
            self._writable.set()

    def _let_in(self) -> None:
        if self._paused and self._line is not None and self._held <= READ_BUFFER // 2:
            self._paused = False
            self._line.resume_reading()


class _Session:
    """The SSH library's callbacks, passed on to the channel; shared by both ends."""

    channel: SshChannel

    def connection_made(self, chan: Any) -> None:
        """Pass on the opened channel."""
        self.channel.opened(chan)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Pass on the end of the line."""
        self.channel.lost()

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Pass on data; the error stream of a foreign program is no data of ours."""
        if datatype is None:
            self.channel.fed(data)

    def eof_received(self) -> bool:
        """Pass on the peer's end of data and keep our half open."""
        self.channel.ended()
        return True

    def pause_writing(self) -> None:
        """Hold writers back."""
        self.channel.held_back(full=True)

    def resume_writing(self) -> None:
        """Let writers go on."""
        self.channel.held_back(full=False)


class ClientSession(_Session, asyncssh.SSHClientSession[bytes]):
    """The dialling end."""

    def __init__(self, channel: SshChannel) -> None:
        self.channel = channel


class ServerSession(_Session, asyncssh.SSHServerSession[bytes]):
    """The listening end: no terminal, no shell, no command; which subsystem is said by the gate."""

    def __init__(self, channel: SshChannel) -> None:
        self.channel = channel
