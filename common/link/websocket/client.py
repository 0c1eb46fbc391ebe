"""The dialling end of the WebSocket carrier (docs/spec/websocket.md)."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, Literal, cast

import aiohttp

from common.crypto.symmetric import random_bytes
from common.crypto.wire import FormatError
from common.domain.node import NodeId
from common.link.address import Address
from common.link.certificates import LinkIdentity
from common.link.errors import (
    BusyError,
    IncompatibleError,
    LineLostError,
    LinkError,
    RefusedError,
    RenewalNeededError,
    UnreachableError,
    WrongPeerError,
)
from common.link.limits import CLOSE_SECONDS, CONNECT_SECONDS
from common.link.peer import ExpectedPeer, Way
from common.link.websocket.channel import WebSocketChannel
from common.link.websocket.limits import MAX_HEADER, MAX_MESSAGE, MAX_REQUEST_LINE, PATH
from common.link.websocket.login import (
    NONCE_BYTES,
    Greeting,
    Login,
    OtherVersionError,
    Verdict,
    decode_verdict,
)
from common.link.websocket.tls import client_context, key_shown
from common.link.websocket.trust import check_server

LogIn = Callable[[WebSocketChannel, bytes | None], Awaitable[None]]
"""Speaks the log-in on a fresh line whose TLS proved that key."""
_REFUSALS: dict[Verdict, type[LinkError]] = {
    Verdict.REFUSED: RefusedError,
    Verdict.RENEW_FIRST: RenewalNeededError,
    Verdict.FULL: BusyError,
}


async def connect(
    address: Address, identity: LinkIdentity, expected: ExpectedPeer, way: Way = Way.SESSION
) -> WebSocketChannel:
    """Dial a box, prove who it is, and log in by one way; as ``common.link.client.connect`` does over SSH.

    What goes wrong is a ``LinkError``, one kind for each who must act.
    """
    certificate = identity.certificate if way is Way.SESSION else None

    async def log_in(channel: WebSocketChannel, tls_key: bytes | None) -> None:
        greeting = Greeting.decode(await _message(channel, expected.node))
        key = check_server(expected, tls_key, greeting.certificate)
        claim = Login(way, identity.principal, random_bytes(NONCE_BYTES), certificate or b"")
        await _ask(channel, expected.node, claim.signed(identity.seed, key, greeting))

    return await _dial(address, expected.node, log_in)


async def connect_to_enrol(address: Address) -> WebSocketChannel:
    """Dial a box as a stranger, to hand in an enrolment letter; as ``common.link.client.connect_to_enrol``.

    Whoever answers is accepted. What goes wrong is a ``LinkError``.
    """

    async def log_in(channel: WebSocketChannel, _: bytes | None) -> None:
        Greeting.decode(await _message(channel, None))
        await _ask(channel, None, Login(Way.ENROL, None, random_bytes(NONCE_BYTES)))

    return await _dial(address, None, log_in)


async def _message(channel: WebSocketChannel, node: NodeId | None) -> bytes:
    """Return the next message of the log-in.

    Raises:
        LineLostError: there is none.
    """
    data = await channel.read()
    if not data:
        raise LineLostError(node, "hung up during the log-in")
    return data


async def _ask(channel: WebSocketChannel, node: NodeId | None, login: Login) -> None:
    await channel.write(login.encode())
    verdict = decode_verdict(await _message(channel, node))
    if verdict is not Verdict.COME_IN:
        raise _REFUSALS[verdict](node, f"verdict {verdict.name}")


async def _dial(address: Address, node: NodeId | None, log_in: LogIn) -> WebSocketChannel:
    session = _session()
    channel: WebSocketChannel | None = None
    opened = False
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            line = await _open(session, address)
            channel = WebSocketChannel(line, line.transport, node)
            channel.owns(session)
            await log_in(channel, key_shown(line.get_extra_info("ssl_object")))
            opened = True
            return channel
    except LinkError:
        raise
    except (OSError, aiohttp.ClientError, FormatError) as error:
        raise _named(error, node) from error
    finally:
        if not opened:
            await _given_up(session, channel)


async def _given_up(session: aiohttp.ClientSession, channel: WebSocketChannel | None) -> None:
    if channel is not None:
        channel.drop()
        await channel.close()
    await session.close()


class _Line(aiohttp.ClientWebSocketResponse[Literal[True]]):
    """A WebSocket that knows the connection below it."""

    def __init__(self, reader: Any, writer: Any, *args: Any, **named: Any) -> None:
        super().__init__(reader, writer, *args, **named)
        self.transport: asyncio.Transport = writer.transport


async def _no_redirect(_session: aiohttp.ClientSession, _context: SimpleNamespace, _params: object) -> None:
    """Follow nobody elsewhere.

    Raises:
        ClientError: always.
    """
    raise aiohttp.ClientError("the box sends elsewhere")


def _session() -> aiohttp.ClientSession:
    straight_on = aiohttp.TraceConfig()
    straight_on.on_request_redirect.append(_no_redirect)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        trace_configs=[straight_on],
        ws_response_class=_Line,
        max_line_size=MAX_REQUEST_LINE,
        max_field_size=MAX_HEADER,
    )


async def _open(session: aiohttp.ClientSession, address: Address) -> _Line:
    line = await session.ws_connect(
        f"wss://{address.place}{PATH}",
        ssl=client_context(),
        autoping=False,
        autoclose=False,
        max_msg_size=MAX_MESSAGE + 1,  # the library counts from this size on as too long
        timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS),
    )
    return cast("_Line", line)


def _named(error: OSError | aiohttp.ClientError | FormatError, node: NodeId | None) -> LinkError:
    """Return the named error for what the libraries said."""
    match error:
        case OtherVersionError() | ssl.SSLError():
            kind: type[LinkError] = IncompatibleError
        case FormatError() | aiohttp.ClientResponseError():
            kind = WrongPeerError  # somebody answers, and speaks something else
        case aiohttp.ServerDisconnectedError() | ConnectionResetError() | BrokenPipeError():
            kind = LineLostError
        case aiohttp.ClientConnectorError(os_error=ConnectionResetError() | ConnectionAbortedError()):
            kind = LineLostError  # somebody answered, then hung up
        case OSError():
            kind = UnreachableError
        case _:
            kind = WrongPeerError
    said = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    return kind(node, f"{type(said).__name__}: {said}")
