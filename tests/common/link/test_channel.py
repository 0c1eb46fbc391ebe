"""Bytes over one channel: all of them, in order, and never more than the limits in memory."""

import asyncio
import hashlib

import pytest

from common.link.channel import SshChannel
from common.link.client import connect
from common.link.errors import LineLostError
from common.link.limits import MAX_PACKET, READ_BUFFER, WINDOW, WRITE_BUFFER
from common.link.peer import Peer
from common.sync.channel import Channel
from tests.common.link.conftest import VILLAGE, County, OpenSsh, Serve

BLOCK = bytes(range(256)) * 256
BLOCKS = 256  # 16 MiB
# One window on its way, what each side holds, and one write above the mark.
BOUND = WINDOW + READ_BUFFER + WRITE_BUFFER + 2 * len(BLOCK) + MAX_PACKET


async def test_a_fast_sender_waits_for_a_slow_reader(county: County, serve: Serve):
    sent = 0

    async def pour(_: Peer, channel: Channel) -> None:
        nonlocal sent
        for _number in range(BLOCKS):
            await channel.write(BLOCK)
            sent += len(BLOCK)

    server = await serve(pour)
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    received, widest, held = 0, 0, 0
    digest = hashlib.sha256()
    while data := await channel.read():
        digest.update(data)
        received += len(data)
        widest, held = max(widest, sent - received), max(held, channel._held)
    await channel.close()
    assert digest.digest() == hashlib.sha256(BLOCK * BLOCKS).digest()
    assert widest <= BOUND
    assert held <= READ_BUFFER + MAX_PACKET


async def test_a_reader_that_does_not_read_stops_the_sender(county: County, serve: Serve):
    server_end: list[SshChannel] = []

    async def take_nothing(_: Peer, channel: Channel) -> None:
        assert isinstance(channel, SshChannel)
        server_end.append(channel)
        await stop.wait()

    stop = asyncio.Event()
    server = await serve(take_nothing)
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    written = 0
    half_a_window = asyncio.Event()

    async def pour() -> None:
        nonlocal written
        while True:
            await channel.write(BLOCK)
            written += len(BLOCK)
            if written > WINDOW // 2:
                half_a_window.set()

    pouring = asyncio.create_task(pour())
    await half_a_window.wait()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(pouring, 0.5)
    assert written <= BOUND
    assert server_end[0]._held <= READ_BUFFER + MAX_PACKET
    stop.set()
    await channel.close()


async def test_the_openssh_client_moves_megabytes_both_ways(county: County, serve: Serve, openssh: OpenSsh):
    server = await serve()
    said = await openssh.subsystem(server, str(VILLAGE), county.node(VILLAGE), "jiujin", BLOCK * BLOCKS)
    greeting, _, echoed = said.out.partition(b"\n")
    assert greeting == b"session 130638-0417.g1"
    assert hashlib.sha256(echoed).digest() == hashlib.sha256(BLOCK * BLOCKS).digest()


async def test_a_cut_line_wakes_a_writer_that_waits(county: County, serve: Serve):
    server = await serve()
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    channel.held_back(full=True)
    waiting = asyncio.create_task(channel.write(b"more"))
    server.expel(VILLAGE)
    with pytest.raises(LineLostError):
        await waiting
    await channel.close()


async def test_a_peer_that_never_closes_is_dropped(
    county: County, serve: Serve, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("common.link.channel.CLOSE_SECONDS", 0.05)
    stop = asyncio.Event()

    async def deaf(_: Peer, channel: Channel) -> None:
        await stop.wait()

    server = await serve(deaf)
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    line = channel._line
    assert line is not None
    for _number in range(3 * WINDOW // len(BLOCK)):
        line.write(BLOCK)  # more than the peer's window, so the close itself has to wait
    await channel.close()
    stop.set()
    assert await channel.read() == b""


async def test_a_channel_that_was_never_opened_cannot_be_written():
    with pytest.raises(LineLostError):
        await SshChannel(None).write(b"x")
    await SshChannel(None).close()
