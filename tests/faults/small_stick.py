"""A stick too small, then write-protected: run under ``unshare``, each a real file system of its own."""

import asyncio
import sys
from pathlib import Path

from common.link.folder.visiting import visit
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE
from tests.builders.county import NEIGHBOUR
from tests.faults.filling import mount
from tests.simulation import carrying, invariants
from tests.simulation.world import new_world


def on_it(stick: Path) -> dict[str, bytes]:
    """Return every file of the stick."""
    return {str(path): path.read_bytes() for path in stick.rglob("*") if path.is_file()}


async def main(stick: Path) -> None:
    """Fill the stick, see what is told and what arrived; enlarge it, protect it, and see that all arrives."""
    world = await new_world()
    for _ in range(8):
        await world.take_in(VILLAGE, "ordinary", picture=True)
    village, hub = world.box(VILLAGE).exchange, world.box(HUB).exchange
    mount(stick, "size=400k")
    up = await visit(village, stick)
    assert up.full
    assert up.batches_out == 1, "entries go before pictures"
    assert 0 < up.attachments_out < 8
    assert not [name for name in on_it(stick) if name.endswith(".tmp")], "nothing half written is left"
    there = await visit(hub, stick)
    assert there.batches_in == 1
    assert there.attachments_in == up.attachments_out
    sys.stdout.write("full\n")
    mount(stick, "remount,size=64m")
    assert (await visit(village, stick)).finished
    mount(stick, "remount,ro")
    before = on_it(stick)
    there = await visit(hub, stick)
    assert there.read_only
    assert there.attachments_in == 8 - up.attachments_out
    assert on_it(stick) == before
    sys.stdout.write("read-only\n")
    await carrying.heal_by_stick(world, (VILLAGE, NEIGHBOUR, TOWNSHIP))
    await invariants.healed(world)
    await world.close()
    sys.stdout.write("healed\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
