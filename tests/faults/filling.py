"""A village whose disk gets full: run under ``unshare``, on a file system of its own, filled and enlarged."""

import asyncio
import subprocess
import sys
from pathlib import Path

from common.casework import receive
from common.store import cases, rebuild
from common.store.errors import DiskFullError
from tests.builders.desks import HELPER
from tests.faults.taking import FORM, open_desk


def mount(folder: Path, options: str) -> None:
    """Mount, or enlarge, the small file system."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=True)


async def fill(folder: Path) -> None:
    """Take in until the disk is full, enlarge it, go on, and see that every receipt given still stands."""
    mount(folder, "size=4m")
    desk, given = await open_desk(folder), []
    try:
        while True:
            given.append(await receive.receive(desk, HELPER, FORM))
    except DiskFullError as full:
        sys.stdout.write(f"{full.sentence}\n")
    mount(folder, "remount,size=64m")
    given.append(await receive.receive(desk, HELPER, FORM))
    for taken in given:
        row = await desk.vault.read(lambda tx, key=str(taken.case_id): cases.find(tx, key))  # type: ignore[misc]
        assert row is not None
        assert row.number == str(taken.number)
    held = await desk.vault.read(rebuild.snapshot)
    assert len(held["case_record"]) == len(given)
    await desk.vault.close()
    await desk.open.close()
    sys.stdout.write(f"{len(given)} stand\n")


if __name__ == "__main__":
    asyncio.run(fill(Path(sys.argv[1])))
