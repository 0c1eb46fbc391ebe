"""A directory nobody trusts: no link followed, no limit passed, no file half under its name."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.link.folder.errors import (
    FileError,
    FolderFullError,
    FolderLostError,
    NoFolderError,
    ReadOnlyFolderError,
)
from common.link.folder.medium import Drawer, Writing


@pytest.fixture
def drawer(tmp_path: Path) -> Iterator[Drawer]:
    opened = Drawer.open(str(tmp_path))
    yield opened
    opened.close()


def test_what_is_written_is_read_again(drawer: Drawer) -> None:
    drawer.write("a", [b"one", b"two"])
    assert drawer.read("a", 6) == b"onetwo"
    assert [*drawer.names()] == ["a"]


def test_a_file_above_its_limit_is_not_read(drawer: Drawer) -> None:
    drawer.write("a", [bytes(7)])
    with pytest.raises(FileError, match="too_large"):
        drawer.read("a", 6)


def test_a_file_that_grows_while_it_is_read_is_cut_off_at_its_limit(drawer: Drawer, tmp_path: Path) -> None:
    drawer.write("a", [bytes(6)])
    with drawer.reading("a", 6) as file:
        (tmp_path / "a").write_bytes(bytes(100_000))
        with pytest.raises(FileError, match="too_large"):
            b"".join(file)


@pytest.mark.parametrize("what", ["link", "folder", "pipe", "nothing"])
def test_what_is_no_plain_file_is_never_opened(drawer: Drawer, tmp_path: Path, what: str) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    if what == "link":
        (tmp_path / "a").symlink_to(tmp_path / "secret")
    elif what == "folder":
        (tmp_path / "a").mkdir()
    elif what == "pipe":
        os.mkfifo(tmp_path / "a")
    with pytest.raises(FileError, match="no_file"):
        drawer.read("a", 100)


def test_a_link_is_no_drawer(drawer: Drawer, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").touch()
    assert drawer.drawer("link", make=True) is None
    assert drawer.drawer("file", make=True) is None
    assert drawer.drawer("none") is None
    made = drawer.drawer("made", make=True)
    assert made is not None
    made.close()


def test_a_write_follows_no_link_that_waits_under_its_temporary_name(drawer: Drawer, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "a.tmp").symlink_to(tmp_path / "secret")
    with pytest.raises(FolderLostError):
        drawer.write("a", [b"y"])
    assert (tmp_path / "secret").read_bytes() == b"x"


def test_a_write_that_ends_in_the_middle_leaves_what_was_there(drawer: Drawer, tmp_path: Path) -> None:
    drawer.write("a", [b"before"])

    def pieces() -> Iterator[bytes]:
        yield b"half"
        assert (tmp_path / "a").read_bytes() == b"before"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drawer.write("a", pieces())
    assert drawer.read("a", 100) == b"before"
    assert [*drawer.names()] == ["a"]


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.ENOSPC, FolderFullError),
        (errno.EDQUOT, FolderFullError),
        (errno.EROFS, ReadOnlyFolderError),
        (errno.EACCES, ReadOnlyFolderError),
        (errno.EIO, FolderLostError),
        (errno.ENODEV, FolderLostError),
    ],
)
def test_what_a_medium_refuses_has_a_name_and_leaves_nothing(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception]
) -> None:
    writing = Writing(drawer, "a")

    def refused(*_: object) -> int:
        raise OSError(number, "refused")

    monkeypatch.setattr(os, "write", refused)
    with pytest.raises(error):
        writing.add(b"x")
    writing.discard()
    assert [*drawer.names()] == []


def test_a_spoilt_file_gets_a_name_that_says_so(drawer: Drawer) -> None:
    for data in (b"one", b"two"):
        drawer.write("a", [data])
        drawer.set_aside("a")
    assert [*drawer.names()] == ["a.bad"]
    assert drawer.read("a.bad", 3) == b"two"


def test_what_is_gone_is_removed_again_without_a_word(drawer: Drawer) -> None:
    drawer.write("a", [b"x"])
    drawer.remove("a")
    drawer.remove("a")
    assert drawer.size("a") is None


def test_a_directory_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoFolderError):
        Drawer.open(str(tmp_path / "none"))
