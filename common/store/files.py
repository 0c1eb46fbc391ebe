"""Files that are there whole or not at all, and the folder of parcels too large for a row.

Everything here blocks: call it in a thread (``asyncio.to_thread``) from a running server.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from common.store.faults import driver_errors_named

CHUNK_BYTES = 65_536


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that after any crash it holds all of ``data`` or what it held before."""
    temporary = path.with_name(f".{path.name}.tmp")
    with driver_errors_named(encrypted=False):
        try:
            _write_and_sync(temporary, data)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def _write_and_sync(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _same_file(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


@dataclass(frozen=True, slots=True)
class ParcelFiles:
    """The folder ``parcels/``: whole parcels under their names in hex, those on their way in beside them.

    Attributes:
        folder: made if missing.
    """

    folder: Path

    def __post_init__(self) -> None:
        """Make the folder, for its owner alone."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path(self, name: bytes) -> Path:
        """Return where the whole parcel lies or would lie."""
        return self.folder / name.hex()

    def _partial(self, name: bytes) -> Path:
        return self.folder / f"{name.hex()}.part"

    def has(self, name: bytes) -> bool:
        """Whether the whole parcel is here."""
        return self.path(name).is_file()

    def save(self, name: bytes, data: bytes) -> None:
        """Keep a whole parcel, durably."""
        write_durably(self.path(name), data)

    def chunks(self, name: bytes) -> int:
        """Return how many whole chunks of a parcel on its way in are on the disk: the next chunk's index."""
        partial = self._partial(name)
        return partial.stat().st_size // CHUNK_BYTES if partial.is_file() else 0

    def put_chunk(self, name: bytes, index: int, data: bytes) -> bool:
        """Write a chunk in its place and return True; False where it does not go on from what is here.

        The same parcel may come over two lines at once, also to two processes: each writes what is the same
        in the same place, and one of them makes it whole; then there is nothing here to go on from.
        """
        with driver_errors_named(encrypted=False), self._locked_partial(name) as file:
            held = file.seek(0, os.SEEK_END)
            if index > held // CHUNK_BYTES:
                if not held:
                    self._partial(name).unlink()
                return False
            file.seek(index * CHUNK_BYTES)
            file.write(data)
            return True

    @contextmanager
    def _locked_partial(self, name: bytes) -> Iterator[IO[bytes]]:
        """Open what is here of a parcel, alone among all processes; it is made where nothing is."""
        path = self._partial(name)
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if _same_file(file, path):  # else it was finished or thrown away meanwhile
                    yield file
                    return

    def partial_bytes(self, name: bytes) -> bytes:
        """Return what is here of a parcel on its way in; the caller checks its name before ``finish``."""
        partial = self._partial(name)
        return partial.read_bytes() if partial.is_file() else b""

    def partial_chunks(self, name: bytes) -> Iterator[bytes]:
        """Yield what is here of a parcel on its way in, a chunk at a time; nothing where nothing is."""
        yield from _chunks_of(self._partial(name))

    def whole_chunks(self, name: bytes) -> Iterator[bytes]:
        """Yield a whole parcel, a chunk at a time; nothing where it is not here."""
        yield from _chunks_of(self.path(name))

    def discard_partial(self, name: bytes) -> None:
        """Remove what is here of a parcel on its way in; the whole one stays."""
        self._partial(name).unlink(missing_ok=True)

    def finish(self, name: bytes, name_of: Callable[[Iterator[bytes]], bytes]) -> bool:
        """Make a parcel that has all its chunks whole and durable; throw it away if that is not its name.

        Args:
            name: of the parcel.
            name_of: returns the name that chunks make; nobody else writes between the check and the end.

        Returns:
            Whether the parcel is here whole, by this call or one before.
        """
        with driver_errors_named(encrypted=False), self._locked_partial(name) as file:
            right = name_of(iter(lambda: file.read(CHUNK_BYTES), b"")) == name
            if right:
                os.fsync(file.fileno())
                self._partial(name).replace(self.path(name))
                sync_folder(self.folder)
            else:
                self._partial(name).unlink()
        return right or self.has(name)

    def adopt(
        self, name: bytes, pieces: Iterable[bytes], name_of: Callable[[Iterable[bytes]], bytes]
    ) -> bool | None:
        """Keep a whole parcel whose pieces are at hand, durably, if they make its name.

        Args:
            name: the parcel's.
            pieces: its bytes; what they raise is raised, and nothing is kept.
            name_of: the name that pieces make.

        Returns:
            Whether it was kept; None while another is bringing the same parcel.
        """
        beside = self.folder / f"{name.hex()}.adopted"
        with driver_errors_named(encrypted=False):
            handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return None
                file.truncate(0)
                try:
                    right = name_of(_written_to(file, pieces)) == name
                    file.flush()
                    os.fsync(file.fileno())
                    if right:
                        beside.replace(self.path(name))
                        sync_folder(self.folder)
                    return right
                finally:
                    beside.unlink(missing_ok=True)

    def read_chunk(self, name: bytes, index: int) -> bytes:
        """Return a chunk of a whole parcel; empty beyond its end, and where the parcel is not here."""
        if not self.has(name):
            return b""
        with driver_errors_named(encrypted=False), self.path(name).open("rb") as file:
            file.seek(index * CHUNK_BYTES)
            return file.read(CHUNK_BYTES)

    def read(self, name: bytes) -> bytes:
        """Return a whole parcel's bytes."""
        with driver_errors_named(encrypted=False):
            return self.path(name).read_bytes()

    def discard(self, name: bytes) -> None:
        """Remove a parcel, whole or on its way in, durably."""
        self._partial(name).unlink(missing_ok=True)
        self.path(name).unlink(missing_ok=True)
        sync_folder(self.folder)


def _chunks_of(path: Path) -> Iterator[bytes]:
    if path.is_file():
        with driver_errors_named(encrypted=False), path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk


def _written_to(file: BinaryIO, pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        file.write(piece)
        yield piece
