"""The listening end of the WebSocket carrier (docs/spec/websocket.md)."""

import asyncio
import logging
from collections.abc import Callable, Collection

from aiohttp import web

from common.crypto.signing import SigningKey
from common.crypto.wire import FormatError
from common.domain.log import event
from common.link.certificates import LinkIdentity
from common.link.gate import GateRules
from common.link.limits import CLOSE_SECONDS, ServerLimits
from common.link.peer import Carrier, Handler, Peer, Principal, Registry, Way
from common.link.visitors import VisitorBook
from common.link.websocket.acceptor import Acceptor, Visit
from common.link.websocket.channel import WebSocketChannel
from common.link.websocket.gate import judge
from common.link.websocket.limits import MAX_MESSAGE, PATH
from common.link.websocket.login import Greeting, Login, Verdict, encode_verdict
from common.link.websocket.tls import server_context

_log = logging.getLogger(__name__)


def _always() -> bool:
    return True


class WebSocketServer:
    """Listens for nodes over TLS and hands each that logged in to ``handler(peer, channel)``.

    The promises are those of ``common.link.server.LinkServer``.
    """

    def __init__(
        self,
        identity: LinkIdentity,
        authorities: Collection[bytes],
        registry: Registry,
        handler: Handler,
        *,
        limits: ServerLimits | None = None,
        dates_trusted: Callable[[], bool] = _always,
    ) -> None:
        """Prepare; nothing listens yet. The arguments are those of ``LinkServer``."""
        self._handler = handler
        self._rules = GateRules(frozenset(authorities), registry, dates_trusted)
        self._limits = limits or ServerLimits()
        self._book = VisitorBook(self._limits)
        self._acceptor: Acceptor | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._show(identity)

    def _show(self, identity: LinkIdentity) -> None:
        self._identity = identity
        self._key = SigningKey.from_seed(identity.seed).public()
        self._tls = server_context(identity.seed)

    async def listen(self, host: str, port: int) -> None:
        """Start listening; port 0 takes any free one. An address in use or not ours is an ``OSError``."""
        acceptor = Acceptor(self._answer, self._limits, self._book)
        acceptor.listen(host, port, lambda: self._tls)
        self._acceptor = acceptor

    @property
    def port(self) -> int:
        """The port listened on; 0 before ``listen``."""
        return self._acceptor.port if self._acceptor else 0

    @property
    def inside(self) -> frozenset[Principal]:
        """The nodes that are logged in now."""
        return frozenset(visit.principal for visit in self._visits() if visit.principal)

    def renew(self, identity: LinkIdentity, authorities: Collection[bytes]) -> None:
        """Take a new host certificate and the authorities known now; open lines go on."""
        self._rules.authorities = frozenset(authorities)
        self._show(identity)

    def expel(self, principal: Principal) -> None:
        """Cut every open line of a node whose revocation has just become known."""
        for visit in self._visits():
            if visit.principal == principal:
                visit.drop()

    async def close(self) -> None:
        """Stop listening, end the handlers and drop every line."""
        acceptor, self._acceptor = self._acceptor, None  # a request that still comes in begins nothing
        if acceptor is None:
            return
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        for visit in acceptor.visits:
            visit.drop()
        await asyncio.gather(*tasks, return_exceptions=True)
        await acceptor.close()

    def _visits(self) -> tuple[Visit, ...]:
        return self._acceptor.visits if self._acceptor else ()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request: ours becomes a line, any other is told that there is nothing."""
        line: web.WebSocketResponse = web.WebSocketResponse(
            timeout=CLOSE_SECONDS,
            autoping=False,
            autoclose=False,
            compress=False,
            max_msg_size=MAX_MESSAGE + 1,
        )
        transport = request.transport
        line.headers["Server"] = "Jiujin"  # the library would tell its version, and Python's
        ours = request.method == "GET" and request.path == PATH and "Origin" not in request.headers
        if self._acceptor is None or transport is None or not (ours and line.can_prepare(request)):
            nothing = web.Response(status=404, headers=line.headers)
            nothing.force_close()
            return nothing
        await line.prepare(request)
        channel = WebSocketChannel(line, transport, None)
        task = asyncio.create_task(self._received(channel, self._acceptor.visit_of(request)))
        self._tasks.add(task)
        task.add_done_callback(self._handler_ended)
        await asyncio.wait({task})
        return line

    async def _received(self, channel: WebSocketChannel, visit: Visit) -> None:
        """Hear the log-in of one line and, if it may come in, hand the line to the handler."""
        enrolling = False
        try:
            verdict, login = await self._judged(channel)
            if verdict is Verdict.COME_IN and login.way is Way.ENROL:
                enrolling = self._book.begin_enrolment()
                verdict = verdict if enrolling else Verdict.FULL
            if verdict is Verdict.COME_IN:
                visit.principal = login.principal
                visit.stays(self._limits.enrol_seconds if enrolling else None)
            await channel.write(encode_verdict(verdict))
            if verdict is Verdict.COME_IN:
                await self._handler(
                    Peer(login.principal, login.way, visit.address, Carrier.WEBSOCKET), channel
                )
        except (ConnectionError, FormatError) as error:
            event(
                _log,
                logging.INFO,
                "line_ended",
                peer=str(visit.principal or "stranger"),
                why=type(error).__name__,
            )
        finally:
            if enrolling:
                self._book.end_enrolment()
            await channel.close()

    async def _judged(self, channel: WebSocketChannel) -> tuple[Verdict, Login]:
        """Greet, and return what is answered to the login that comes; ``FormatError`` if it is none."""
        key, greeting = self._key, Greeting.fresh(self._identity.certificate)
        await channel.write(greeting.encode())
        login = Login.decode(await channel.read())
        return await judge(self._rules, login, key, greeting), login

    def _handler_ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            event(_log, logging.ERROR, "handler_failed", error=error)
