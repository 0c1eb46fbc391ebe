"""Dialling an address over the carrier it names."""

from common.link import client as ssh
from common.link.address import Address
from common.link.certificates import LinkIdentity
from common.link.channel import SshChannel
from common.link.peer import Carrier, ExpectedPeer, Way
from common.link.websocket import client as websocket
from common.link.websocket.channel import WebSocketChannel

LinkChannel = SshChannel | WebSocketChannel


async def connect(
    address: Address, identity: LinkIdentity, expected: ExpectedPeer, way: Way = Way.SESSION
) -> LinkChannel:
    """Dial a box, prove who it is, and open one way there; what goes wrong is a ``LinkError``."""
    if address.carrier is Carrier.WEBSOCKET:
        return await websocket.connect(address, identity, expected, way)
    return await ssh.connect(address.host, address.port, identity, expected, way)


async def connect_to_enrol(address: Address) -> LinkChannel:
    """Dial a box as a stranger; whoever answers is accepted. What goes wrong is a ``LinkError``."""
    if address.carrier is Carrier.WEBSOCKET:
        return await websocket.connect_to_enrol(address)
    return await ssh.connect_to_enrol(address.host, address.port)
