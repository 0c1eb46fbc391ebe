"""The form of a backup: label, key, pieces, and the lists that make it one (docs/spec/backup.md)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.crypto.backup_keys import BackupKeys, new_master
from common.crypto.errors import CannotOpenError, WrongPasswordError
from common.crypto.keyfile import unwrap_with_password, wrap_with_password
from common.crypto.wire import FormatError
from common.domain.spoken_error import SpokenError
from common.journal.body import from_plain, to_plain
from common.journal.errors import BodyError
from common.program.passphrase import SHORTEST_PASSPHRASE
from common.store.shelves import FileShelf, FolderShelf, Shelf

FORMAT = 1
PIECE = 262_144
"""Bytes of a piece before it is sealed; the last of a file is shorter."""
FILE_SUFFIX = ".jjb"
"""A target of this name is one file; any other is a folder that grows."""
LABEL, KEY, LISTS = "label.json", "key", "lists/"
_LIST = b"jiujin/backup-list/1\0"
_NOTE = "就近 Jiujin 的加密备份。恢复用本程序的 restore 命令和备份口令。"


class BackupError(SpokenError):
    """A backup could not be made or read; nothing was changed by it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a node: its path inside the directory, its size, and the names of its pieces in hex."""

    path: str
    size: int
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileList:
    """What makes a backup: everything a node's directory held at one moment.

    Attributes:
        node: empty where the node was not enrolled.
        made_ms: when, ms since 1970.
        database: ``sqlite``, or ``postgres`` where the database is no part of the backup.
    """

    node: str
    tier: str
    made_ms: int
    database: str
    files: tuple[Kept, ...]


class Backup:
    """An opened backup: pieces go in and come out under its keys.

    Args:
        shelf: where the pieces lie.
        keys: of this backup.
    """

    def __init__(self, shelf: Shelf, keys: BackupKeys) -> None:
        self.shelf, self._keys = shelf, keys
        self.written = 0
        """Pieces written that were not there before."""

    def keep(self, data: bytes) -> str:
        """Keep a piece unless it is here already, and return its name in hex."""
        name = self._keys.name(data)
        if not self.shelf.has(_place(name.hex())):
            self.shelf.put(_place(name.hex()), self._keys.seal(data, name))
            self.written += 1
        return name.hex()

    def has(self, name: str) -> bool:
        """Whether a piece is here, read or not."""
        return self.shelf.has(_place(name))

    def piece(self, name: str) -> bytes:
        """Return a piece.

        Raises:
            BackupError: it is missing, cut or altered.
        """
        try:
            return self._keys.open_piece(self.shelf.get(_place(name)), bytes.fromhex(name))
        except (LookupError, CannotOpenError) as error:
            raise BackupError(
                "a piece is missing or altered", "备份不完整或已损坏，请换另一份备份。"
            ) from error

    def add_list(self, files: FileList) -> str:
        """Keep a list under the next number and return its name."""
        number = max([int(name.removeprefix(LISTS)) for name in self.lists()], default=0) + 1
        name = f"{LISTS}{number:06d}"
        plain = json.dumps(to_plain(files), separators=(",", ":")).encode()
        self.shelf.put(name, self._keys.seal(plain, _LIST + name.encode()))
        return name

    def lists(self) -> list[str]:
        """Return the names of the lists here, the oldest first."""
        return [name for name in self.shelf.names(LISTS) if name.removeprefix(LISTS).isdigit()]

    def read_list(self, name: str) -> FileList:
        """Return a list.

        Raises:
            BackupError: it is cut or altered.
        """
        try:
            plain = self._keys.open(self.shelf.get(name), _LIST + name.encode())
            return from_plain(FileList, json.loads(plain))
        except (LookupError, CannotOpenError, ValueError, BodyError) as error:
            raise BackupError("the list is altered", "备份不完整或已损坏，请换另一份备份。") from error

    def newest(self) -> FileList | None:
        """Return the newest list, None where no backup was finished."""
        names = self.lists()
        return self.read_list(names[-1]) if names else None


def _place(name: str) -> str:
    return f"pieces/{name[:2]}/{name}"


def pieces_of(path: Path) -> Iterator[bytes]:
    """Yield a file's pieces; an empty file has none."""
    with path.open("rb") as file:
        while data := file.read(PIECE):
            yield data


def is_file_target(target: Path) -> bool:
    """Whether a target is one file."""
    return target.suffix == FILE_SUFFIX and not target.is_dir()


def begin(target: Path, passphrase: str, node: str) -> Backup:
    """Open a backup to add to, made where there is none.

    Raises:
        BackupError: it is another node's, of another format, or the passphrase is too short or not its own.
    """
    if is_file_target(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _found(FileShelf(target, new=True), passphrase, node)
    shelf = FolderShelf(target)
    if shelf.has(LABEL):
        whose = _label(shelf)
        if whose != node:
            raise BackupError(
                "a backup of another node", "这个目录里是{node}号站点的备份，请换一个目录。", node=whose[-4:]
            )
        return _unlocked(shelf, passphrase)
    if target.is_dir() and any(target.iterdir()):
        raise BackupError("not an empty folder", "这个目录里有别的文件，请给备份一个空目录。")
    return _found(shelf, passphrase, node)


def open_backup(source: Path, passphrase: str) -> Backup:
    """Open a backup to restore from.

    Raises:
        BackupError: there is none, it is of another format, damaged, or the passphrase is another.
    """
    if not source.exists():
        raise BackupError("no backup there", "{path} 不存在，请核对备份的位置。", path=str(source))
    try:
        shelf: Shelf = FolderShelf(source) if source.is_dir() else FileShelf(source, new=False)
    except LookupError as error:
        raise BackupError("not a backup", "{path} 不是备份，或已损坏。", path=str(source)) from error
    _label(shelf)
    return _unlocked(shelf, passphrase)


def _found(shelf: Shelf, passphrase: str, node: str) -> Backup:
    if len(passphrase) < SHORTEST_PASSPHRASE:
        shelf.discard()
        raise BackupError("passphrase too short", "备份口令至少{n}个字符。", n=SHORTEST_PASSPHRASE)
    master = new_master()
    shelf.put(KEY, wrap_with_password(master, passphrase))
    label = {"what": "jiujin backup", "format": FORMAT, "node": node, "note": _NOTE}
    shelf.put(LABEL, json.dumps(label, ensure_ascii=False).encode())
    return Backup(shelf, BackupKeys.of(master))


def _label(shelf: Shelf) -> str:
    """Return whose backup it is.

    Raises:
        BackupError: it is none, or of a format this program does not read.
    """
    try:
        label: dict[str, Any] = json.loads(shelf.get(LABEL))
        form, node = int(label["format"]), str(label["node"])
    except (LookupError, ValueError, TypeError) as error:
        raise BackupError("not a backup", "这里没有完整的备份：缺少标签，或标签已损坏。") from error
    if form != FORMAT:
        sentence = (
            "这份备份是更早版本的程序做的（格式{form}），请用对应版本的程序恢复。"
            if form < FORMAT
            else "这份备份是更新版本的程序做的（格式{form}），请用对应版本的程序恢复。"
        )
        raise BackupError("another format", sentence, form=form)
    return node


def _unlocked(shelf: Shelf, passphrase: str) -> Backup:
    try:
        return Backup(shelf, BackupKeys.of(unwrap_with_password(shelf.get(KEY), passphrase)))
    except WrongPasswordError as error:
        raise BackupError("wrong passphrase", "备份口令不对。") from error
    except (LookupError, FormatError) as error:
        raise BackupError(
            "the key file is damaged", "备份的密钥文件缺失或已损坏，请换另一份备份。"
        ) from error
