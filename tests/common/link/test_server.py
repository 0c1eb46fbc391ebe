"""The listening end of SSH: connections and their subsystems."""

import asyncssh
import pytest

from common.link.client import connect
from common.link.limits import ServerLimits
from common.link.peer import Peer, Way
from common.sync.channel import Channel
from tests.common.link.conftest import VILLAGE, County, Serve


async def test_a_node_that_opens_nothing_is_hung_up_and_a_busy_one_is_not(county: County, serve: Serve):
    async def brief(_: Peer, channel: Channel) -> None:
        await channel.write(b"done")

    server = await serve(brief, limits=ServerLimits(linger_seconds=1))
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
