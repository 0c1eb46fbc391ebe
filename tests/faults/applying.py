"""A hub that applies what it holds, in a process of its own that a test may kill; it says when it begins."""

import asyncio
import sys
from pathlib import Path

from common.crypto.keyring import LockedKeys, NodeKeys, OpenKeys
from common.exchange.applying import apply_held
from common.exchange.network import Network
from tests.builders.cases import HUB
from tests.builders.county import Box, LocalClock
from tests.builders.desks import HandClock, seat_of


def keep_keys(box: Box) -> None:
    """Put a box's keys beside its files."""
    opened, locked = box.keys.split()
    (box.folder / "open.keys").write_bytes(opened.to_bytes())
    (box.folder / "locked.keys").write_bytes(locked.to_bytes())


async def apply_all(folder: Path) -> None:
    """Apply everything the hub in ``folder`` holds."""
    opened = OpenKeys.from_bytes((folder / "open.keys").read_bytes())
    locked = LockedKeys.from_bytes((folder / "locked.keys").read_bytes())
    keys = NodeKeys.joined(opened, locked)
    box = Box(folder, seat_of(HUB), HUB.number.to_bytes(16, "big"), keys, LocalClock(HandClock()))
    await box.open(Network(b""))
    await box.exchange.refresh()
    sys.stdout.write("applying\n")
    sys.stdout.flush()
    await apply_held(box.exchange)
    await box.close()


if __name__ == "__main__":
    asyncio.run(apply_all(Path(sys.argv[1])))
