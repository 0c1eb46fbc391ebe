"""A node's directory: where everything of it lies, and that one ``serve`` at a time works in it."""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from common.domain.spoken_error import SpokenError
from common.store.files import write_durably

MOST_SERVING = 16
"""How many ``serve`` processes may work in one directory, where its database is PostgreSQL."""
_MACHINE = Path("/etc/machine-id")


class DirectoryError(SpokenError):
    """The directory is not what the command needs."""


@dataclass(frozen=True, slots=True)
class NodeDirectory:
    """Paths below ``--data``; databases and keys are for their owner alone.

    Attributes:
        path: absolute.
    """

    path: Path

    @property
    def settings(self) -> Path:
        """The operator's file; written last by ``init``: where it is, the node is whole."""
        return self.path / "node.toml"

    @property
    def open_db(self) -> Path:
        """What is not encrypted: nothing personal."""
        return self.path / "open.db"

    @property
    def vault_db(self) -> Path:
        """What is encrypted (not at the hub)."""
        return self.path / "vault.db"

    @property
    def parcels(self) -> Path:
        """Sealed attachments, and parcels on their way in."""
        return self.path / "parcels"

    @property
    def open_keys(self) -> Path:
        """Transport and receipt key: they work while the box is locked."""
        return self.path / "keys" / "open.keys"

    @property
    def hub_keys(self) -> Path:
        """The hub's keys under its passphrase."""
        return self.path / "keys" / "hub.keys"

    @property
    def first_key(self) -> Path:
        """The vault's key until the first account takes it: the vault is empty so long."""
        return self.path / "keys" / "first.key"

    @property
    def machine(self) -> Path:
        """Which machine the node was installed on, to notice clones."""
        return self.path / "machine"

    def make(self) -> None:
        """Make the folders of a new node.

        Raises:
            DirectoryError: there is a node already.
        """
        if self.settings.exists():
            raise DirectoryError(
                "there is a node already", "{path} 里已经有一个节点，请换一个目录。", path=str(self.path)
            )
        for folder in (self.path, self.parcels, self.open_keys.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def insist(self) -> None:
        """Insist that a node lies here.

        Raises:
            DirectoryError: there is none.
        """
        if not self.settings.is_file():
            raise DirectoryError(
                "no node there",
                "{path} 里没有节点，请先运行 init，或用 --data 指对目录。",
                path=str(self.path),
            )

    def keep(self, path: Path, data: bytes) -> None:
        """Write a file of the node durably, mode 600."""
        write_durably(path, data)

    @contextmanager
    def serving(self, at_once: int = 1) -> Iterator[None]:
        """Hold one of the directory's places for a ``serve``; its number stands there for ``nudge``.

        Args:
            at_once: how many may serve it: one where databases are files of it.

        Raises:
            DirectoryError: every place is taken.
        """
        handle = next((taken for place in self._places(at_once) if (taken := _entered(place))), None)
        if handle is None:
            raise DirectoryError(
                "already served",
                "{path} 已有 {count} 个 serve 在运行，不能再启动一个。",
                path=str(self.path),
                count=str(at_once),
            )
        try:
            signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # a nudge ends nobody who does not listen for it
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
            yield
        finally:
            os.close(handle)

    def nudge(self) -> None:
        """Tell every running ``serve`` that there is something new to seal and send; nothing if none runs."""
        for place in self._places(MOST_SERVING):
            number = _inside(place) if place.exists() else 0
            if number not in {0, os.getpid()}:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGUSR1)

    def _places(self, count: int) -> list[Path]:
        return [self.path / ("lock" if place == 0 else f"lock.{place}") for place in range(count)]

    def same_machine(self) -> bool:
        """Whether this is the machine the node was installed on; True where machines have no name."""
        installed = self.machine.read_bytes() if self.machine.exists() else b""
        here = machine_name()
        return not installed or not here or installed == here


def machine_name() -> bytes:
    """Return what tells this machine from a copy of its disk put elsewhere."""
    return _MACHINE.read_bytes().strip() if _MACHINE.is_file() else b""


def _entered(place: Path) -> int | None:
    """Return the open lock file where nobody else has it."""
    handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if _taken(handle):
        return handle
    os.close(handle)
    return None


def _inside(place: Path) -> int:
    """Return the number of the process that has the lock file, 0 where nobody has it."""
    handle = os.open(place, os.O_RDWR | os.O_CLOEXEC)
    try:
        number = b"" if _taken(handle) else os.read(handle, 20)
        return int(number) if number.isdigit() else 0
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
