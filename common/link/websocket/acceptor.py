"""Connections before they speak: counted, put under TLS, given time to log in (docs/spec/websocket.md §6)."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from common.domain.log import event
from common.link.limits import ServerLimits
from common.link.peer import Principal
from common.link.visitors import VisitorBook
from common.link.websocket.limits import MAX_HEADER, MAX_HEADERS, MAX_REQUEST_LINE

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
_BACKLOG = 128
_NO_SOCKET_LEFT = 1.0
"""Seconds to wait where the system has no place for another connection."""
_log = logging.getLogger(__name__)
_silent = logging.getLogger(f"{__name__}.http")
_silent.disabled = True  # the library's own lines name addresses


@dataclass(eq=False, slots=True)
class Visit:
    """One connection, from its first byte to its last.

    Attributes:
        address: of the network, for counting.
        transport: once TLS stands.
        gone: set when the connection has ended.
        deadline: drops the connection unless it is cancelled.
        principal: once it is proven.
    """

    address: str
    transport: asyncio.Transport | None = None
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    deadline: asyncio.TimerHandle | None = None
    principal: Principal | None = None

    def drop(self) -> None:
        """Cut the connection at once."""
        if self.transport is not None:
            self.transport.abort()

    def stays(self, seconds: float | None) -> None:
        """Give it so many seconds from now; None: as long as it likes."""
        if self.deadline is not None:
            self.deadline.cancel()
        loop = asyncio.get_running_loop()
        self.deadline = None if seconds is None else loop.call_later(seconds, self.drop)


class _Http(web.Server):
    """The library's server, which tells when a connection has ended."""

    def __init__(self, answer: Answer, ended: Callable[[RequestHandler], None]) -> None:
        super().__init__(
            answer,
            logger=_silent,
            access_log=None,
            tcp_keepalive=False,
            max_line_size=MAX_REQUEST_LINE,
            max_headers=MAX_HEADERS,
            max_field_size=MAX_HEADER,
        )
        self._told = ended

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        self._told(handler)


class Acceptor:
    """Accepts connections on one port and lets the HTTP library answer them over TLS."""

    def __init__(self, answer: Answer, limits: ServerLimits, book: VisitorBook) -> None:
        """Prepare; nothing listens yet."""
        self._limits, self._book = limits, book
        self._http = _Http(answer, self._ended)
        self._visits: dict[RequestHandler, Visit] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._socket: socket.socket | None = None
        self._accepting: asyncio.Task[None] | None = None

    def listen(self, host: str, port: int, tls: Callable[[], ssl.SSLContext]) -> None:
        """Listen; ``tls`` gives the context for the next connection. A port in use is an ``OSError``."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        self._socket.setblocking(False)
        self._accepting = asyncio.create_task(self._accept(self._socket, tls))

    @property
    def port(self) -> int:
        """The port listened on; 0 before ``listen``."""
        return int(self._socket.getsockname()[1]) if self._socket else 0

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Every connection there is now."""
        return tuple(self._visits.values())

    def visit_of(self, request: web.BaseRequest) -> Visit:
        """Return the connection a request came on."""
        return self._visits[request.protocol]

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        if self._accepting is None or self._socket is None:
            return
        tasks = (self._accepting, *self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._socket.close()
        await self._http.shutdown(0)

    async def _accept(self, listening: socket.socket, tls: Callable[[], ssl.SSLContext]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, address = await loop.sock_accept(listening)
            except OSError:
                await asyncio.sleep(_NO_SOCKET_LEFT)
                continue
            if not self._book.enter(address[0]):
                connection.close()
                continue
            task = loop.create_task(self._visited(connection, Visit(address[0]), tls()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _visited(self, connection: socket.socket, visit: Visit, tls: ssl.SSLContext) -> None:
        """Keep one connection in the book until it ends."""
        loop, seconds = asyncio.get_running_loop(), self._limits.login_seconds
        until = loop.time() + seconds
        handler = self._http()
        self._visits[handler] = visit
        try:
            visit.transport, _ = await loop.connect_accepted_socket(
                lambda: handler, connection, ssl=tls, ssl_handshake_timeout=seconds
            )
            visit.stays(until - loop.time())
            await visit.gone.wait()
        except OSError as error:
            event(_log, logging.INFO, "handshake_failed", why=type(error).__name__)
        finally:
            visit.stays(None)
            visit.drop()
            connection.close()
            del self._visits[handler]
            self._book.leave(visit.address)

    def _ended(self, handler: RequestHandler) -> None:
        if (visit := self._visits.get(handler)) is not None:
            visit.gone.set()
