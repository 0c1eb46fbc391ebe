"""Directories of a medium nobody trusts: reached through handles, no link followed, every file limited.

Everything here blocks: call it in a thread.
"""

import errno
import os
import stat
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Self

from common.link.folder.errors import (
    FileError,
    FolderFullError,
    FolderLostError,
    NoFolderError,
    ReadOnlyFolderError,
)

PIECE = 65_536
TEMPORARY = ".tmp"
ASIDE = ".bad"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_NO_FOLDER = {errno.ELOOP, errno.ENOTDIR}
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class OpenFile:
    """A regular file being read, a piece at a time and never beyond its limit."""

    def __init__(self, handle: int, size: int, limit: int) -> None:
        self.size = size
        self._handle, self._left = handle, limit

    def piece(self) -> bytes:
        """Return the next piece, empty at the end.

        Raises:
            FileError: it grew beyond its limit, or cannot be read.
        """
        try:
            data = os.read(self._handle, PIECE)
        except OSError as error:
            raise FileError("unreadable") from error
        self._left -= len(data)
        if self._left < 0:
            raise FileError("too_large")
        return data

    def __iter__(self) -> Iterator[bytes]:
        """Yield the rest; errors as ``piece``."""
        while data := self.piece():
            yield data

    def close(self) -> None:
        """Close it."""
        os.close(self._handle)


class Writing:
    """A file being written beside its name; it gets the name when it is whole and durable."""

    def __init__(self, drawer: "Drawer", name: str) -> None:
        self._drawer, self._name = drawer, name
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with written():
            self._handle = os.open(name + TEMPORARY, flags, 0o666, dir_fd=drawer.handle)

    def add(self, data: bytes) -> None:
        """Write the next piece; errors as ``Drawer.write``."""
        with written():
            view = memoryview(data)
            while view:
                view = view[os.write(self._handle, view) :]

    def finish(self) -> None:
        """Sync it, give it its name, and sync the folder; errors as ``Drawer.write``."""
        with written():
            os.fsync(self._handle)
            os.close(self._handle)
            self._handle = -1
            here = self._drawer.handle
            os.rename(self._name + TEMPORARY, self._name, src_dir_fd=here, dst_dir_fd=here)
            os.fsync(here)

    def discard(self) -> None:
        """Remove what was not finished; a medium that is gone has nothing to remove."""
        with suppress(OSError):
            if self._handle >= 0:
                os.close(self._handle)
                self._handle = -1
                os.unlink(self._name + TEMPORARY, dir_fd=self._drawer.handle)


class Drawer:
    """One directory, held open."""

    def __init__(self, handle: int) -> None:
        self.handle = handle

    @classmethod
    def open(cls, path: str) -> Self:
        """Open a directory a person named.

        Raises:
            NoFolderError: there is none.
        """
        try:
            return cls(os.open(path, _DIRECTORY))
        except OSError as error:
            raise NoFolderError from error

    def close(self) -> None:
        """Close it."""
        os.close(self.handle)

    def drawer(self, name: str, *, make: bool = False) -> "Drawer | None":
        """Open a directory in it; None where there is none, or a link or file has its name.

        Args:
            name: of the directory.
            make: make it if it is missing; errors as ``write``.

        Raises:
            FolderLostError: it cannot be read any more.
        """
        for _ in range(2):
            try:
                return Drawer(os.open(name, _DIRECTORY | os.O_NOFOLLOW, dir_fd=self.handle))
            except FileNotFoundError:
                if not make:
                    return None
                with written(), suppress(FileExistsError):
                    os.mkdir(name, dir_fd=self.handle)
                    os.fsync(self.handle)
            except OSError as error:
                if error.errno in _NO_FOLDER:
                    return None
                raise FolderLostError(str(error.errno)) from error
        return None

    def names(self) -> Generator[str, None, None]:
        """Yield the names in it, as they come.

        Raises:
            FolderLostError: it cannot be read any more.
        """
        try:
            with os.scandir(self.handle) as entries:
                for entry in entries:
                    yield entry.name
        except OSError as error:
            raise FolderLostError(str(error.errno)) from error

    def size(self, name: str) -> int | None:
        """Return the length of a regular file, None where there is none of that name."""
        try:
            found = os.stat(name, dir_fd=self.handle, follow_symlinks=False)
        except OSError:
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    @contextmanager
    def reading(self, name: str, limit: int) -> Iterator[OpenFile]:
        """Open a regular file of at most ``limit`` bytes inside the block.

        A ``FileError`` where it is none, is longer, is gone, or cannot be read.
        """
        file = self._open(name, limit)
        try:
            yield file
        finally:
            file.close()

    def _open(self, name: str, limit: int) -> OpenFile:
        if self.size(name) is None:
            raise FileError("no_file")
        try:
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            handle = os.open(name, flags, dir_fd=self.handle)
        except OSError as error:
            raise FileError("unreadable") from error
        found = os.fstat(handle)
        reason = "" if stat.S_ISREG(found.st_mode) else "no_file"
        if reason or found.st_size > limit:
            os.close(handle)
            raise FileError(reason or "too_large")
        return OpenFile(handle, found.st_size, limit)

    def pieces(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield a regular file of at most ``limit`` bytes, a piece at a time; errors as ``reading``."""
        with self.reading(name, limit) as file:
            yield from file

    def read(self, name: str, limit: int) -> bytes:
        """Return a regular file of at most ``limit`` bytes; errors as ``reading``."""
        with self.reading(name, limit) as file:
            return b"".join(file)

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file, whole and durably or not at all.

        ``FolderFullError``, ``ReadOnlyFolderError`` or ``FolderLostError`` where it cannot be written.
        """
        writing = Writing(self, name)
        try:
            for piece in pieces:
                writing.add(piece)
            writing.finish()
        finally:
            writing.discard()

    def set_aside(self, name: str) -> None:
        """Give a spoilt file a name that says so; errors as ``write``."""
        with written():
            os.rename(name, name + ASIDE, src_dir_fd=self.handle, dst_dir_fd=self.handle)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there; errors as ``write``."""
        with written(), suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self.handle)


@contextmanager
def written() -> Iterator[None]:
    """Name what goes wrong in writing.

    Raises:
        FolderFullError: no room.
        ReadOnlyFolderError: it may not be written.
        FolderLostError: anything else: pulled out, broken.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise FolderFullError from error
        if error.errno in _READ_ONLY:
            raise ReadOnlyFolderError from error
        raise FolderLostError(str(error.errno)) from error
