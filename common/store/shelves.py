"""Where the pieces of a backup lie: a folder that grows, or one file; both durable before they are believed.

Everything here blocks: call it in a thread.
"""

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from common.store.faults import driver_errors_named
from common.store.files import sync_folder, write_durably


class Shelf(Protocol):
    """Named pieces; a folder's or a file's."""

    def has(self, name: str) -> bool:
        """Whether a piece is here."""

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin so, in order."""

    def get(self, name: str) -> bytes:
        """Return a piece; a ``LookupError`` where it is not here whole."""

    def put(self, name: str, data: bytes) -> None:
        """Keep a piece, durable at the latest after ``settle``."""

    def settle(self) -> None:
        """Make everything put so far durable and readable."""

    def drop(self, name: str) -> None:
        """Take a piece away again, as far as that can be done."""

    def publish(self) -> None:
        """Let the backup stand under its own name: it was read back."""

    def discard(self) -> None:
        """Leave nothing half done behind."""


class FolderShelf:
    """A folder: pieces that are there are not written again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._touched: set[Path] = set()

    def has(self, name: str) -> bool:
        """Whether a piece is here."""
        return (self._folder / name).is_file()

    def names(self, prefix: str) -> list[str]:
        """Return the names of the files in a folder of the folder, in order."""
        return sorted(f"{prefix}{path.name}" for path in (self._folder / prefix).glob("*") if path.is_file())

    def get(self, name: str) -> bytes:
        """Return a piece.

        Raises:
            LookupError: it is not here.
        """
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError as error:
            message = "a piece of the backup is missing"
            raise LookupError(message) from error

    def put(self, name: str, data: bytes) -> None:
        """Write a piece durably."""
        path = self._folder / name
        with driver_errors_named(encrypted=False):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(path, data)
        self._touched |= {path.parent, path.parent.parent}

    def settle(self) -> None:
        """Make the names of new folders durable too."""
        with driver_errors_named(encrypted=False):
            for folder in self._touched:
                sync_folder(folder)

    def drop(self, name: str) -> None:
        """Remove a piece."""
        (self._folder / name).unlink(missing_ok=True)

    def publish(self) -> None:
        """Do nothing more: the newest list of files makes a backup."""

    def discard(self) -> None:
        """Do nothing: pieces without a list are used by the next backup."""


class FileShelf:
    """One file, a plain tar of the pieces; written beside its name and moved there once it was read back."""

    def __init__(self, path: Path, *, new: bool) -> None:
        self._path, self._new = path, new
        self._at = path.with_name(f".{path.name}.tmp") if new else path
        self._places: dict[str, tarfile.TarInfo] = {}
        self._tar: tarfile.TarFile | None = None
        with driver_errors_named(encrypted=False):
            if new:
                self._tar = tarfile.open(self._at, "w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115 - kept open
            else:
                self._index()

    def _index(self) -> None:
        """Find every whole piece; a file that ends early has fewer.

        Raises:
            LookupError: it is no such file at all.
        """
        try:
            self._tar = tarfile.open(self._at, "r:")  # noqa: SIM115 - kept open
            for one in self._members(self._tar):
                self._places[one.name] = one
        except tarfile.TarError as error:
            if not self._places:
                message = "not a backup file"
                raise LookupError(message) from error

    @staticmethod
    def _members(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
        while (one := tar.next()) is not None:
            yield one

    def has(self, name: str) -> bool:
        """Whether a piece was put here."""
        return name in self._places

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin so, in order."""
        return sorted(name for name in self._places if name.startswith(prefix))

    def get(self, name: str) -> bytes:
        """Return a piece.

        Raises:
            LookupError: it is not here whole.
        """
        place = self._places.get(name)
        file = self._tar.extractfile(place) if self._tar is not None and place is not None else None
        data = file.read() if file is not None else b""
        if place is None or len(data) != place.size:
            message = "a piece of the backup is missing"
            raise LookupError(message)
        return data

    def put(self, name: str, data: bytes) -> None:
        """Append a piece.

        Raises:
            ValueError: a programmer's mistake: the file is settled.
        """
        if self._tar is None:
            message = "the file is settled"
            raise ValueError(message)
        place = tarfile.TarInfo(name)
        place.size, place.mode = len(data), 0o600
        with driver_errors_named(encrypted=False):
            self._tar.addfile(place, io.BytesIO(data))
        self._places[name] = place

    def settle(self) -> None:
        """Finish the file, make it durable and open it for reading."""
        with driver_errors_named(encrypted=False):
            if self._tar is not None:
                self._tar.close()
            with self._at.open("rb+") as file:
                os.fsync(file.fileno())
            self._at.chmod(0o600)
            self._places.clear()
            self._index()

    def drop(self, name: str) -> None:
        """Forget a piece: the file it is in is never published."""
        self._places.pop(name, None)

    def publish(self) -> None:
        """Move the file to its name."""
        with driver_errors_named(encrypted=False):
            self._at.replace(self._path)
            sync_folder(self._path.parent)
        self._new = False
        self._close()

    def discard(self) -> None:
        """Close the file; remove what was not published."""
        self._close()
        if self._new:
            self._at.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._tar is not None:
            self._tar.close()
            self._tar = None
