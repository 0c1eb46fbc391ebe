"""A session driven over channels, the way a carrier's driver does it."""

import asyncio

from common.sync.channel import Channel
from common.sync.events import Closed
from common.sync.reasons import Ending
from tests.common.sync.country import TOWNSHIP, VILLAGE, WORLD, Node, batch, content, journal


class QueueChannel:
    """Two queues, one each way."""

    def __init__(self, inward: asyncio.Queue[bytes], outward: asyncio.Queue[bytes]) -> None:
        self.inward, self.outward = inward, outward

    async def read(self) -> bytes:
        return await self.inward.get()

    async def write(self, data: bytes) -> None:
        await self.outward.put(data)

    async def close(self) -> None:
        await self.outward.put(b"")


async def drive(node: Node, channel: Channel) -> None:
    node.connect()
    while not node.session.closed:
        while data := node.output():
            await channel.write(data)
        node.hear(node.session.receive_data(await channel.read()))
    await channel.write(node.session.data_to_send())
    await channel.close()


async def test_a_session_runs_over_any_pair_of_channels():
    up: asyncio.Queue[bytes] = asyncio.Queue()
    down: asyncio.Queue[bytes] = asyncio.Queue()
    village, township = Node(VILLAGE), Node(TOWNSHIP)
    data = content(9, 400_000)
    offer = batch(data, journal(), 1, 9)
    WORLD[offer.name] = (journal(), ())
    village.hold(journal(), offer, data)
    await asyncio.gather(drive(village, QueueChannel(down, up)), drive(township, QueueChannel(up, down)))
    assert township.parcels == village.parcels
    for node in (village, township):
        ending = node.seen[-1]
        assert isinstance(ending, Closed)
        assert ending.how is Ending.FINISHED
