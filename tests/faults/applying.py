"""A hub that applies what it holds, in a process of its own that a test may kill; it says when it begins."""

import asyncio
import sys
from pathlib import Path

from common.crypto.keyring import LockedKeys, NodeKeys, OpenKeys
from common.domain.node import NodeId
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


async def box_in(folder: Path, node: NodeId) -> Box:
    """Open the box of a node whose keys were kept beside its files."""
    opened = OpenKeys.from_bytes((folder / "open.keys").read_bytes())
    locked = LockedKeys.from_bytes((folder / "locked.keys").read_bytes())
    keys = NodeKeys.joined(opened, locked)
    vault_key = None if node.is_hub else node.number.to_bytes(32, "big")
    epoch, clock = node.number.to_bytes(16, "big"), LocalClock(HandClock())
    box = Box(folder, seat_of(node), epoch, keys, clock, vault_key=vault_key)
    await box.open(Network(b""))
    await box.exchange.refresh()
    return box


async def apply_all(folder: Path) -> None:
    """Apply everything the hub in ``folder`` holds."""
    box = await box_in(folder, HUB)
    sys.stdout.write("applying\n")
    sys.stdout.flush()
    await apply_held(box.exchange)
    await box.close()


if __name__ == "__main__":
    asyncio.run(apply_all(Path(sys.argv[1])))
