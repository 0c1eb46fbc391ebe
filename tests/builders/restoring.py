"""A hub put back to an older copy of itself, under an epoch the county root signs after it."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from common.exchange.checkpoints import make_checkpoint
from common.exchange.network import admit
from tests.builders.county import County


def made(folder: Path) -> Path:
    """Return a folder beside the one for backups."""
    (folder / "nodes").mkdir()
    return folder / "nodes"


async def sign(land: County) -> None:
    """Let the hub make a checkpoint as soon as it may."""
    land.clock.at += timedelta(minutes=20)
    assert await make_checkpoint(land.hub.exchange)


async def restore_hub(land: County, backup: Path) -> None:
    """Put an older copy of the hub in its place, under an epoch the county root signed after it."""
    hub = land.hub
    await hub.close()
    shutil.rmtree(hub.folder)
    shutil.copytree(backup, hub.folder)
    old = hub.exchange.network.hub
    hub.epoch = bytes([old.order + 1]) * 16
    renewed = replace(old, epoch=hub.epoch, order=old.order + 1, generation=old.generation + 1)
    encoded = land.root.certify_hub(renewed)
    await hub.open(hub.exchange.network)
    hub.exchange.generation = renewed.generation
    for box in land.boxes.values():
        box.exchange.network = await box.exchange.open.write(
            lambda tx: admit(tx, box.exchange.network, encoded)  # noqa: B023 - written at once
        )


async def backup_of(land: County, folder: Path) -> Path:
    await land.hub.close()
    shutil.copytree(land.hub.folder, folder)
    await land.hub.open(land.hub.exchange.network)
    return folder
