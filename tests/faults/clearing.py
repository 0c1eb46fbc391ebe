"""A village that purges, or obeys erasures, in a process of its own that a test may kill."""

import asyncio
import sys
from pathlib import Path

from common.crypto.keyring import LockedKeys, NodeKeys, OpenKeys
from common.exchange.applying import apply_held
from common.exchange.clearing import clear
from common.exchange.network import Network
from common.exchange.purging import purge
from tests.builders.cases import VILLAGE
from tests.builders.county import Box, LocalClock
from tests.builders.desks import HandClock, seat_of


async def let_go(folder: Path) -> None:
    """Let everything leave the village's disk that may and that must."""
    opened = OpenKeys.from_bytes((folder / "open.keys").read_bytes())
    locked = LockedKeys.from_bytes((folder / "locked.keys").read_bytes())
    epoch, key = VILLAGE.number.to_bytes(16, "big"), VILLAGE.number.to_bytes(32, "big")
    keys = NodeKeys.joined(opened, locked)
    box = Box(folder, seat_of(VILLAGE), epoch, keys, LocalClock(HandClock()), vault_key=key)
    await box.open(Network(b""))
    await box.exchange.refresh()
    sys.stdout.write("letting go\n")
    sys.stdout.flush()
    await apply_held(box.exchange)
    await clear(box.exchange)
    await purge(box.exchange)
    await box.close()


if __name__ == "__main__":
    asyncio.run(let_go(Path(sys.argv[1])))
