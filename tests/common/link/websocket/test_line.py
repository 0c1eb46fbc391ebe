"""The WebSocket itself: what a stranger, a browser, a proxy or a man in the middle gets."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from common.domain.node import NodeId
from common.link.address import Address
from common.link.errors import (
    IncompatibleError,
    InterceptedError,
    LineLostError,
    RefusedError,
    WrongPeerError,
)
from common.link.limits import READ_BUFFER, ServerLimits
from common.link.peer import Carrier, Peer, Principal, Way
from common.link.websocket.channel import WebSocketChannel
from common.link.websocket.client import connect, connect_to_enrol
from common.link.websocket.limits import MAX_HEADER, MAX_MESSAGE, PATH
from common.link.websocket.login import Greeting, Login
from common.link.websocket.server import WebSocketServer
from common.link.websocket.tls import client_context, key_shown, server_context
from common.sync.channel import Channel
from tests.common.link.conftest import HUB, VILLAGE, County, Road, raw

STRANGE = b"\x31" * 32
Client = aiohttp.ClientWebSocketResponse[Literal[True]]
TOWNSHIP = Principal(NodeId("130638-0101"), 1)


@asynccontextmanager
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=client_context())) as session:
        yield session


def url(port: int, path: str = PATH) -> str:
    return f"https://127.0.0.1:{port}{path}"


@asynccontextmanager
async def middle(server_port: int, tls: ssl.SSLContext) -> AsyncIterator[int]:
    """Open the TLS line in between with a key of its own, and pass every message on both ways."""

    async def pass_on(request: web.Request) -> web.WebSocketResponse:
        here = web.WebSocketResponse()
        await here.prepare(request)
        async with browser() as session, session.ws_connect(url(server_port)) as there:

            async def up() -> None:
                async for message in here:
                    await there.send_bytes(message.data)

            async def down() -> None:
                async for message in there:
                    await here.send_bytes(message.data)
                await here.close()

            await asyncio.gather(up(), down())
        return here

    app = web.Application()
    app.router.add_get(PATH, pass_on)
    server = TestServer(app)
    await server.start_server(ssl=tls)
    assert server.port is not None
    yield server.port
    await server.close()


def key_of_the_web(folder: Path) -> ssl.SSLContext:
    """A context with an ECDSA certificate, as an office proxy shows one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "proxy")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, today, today + timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "proxy.pem"
    file.write_bytes(certificate + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def until_the_end(reader: asyncio.StreamReader) -> bytes:
    said = bytearray()
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(1000):
            said += data
    return bytes(said)


def at(port: int) -> Address:
    return Address(Carrier.WEBSOCKET, "127.0.0.1", port)


async def test_a_proxy_that_opens_the_line_is_named_and_told_nothing(county: County, wss: Road):
    server = await wss.serve()
    async with middle(server.port, server_context(STRANGE)) as port:
        with pytest.raises(InterceptedError) as caught:
            await connect(at(port), county.node(VILLAGE), county.expected())
        assert "代理" in caught.value.sentence
        pinned = replace(county.expected(), pinned=raw(county.seed(HUB)))
        with pytest.raises(InterceptedError):
            await connect(at(port), county.node(VILLAGE), pinned)
    assert not county.asked


async def test_a_proxy_with_a_key_of_the_web_is_named_too(county: County, wss: Road, tmp_path: Path):
    server = await wss.serve()
    async with middle(server.port, key_of_the_web(tmp_path)) as port:
        with pytest.raises(InterceptedError):
            await connect(at(port), county.node(VILLAGE), county.expected())
    assert not county.asked


async def test_a_township_cannot_pass_a_villages_login_on_to_the_hub(county: County, wss: Road):
    server = await wss.serve()
    township = county.box(TOWNSHIP)

    async def pose(request: web.Request) -> web.WebSocketResponse:
        """Greet with the hub's own nonce, under the township's certificate, and hand the login on."""
        here = web.WebSocketResponse()
        await here.prepare(request)
        async with browser() as session, session.ws_connect(url(server.port)) as there:
            nonce = Greeting.decode((await there.receive()).data).nonce
            await here.send_bytes(Greeting(nonce, township.certificate or b"").encode())
            await there.send_bytes((await here.receive()).data)
            await here.send_bytes((await there.receive()).data)
            await here.close()
        return here

    app = web.Application()
    app.router.add_get(PATH, pose)
    between = TestServer(app)
    await between.start_server(ssl=server_context(township.seed))
    assert between.port is not None
    with pytest.raises(RefusedError):
        await connect(at(between.port), county.node(VILLAGE), county.expected(TOWNSHIP))
    await between.close()
    assert county.asked == [VILLAGE]
    assert not county.seen


async def test_a_login_heard_once_opens_nothing_again(county: County, wss: Road):
    server = await wss.serve()
    async with browser() as session, session.ws_connect(url(server.port)) as line:
        said = await log_in(line, county)
        assert (await line.receive()).data[-1] == 0
        async with session.ws_connect(url(server.port)) as again:
            await again.receive()
            await again.send_bytes(said)
            assert (await again.receive()).data[-1] == 1
    assert len(county.seen) == 1


async def test_the_key_of_the_tls_line_is_the_transport_key(county: County, wss: Road):
    server = await wss.serve()
    async with browser() as session, session.ws_connect(url(server.port)) as line:
        assert key_shown(line.get_extra_info("ssl_object")) == raw(county.seed(HUB))
        assert line.get_extra_info("ssl_object").version() == "TLSv1.3"


async def test_an_older_tls_is_not_spoken(county: County, wss: Road):
    server = await wss.serve()
    old = client_context()
    old.minimum_version = ssl.TLSVersion.TLSv1_2
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        await asyncio.open_connection("127.0.0.1", server.port, ssl=old)


async def test_a_server_of_an_older_tls_is_incompatible(county: County):
    old = server_context(county.seed(HUB))
    old.minimum_version = ssl.TLSVersion.TLSv1_2
    old.maximum_version = ssl.TLSVersion.TLSv1_2

    def refuse(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, pytest.raises(ssl.SSLError):
            old.wrap_socket(connection, server_side=True)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        refusing = asyncio.create_task(asyncio.to_thread(refuse, listening))
        with pytest.raises(IncompatibleError):
            await connect(at(listening.getsockname()[1]), county.node(VILLAGE), county.expected())
        await refusing


async def site(seed: bytes, status: int, headers: dict[str, str] | None = None) -> TestServer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    app = web.Application()
    app.router.add_get("/{any:.*}", answer)
    server = TestServer(app)
    await server.start_server(ssl=server_context(seed))
    return server


async def test_a_web_site_at_that_address_is_not_the_peer(county: County):
    server = await site(STRANGE, 200)
    assert server.port is not None
    with pytest.raises(WrongPeerError):
        await connect(at(server.port), county.node(VILLAGE), county.expected())
    await server.close()


async def test_a_dialler_follows_nobody_elsewhere(county: County, wss: Road):
    hub = await wss.serve()
    server = await site(STRANGE, 302, {"Location": url(hub.port)})
    assert server.port is not None
    with pytest.raises(WrongPeerError):
        await connect_to_enrol(at(server.port))
    await server.close()
    assert not county.seen


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/", {}), (PATH, {}), (f"{PATH}/x", {}), (PATH, {"Origin": "https://example.org"})],
    ids=["root", "no-upgrade", "below", "browser"],
)
async def test_whatever_else_is_asked_for_there_is_nothing(wss: Road, path: str, headers: dict[str, str]):
    server = await wss.serve()
    async with browser() as session:
        if headers:
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await session.ws_connect(url(server.port), headers=headers)
            assert caught.value.status == 404
        else:
            async with session.get(url(server.port, path)) as answer:
                assert answer.status == 404
                assert await answer.read() == b""
                assert answer.headers["Connection"] == "close"
                assert answer.headers["Server"] == "Jiujin"


async def test_a_header_without_end_is_cut_off(wss: Road):
    server = await wss.serve()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=client_context())
    writer.write(b"GET /jiujin HTTP/1.1\r\nX: " + b"x" * (4 * MAX_HEADER))
    assert (await until_the_end(reader)).startswith(b"HTTP/1.0 400 ")
    writer.close()


async def test_a_request_that_never_ends_is_hung_up(wss: Road):
    server = await wss.serve(limits=ServerLimits(login_seconds=2))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=client_context())
    writer.write(b"GET /jiujin HTTP/1.1\r\n")
    assert await until_the_end(reader) == b""
    writer.close()


async def test_a_login_that_never_comes_is_hung_up(wss: Road):
    server = await wss.serve(limits=ServerLimits(login_seconds=2))
    async with browser() as session, session.ws_connect(url(server.port)) as line:
        await line.receive()
        assert (await line.receive()).type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSE}


@pytest.mark.parametrize("said", [b"", b"JJW1", b"x" * 9000, b"x" * (MAX_MESSAGE + 1)])
async def test_a_login_that_is_none_is_the_end(county: County, wss: Road, said: bytes):
    server = await wss.serve()
    async with browser() as session, session.ws_connect(url(server.port)) as line:
        await line.receive()
        await line.send_bytes(said)
        if not said:
            await line.close()
        assert (await line.receive()).type is not aiohttp.WSMsgType.BINARY
    assert not county.asked
    channel = await connect(at(server.port), county.node(VILLAGE), county.expected())
    await channel.close()


async def test_text_and_messages_that_are_too_long_end_a_line(county: County, wss: Road):
    server = await wss.serve()
    for spoil in ("text", "long"):
        channel = await connect(at(server.port), county.node(VILLAGE), county.expected())
        await channel.read()
        if spoil == "text":
            await channel._line.send_str("hello")
        else:
            await channel._line.send_bytes(b"x" * (MAX_MESSAGE + 1))
        assert await channel.read() == b""
        await channel.close()


async def test_a_message_of_the_largest_size_passes(county: County, wss: Road):
    server = await wss.serve()
    channel = await connect(at(server.port), county.node(VILLAGE), county.expected())
    await channel.read()
    await channel._line.send_bytes(b"x" * MAX_MESSAGE)
    await channel._line.send_bytes(b"")  # an empty message is no end
    await channel.write(b"more")
    received = 0
    while received < MAX_MESSAGE + 4:
        data = await channel.read()
        assert data
        received += len(data)
    await channel.close()


async def test_pings_without_end_take_no_memory(county: County, wss: Road):
    server = await wss.serve()
    channel = await connect(at(server.port), county.node(VILLAGE), county.expected())
    await channel.read()
    for _ in range(2000):
        await channel._line.ping(b"x" * 100)
    await channel.write(b"still here")
    assert await channel.read() == b"still here"
    await channel.close()


async def test_a_ping_is_answered_while_nobody_reads(county: County, wss: Road):
    stop = asyncio.Event()

    async def take_nothing(_: Peer, channel: Channel) -> None:
        await stop.wait()

    server = await wss.serve(take_nothing)
    async with browser() as session, session.ws_connect(url(server.port), autoping=False) as line:
        await log_in(line, county)
        await line.ping(b"are you there")
        answer = await line.receive()
        while answer.type is not aiohttp.WSMsgType.PONG:  # the verdict, and pings of its own
            answer = await line.receive()
        assert answer.data == b"are you there"
        stop.set()


async def log_in(line: Client, county: County) -> bytes:
    """Log the village in by hand; return what it said."""
    greeting = Greeting.decode((await line.receive()).data)
    node = county.node(VILLAGE)
    login = Login(Way.SESSION, VILLAGE, bytes(32), node.certificate or b"")
    said = login.signed(node.seed, raw(county.seed(HUB)), greeting).encode()
    await line.send_bytes(said)
    return said


async def test_a_certificate_that_is_none_is_refused(county: County, wss: Road):
    server = await wss.serve()
    odd = replace(county.node(VILLAGE), certificate=b"no certificate")
    with pytest.raises(RefusedError):
        await connect(at(server.port), odd, county.expected())
    assert not county.seen


async def test_nothing_is_compressed(wss: Road):
    server = await wss.serve()
    async with browser() as session, session.ws_connect(url(server.port), compress=15) as line:
        assert line.compress == 0


async def test_a_peer_that_never_answers_a_close_is_dropped(
    county: County, wss: Road, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("common.link.websocket.channel.CLOSE_SECONDS", 0.5)

    async def leave(_: Peer, channel: Channel) -> None:
        await channel.write(b"done")

    server = await wss.serve(leave)
    assert isinstance(server, WebSocketServer)
    async with browser() as session, session.ws_connect(url(server.port), autoclose=False) as line:
        (visit,) = server._visits()
        await log_in(line, county)
        await visit.gone.wait()


async def test_a_peer_that_parts_and_reads_no_more_holds_no_writer(
    county: County, wss: Road, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("common.link.websocket.channel.CLOSE_SECONDS", 0.5)
    written, lost = 0, asyncio.Event()

    async def pour(_: Peer, channel: Channel) -> None:
        nonlocal written
        try:
            while True:
                await channel.write(bytes(MAX_MESSAGE))
                written += 1
        except LineLostError:
            lost.set()

    server = await wss.serve(pour)
    async with browser() as session, session.ws_connect(url(server.port), autoclose=False) as line:
        await log_in(line, county)
        before = 0
        while written == 0 or written != before:  # until the writer waits
            before = written
            await asyncio.sleep(0.3)
        await line.send_frame(aiohttp.WSCloseCode.OK.to_bytes(2), aiohttp.WSMsgType.CLOSE)
        await lost.wait()


async def test_a_closing_that_is_cancelled_leaves_nothing_behind(county: County, wss: Road):
    stay = asyncio.Event()

    async def say_nothing(_: Peer, channel: Channel) -> None:
        assert isinstance(channel, WebSocketChannel)
        channel._pumping.cancel()  # it answers no more
        await stay.wait()

    server = await wss.serve(say_nothing)
    channel = await connect(at(server.port), county.node(VILLAGE), county.expected())
    closing = asyncio.create_task(channel.close())
    done, _ = await asyncio.wait({closing}, timeout=0.2)
    assert not done
    closing.cancel()
    await asyncio.wait({closing})
    assert closing.cancelled()
    assert channel._pumping.done()
    assert channel._keeping.done()
    assert channel._session is not None
    assert channel._session.closed
    stay.set()


async def test_connections_are_counted_before_they_speak(county: County, wss: Road):
    server = await wss.serve(limits=ServerLimits(connections=2))
    silent = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(2)]
    with pytest.raises(LineLostError):
        await connect(at(server.port), county.node(VILLAGE), county.expected())
    for _, writer in silent:
        writer.close()
        await writer.wait_closed()


async def test_reading_stops_at_the_buffers_end(county: County, wss: Road):
    server_end: list[WebSocketChannel] = []
    stop = asyncio.Event()

    async def take_nothing(_: object, channel: object) -> None:
        assert isinstance(channel, WebSocketChannel)
        server_end.append(channel)
        await stop.wait()

    server = await wss.serve(take_nothing)
    channel = await connect(at(server.port), county.node(VILLAGE), county.expected())
    for _ in range(10):
        await channel.write(bytes(READ_BUFFER // 2))
        if server_end and not server_end[0]._room.is_set():
            break
    assert server_end[0]._held <= READ_BUFFER + MAX_MESSAGE
    stop.set()
    await channel.close()
