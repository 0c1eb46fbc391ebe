"""``restore``: a backup becomes a directory, whole or not at all; its node begins a new epoch first."""

import asyncio
import os
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from common.domain.node import Tier
from common.domain.times import from_milliseconds
from common.exchange.epochs import RESTORED
from common.exchange.exchange import Exchange
from common.program.backup.form import Backup, BackupError, FileList, Kept, open_backup
from common.program.directory import DirectoryError, NodeDirectory, machine_name
from common.program.house import House
from common.program.house_epochs import begin_hub_epoch
from common.program.root_stick import RootStick
from common.store import parcels
from common.store.engine import Tx
from common.store.faults import driver_errors_named
from common.store.files import sync_folder, write_durably

_TOP = frozenset({"open.db", "vault.db", "node.toml"})
_FOLDERS = frozenset({"keys", "parcels"})


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back.

    Attributes:
        node: whose it is, empty where it was not enrolled.
        made_at: when the backup was made, in the machine's words.
        database: whether the database came with it.
        lacking: attachments that are asked for again because the backup has them not or damaged.
        order: at the hub, the place of its new epoch in the root's list; else 0.
    """

    node: str
    made_at: str
    database: bool
    lacking: int
    order: int = 0


async def restore_backup(
    source: Path, target: NodeDirectory, tier: Tier, passphrase: str, stick: RootStick | None, name: str = ""
) -> Restored:
    """Restore into an empty directory; refused or failing, nothing is left of it.

    Args:
        source: the backup, a folder or a file.
        target: a directory that is empty or not there.
        tier: of the program.
        passphrase: of the backup.
        stick: the county root's, at the hub.
        name: of one of its lists; empty: the newest.

    Raises:
        DirectoryError: the directory is not empty.
        BackupError: there is no backup, it is another tier's, damaged, or the passphrase is another.
    """
    if target.path.exists() and (not target.path.is_dir() or any(target.path.iterdir())):
        raise DirectoryError(
            "not empty", "{path} 不是空目录，不会覆盖；请给一个空目录或新目录。", path=str(target.path)
        )
    backup = await asyncio.to_thread(open_backup, source, passphrase)
    staging = NodeDirectory(target.path.with_name(f".{target.path.name}.restoring"))
    try:
        listed = await asyncio.to_thread(_chosen, backup, name)
        if listed.tier != tier:
            raise BackupError("another tier's backup", "这是另一级站点的备份，请用对应的程序恢复。")
        if tier is Tier.COUNTY and listed.node and stick is None:
            raise BackupError("no root", "恢复县级中心要带县根U盘：请用 --root 指出县根密钥文件。")
        await asyncio.to_thread(_lay_out, backup, listed, staging.path)
        lacking, order = await _wake(staging, tier, stick)
        await asyncio.to_thread(_move, staging.path, target.path)
    finally:
        await asyncio.to_thread(backup.shelf.discard)
        await asyncio.to_thread(shutil.rmtree, staging.path, ignore_errors=True)
    made = from_milliseconds(listed.made_ms).isoformat(timespec="seconds")
    return Restored(listed.node, made, listed.database == "sqlite", lacking, order)


def _chosen(backup: Backup, name: str) -> FileList:
    names = backup.lists()
    wanted = name or (names[-1] if names else "")
    if wanted not in names:
        raise BackupError("no finished backup", "这里没有做完的备份：可能中途断过，请换另一份。")
    return backup.read_list(wanted)


def _lay_out(backup: Backup, listed: FileList, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with driver_errors_named(encrypted=False):
        folder.mkdir(mode=0o700, parents=True)
        for kept in listed.files:
            path = folder / _safe_path(kept)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with path.open("wb") as file:
                for piece in kept.pieces:
                    file.write(backup.piece(piece))
            path.chmod(0o600)
            if path.stat().st_size != kept.size:
                raise BackupError("a file of another size", "备份不完整或已损坏，请换另一份备份。")
        (folder / "parcels").mkdir(mode=0o700, exist_ok=True)
    write_durably(folder / "machine", machine_name())


def _safe_path(kept: Kept) -> PurePosixPath:
    path = PurePosixPath(kept.path)
    inside = len(path.parts) == 2 and path.parts[0] in _FOLDERS and path.parts[1] not in {"..", "."}  # noqa: PLR2004
    if kept.path not in _TOP and not inside:
        raise BackupError("a file outside the directory", "备份里有不属于站点目录的文件，没有恢复。")
    return path


async def _wake(staging: NodeDirectory, tier: Tier, stick: RootStick | None) -> tuple[int, int]:
    """Open the node where it lies, let it begin its epoch, and close it again."""
    house = await House.open(staging, tier)
    try:
        if house.identity is None:
            return 0, 0
        _, exchange = house.enrolled()
        lacking = await house.opened.write(lambda tx: _ask_again(tx, exchange))
        if stick is None:
            await house.begin_epoch(RESTORED)
            return lacking, 0
        return lacking, await begin_hub_epoch(house, stick)
    finally:
        await house.close()


async def _ask_again(tx: Tx, exchange: Exchange) -> int:
    """Ask anew for attachments whose bytes did not come back."""
    gone = [
        row
        for row in await parcels.in_state(tx, {"held", "opened"}, "attachment")
        if not exchange.files.has(row.name)
    ]
    for row in gone:
        await parcels.set_state(tx, row.name, "partial")
    return len(gone)


def _move(staging: Path, target: Path) -> None:
    for path in sorted(staging.rglob("*")):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    for folder in (staging, staging / "keys", staging / "parcels"):
        sync_folder(folder)
    with driver_errors_named(encrypted=False):
        staging.replace(target)
        sync_folder(target.parent)
