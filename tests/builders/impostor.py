"""A box that announces itself as a node it is not: ``python -m tests.builders.impostor ADDRESS NODE``."""

import asyncio
import logging
import sys

from common.domain.node import NodeId
from common.link.mdns.announcement import Announcement
from common.link.mdns.announcing import announce
from common.link.peer import Carrier, Principal
from tests.common.link.conftest import County, Road


async def pose(address: str, node: NodeId) -> None:
    """Listen over both carriers with keys of a county of its own, announce, and say so once both are done."""
    county = County(authority=b"\x66" * 32)
    ports: dict[Carrier, int] = {}
    for carrier in Carrier:
        server = await Road(carrier, county).serve(identity=county.box(Principal(node, 1)), host=address)
        ports[carrier] = server.port
    await announce([address], Announcement(node, ports))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stdout)
    asyncio.run(pose(sys.argv[1], NodeId(sys.argv[2])))
