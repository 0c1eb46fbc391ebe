"""The listening end: its handlers, its limits and its end."""

import asyncio
import logging

import asyncssh
import pytest

from common.link.client import connect, connect_to_enrol
from common.link.errors import LineLostError, RenewalNeededError, WrongPeerError
from common.link.limits import ServerLimits
from common.link.peer import Peer, Way
from common.link.server import LinkServer
from common.sync.channel import Channel
from tests.common.link.conftest import HUB, OTHER, VILLAGE, County, Serve, raw


async def test_a_revoked_node_is_cut_while_it_is_connected(county: County, serve: Serve):
    server = await serve()
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    other = await connect("127.0.0.1", server.port, county.node(OTHER), county.expected())
    await channel.read()
    await other.read()
    server.expel(VILLAGE)
    assert await channel.read() == b""
    await other.write(b"still here")
    assert await other.read() == b"still here"
    await other.close()
    await channel.close()


async def test_closing_ends_every_handler_and_line(county: County, serve: Serve):
    ended = asyncio.Event()

    async def wait_for_ever(_: Peer, channel: Channel) -> None:
        try:
            await channel.write(b"in")
            await asyncio.Event().wait()
        finally:
            ended.set()

    server = await serve(wait_for_ever)
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    await channel.read()
    await server.close()
    assert ended.is_set()
    assert server.inside == frozenset()
    assert await channel.read() == b""
    await channel.close()


async def test_a_handler_that_fails_is_logged_and_harms_no_other(
    county: County, serve: Serve, caplog: pytest.LogCaptureFixture
):
    async def fail(peer: Peer, channel: Channel) -> None:
        if peer.principal == VILLAGE:
            raise LookupError("a fault of ours")
        await channel.write(b"fine")

    server = await serve(fail)
    broken = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    assert await broken.read() == b""
    fine = await connect("127.0.0.1", server.port, county.node(OTHER), county.expected())
    assert await fine.read() == b"fine"
    await broken.close()
    await fine.close()
    failures = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.__dict__["event"] for record in failures] == ["handler_failed"]


async def test_a_handler_that_meets_a_cut_line_is_no_fault(
    county: County, serve: Serve, caplog: pytest.LogCaptureFixture
):
    async def cut(peer: Peer, channel: Channel) -> None:
        raise LineLostError(peer.node, "cut")

    server = await serve(cut)
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    assert await channel.read() == b""
    await channel.close()
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_an_enrolment_cannot_hold_its_place_for_ever(county: County, serve: Serve):
    server = await serve(limits=ServerLimits(enrol_seconds=0.05))
    channel = await connect_to_enrol("127.0.0.1", server.port)
    await channel.read()
    assert await channel.read() == b""
    await channel.close()


async def test_a_node_that_opens_nothing_is_hung_up_and_a_busy_one_is_not(county: County, serve: Serve):
    async def brief(_: Peer, channel: Channel) -> None:
        await channel.write(b"done")

    server = await serve(brief, limits=ServerLimits(linger_seconds=0.05))
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    assert await channel.read() == b"done"
    assert channel._connection is not None
    await channel._connection.wait_closed()
    assert server.inside == frozenset()
    await channel.close()


async def test_one_connection_opens_one_subsystem(county: County, serve: Serve):
    server = await serve()
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    assert channel._connection is not None
    with pytest.raises(asyncssh.ChannelOpenError, match="one session a connection"):
        await channel._connection.create_session(asyncssh.SSHClientSession, subsystem=Way.RENEW.subsystem)
    await channel.close()


async def test_new_certificates_and_authorities_are_taken_without_a_restart(county: County, serve: Serve):
    server = await serve()
    new_authority = b"\x77" * 32
    server.renew(county.box(HUB, authority=new_authority), {raw(new_authority)})
    with pytest.raises(WrongPeerError):
        await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    old_node = county.node(VILLAGE)
    county.authority = new_authority
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    await channel.close()
    with pytest.raises(RenewalNeededError):
        await connect("127.0.0.1", server.port, old_node, county.expected())


async def test_an_address_in_use_is_an_os_error(county: County, serve: Serve):
    server = await serve()
    second = LinkServer(county.box(HUB), set(), county.standing, county.echo)
    assert second.port == 0
    with pytest.raises(OSError, match="address already in use"):
        await second.listen("127.0.0.1", server.port)
    await second.close()
