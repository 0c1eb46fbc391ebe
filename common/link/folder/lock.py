"""One program at a time in a folder: a courtesy with an owner and a time (docs/spec/folder.md §7)."""

import os
import secrets
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from common.link.folder.errors import FileError, FolderBusyError, FolderError, FolderFullError
from common.link.folder.medium import TEMPORARY, Drawer, written

NAME = "lock.txt"
STALE_SECONDS = 600.0
"""Untouched so long, by the folder's own clock, a lock is nobody's."""
TOUCH_SECONDS = 30.0
_LOCK_MAX = 512
_NODE_MAX = 11
_MACHINE = Path("/etc/machine-id")
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Owner:
    """What stands in a lock.

    Attributes:
        node: its node id, empty for a box that is not enrolled.
        machine: a digest of the machine and its last start.
        process: number of the process there.
        token: random.
    """

    node: str
    machine: str
    process: int
    token: str

    @classmethod
    def here(cls, node: str) -> "Owner":
        """Return an owner for this process."""
        return cls(node, _machine(), os.getpid(), secrets.token_hex(8))

    def text(self, now: datetime) -> bytes:
        """Return the lines of the lock file."""
        lines = (self.node, self.machine, str(self.process), self.token, now.isoformat(timespec="seconds"))
        return "".join(f"{line}\r\n" for line in lines).encode()

    @classmethod
    def read(cls, data: bytes) -> "Owner | None":
        """Read ``text``; None for anything else."""
        lines = data.decode("ascii", "replace").split("\r\n")
        if len(lines) < len(cls.__slots__) or not (lines[2].isascii() and lines[2].isdigit()):
            return None
        node = lines[0] if all(letter.isdigit() or letter == "-" for letter in lines[0]) else ""
        return cls(node[:_NODE_MAX], lines[1], int(lines[2][:9]), lines[3])

    def is_gone(self) -> bool:
        """Whether it was a process of this machine that has ended."""
        if self.machine != _machine() or not self.process:
            return False
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False


class FolderLock:
    """Holds a folder's lock file from ``take`` to ``release``."""

    def __init__(self, top: Drawer, node: str, now: datetime) -> None:
        self._top, self._owner, self._now = top, Owner.here(node), now
        self._touched = 0.0

    def take(self) -> None:
        """Make the lock file, a stale one put away first; a folder that cannot be written says so.

        Raises:
            FolderBusyError: another program holds it.
        """
        if self._make():
            return
        found = self._found()
        if not self._is_stale(found):
            raise FolderBusyError(found.node if found else "")
        self._put_away()
        if not self._make():
            raise FolderBusyError("")

    def touch(self) -> None:
        """Say now and then that its owner still works.

        Raises:
            FolderBusyError: somebody put it away and took it.
        """
        if time.monotonic() - self._touched < TOUCH_SECONDS:
            return
        self._touched = time.monotonic()
        if self._found() != self._owner:
            raise FolderBusyError("")
        with suppress(OSError):
            os.utime(NAME, dir_fd=self._top.handle)

    def release(self) -> None:
        """Remove it, if it is still ours and the folder is still there."""
        with suppress(FolderError):
            if self._found() == self._owner:
                self._top.remove(NAME)

    def _make(self) -> bool:
        """Make it if there is none; other errors as those of ``Drawer.write``.

        Raises:
            FolderFullError: there is no room for it.
        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            with written(), suppress(FileExistsError):
                handle = os.open(NAME, flags, 0o666, dir_fd=self._top.handle)
                with os.fdopen(handle, "wb") as file:
                    file.write(self._owner.text(self._now))
                self._touched = time.monotonic()
                return True
        except FolderFullError:
            self._top.remove(NAME)
            raise
        return False

    def _found(self) -> Owner | None:
        try:
            return Owner.read(self._top.read(NAME, _LOCK_MAX))
        except FileError:
            return None

    def _is_stale(self, found: Owner | None) -> bool:
        if found is not None and found.is_gone():
            return True
        probe = f"lock-{self._owner.token}{TEMPORARY}"
        self._top.write(probe, [b"?"])
        try:
            now = os.stat(probe, dir_fd=self._top.handle).st_mtime
            then = os.stat(NAME, dir_fd=self._top.handle, follow_symlinks=False).st_mtime
        except FileNotFoundError:
            return True  # it was released meanwhile
        finally:
            self._top.remove(probe)
        return abs(now - then) > STALE_SECONDS

    def _put_away(self) -> None:
        """Take a stale lock's name from it: of two that try, one finds it gone."""
        aside = f"lock-{self._owner.token}{TEMPORARY}"
        with suppress(OSError):
            os.rename(NAME, aside, src_dir_fd=self._top.handle, dst_dir_fd=self._top.handle)
        self._top.remove(aside)


def _machine() -> str:
    named = [path.read_bytes() for path in (_MACHINE, _BOOT) if path.is_file()]
    return sha256(b"".join(named) or socket.gethostname().encode()).hexdigest()[:16]
