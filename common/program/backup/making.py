"""``backup``: a node's directory copied while it works, sealed, read back, and only then believed.

The open database is copied before the vault: what is applied in the vault and not marked in the open database
is marked again, but what is sealed in the open database and missing in the vault would be missed for ever.
Files come last: an entry never names one that is not there yet.
"""

import asyncio
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from common.domain.times import to_milliseconds
from common.exchange.receipts import SAFE
from common.journal.ids import parcel_name_of
from common.program.backup.form import Backup, BackupError, FileList, Kept, begin, pieces_of
from common.program.house import House, LockedError
from common.store import settings
from common.store.engine import Tx
from common.store.engines.file_locks import file_lock
from common.store.snapshot import copy_database, covered

LAST = "backup_last"
"""Setting of the open database: when the last verified backup was made."""
_PARCELS = "parcels/"


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup came to.

    Attributes:
        name: of its list.
        files: how many files it holds.
        size: their bytes.
        written: pieces that were new.
        damaged: attachments whose bytes are not what their name says: kept as they are.
        database: whether the database is part of it.
    """

    name: str
    files: int
    size: int
    written: int
    damaged: int
    database: bool


async def make_backup(house: House, target: Path, passphrase: str, *, check_all: bool = False) -> Made:
    """Back a node up to a folder or a file; on success the hub's receipts say what is safe.

    Args:
        house: unlocked below the hub, where the vault is copied under its key.
        target: ``….jjb`` for a file, else a folder that grows.
        passphrase: a new backup's own, or the one it was made with.
        check_all: read every piece back, not only the new ones.

    Raises:
        LockedError: the vault is locked.
    """
    if not house.is_hub and house.vault_key is None:
        raise LockedError
    staging = house.directory.path / "backup.tmp"
    async with file_lock(house.directory.path / "backup.lock"):
        try:
            return await _make(house, staging, target, passphrase, check_all=check_all)
        finally:
            await asyncio.to_thread(shutil.rmtree, staging, ignore_errors=True)


async def _make(house: House, staging: Path, target: Path, passphrase: str, *, check_all: bool) -> Made:
    node = str(house.identity.node) if house.identity else ""
    backup = await asyncio.to_thread(begin, target, passphrase, node)
    try:
        databases = await asyncio.to_thread(_copy_databases, house, staging)
        gathering = _Gathering(house.directory.path, backup, await asyncio.to_thread(backup.newest))
        files = await asyncio.to_thread(gathering.gather, databases)
        made_ms = to_milliseconds(house.clock.now())
        database = "sqlite" if databases else "postgres"
        listed = FileList(node, str(house.settings.tier), made_ms, database, files)
        name = await asyncio.to_thread(_finish, backup, listed, gathering.new, check_all=check_all)
        safe = _safe(databases["open.db"], gathering) if databases and house.is_hub else None
        await house.opened.write(lambda tx: _note(tx, made_ms, safe))
    finally:
        await asyncio.to_thread(backup.shelf.discard)
    size = sum(one.size for one in files)
    return Made(name, len(files), size, backup.written, len(gathering.damaged), bool(databases))


def _copy_databases(house: House, staging: Path) -> dict[str, Path]:
    """Return copies of the node's SQLite files by their path; none where the database is a server's."""
    if house.settings.database.startswith("postgres"):
        return {}
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    directory, copies = house.directory, {}
    pairs = [(directory.open_db, None)] + ([] if house.is_hub else [(directory.vault_db, house.vault_key)])
    for source, key in pairs:
        copy_database(source, staging / source.name, key)
        copies[source.name] = staging / source.name
    return copies


class _Gathering:
    """Everything of a directory, as pieces; attachments the backup before has are not read again."""

    def __init__(self, root: Path, backup: Backup, before: FileList | None) -> None:
        self._root, self._backup = root, backup
        self._before = {one.path: one for one in before.files} if before else {}
        self.new: set[str] = set()
        self.damaged: set[str] = set()
        self.parcels: set[str] = set()

    def gather(self, databases: dict[str, Path]) -> tuple[Kept, ...]:
        """Keep every file's pieces and return the list."""
        found = [self._kept(name, path) for name, path in databases.items()]
        for path in self._others():
            try:
                found.append(self._kept(path.relative_to(self._root).as_posix(), path))
            except FileNotFoundError:
                continue  # gone since the folder was read
        return tuple(found)

    def _others(self) -> Iterable[Path]:
        yield self._root / "node.toml"
        for folder in ("keys", "parcels"):
            paths = sorted((self._root / folder).iterdir())
            yield from (
                one
                for one in paths
                if one.is_file() and not one.name.startswith(".") and one.suffix != ".part"
            )

    def _kept(self, name: str, path: Path) -> Kept:
        size, before = path.stat().st_size, self._before.get(name)
        parcel = name.removeprefix(_PARCELS) if name.startswith(_PARCELS) else ""
        if parcel and before is not None and before.size == size:  # its name is the hash of its bytes
            self.parcels.add(parcel)
            return before
        if parcel:
            (self.parcels if _is_whole(path, parcel) else self.damaged).add(parcel)
        pieces = tuple(self._backup.keep(data) for data in pieces_of(path))
        self.new |= set(pieces)
        return Kept(name, size, pieces)


def _is_whole(path: Path, name: str) -> bool:
    return parcel_name_of(pieces_of(path)).hex() == name


def _finish(backup: Backup, listed: FileList, new: Iterable[str], *, check_all: bool) -> str:
    """Write the list, read back what is new, or everything, and let the backup stand.

    Raises:
        BackupError: it does not read back as it was meant.
    """
    name = backup.add_list(listed)
    backup.shelf.settle()
    try:
        _read_back(backup, name, listed, set(new), check_all=check_all)
    except BackupError:
        backup.shelf.drop(name)
        raise
    backup.shelf.publish()
    return name


def _read_back(backup: Backup, name: str, listed: FileList, new: set[str], *, check_all: bool) -> None:
    """Insist that what was written is what was meant.

    Raises:
        BackupError: it is not.
    """
    if backup.read_list(name) != listed:
        raise BackupError("the list reads otherwise", "备份写完后核对不上，请换一个盘再备份。")
    every = {piece for one in listed.files for piece in one.pieces}
    for piece in every if check_all else new:
        backup.piece(piece)
    if not all(backup.has(piece) for piece in every):
        raise BackupError("an earlier piece is gone", "以前备份的内容缺了一部分，请换一个空目录重新备份。")


def _safe(open_copy: Path, gathering: _Gathering) -> dict[str, int]:
    """Return up to which number each journal is covered: with every attachment its runs name."""
    heads, attachments = covered(open_copy)
    for name, (journal, first) in attachments.items():
        if name not in gathering.parcels:
            heads[journal] = min(heads[journal], first - 1)
    return heads


async def _note(tx: Tx, made_ms: int, safe: dict[str, int] | None) -> None:
    await settings.put(tx, LAST, {"at_ms": made_ms})
    if safe is not None:
        await settings.put(tx, SAFE, safe)
