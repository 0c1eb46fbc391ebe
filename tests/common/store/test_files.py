"""Promises of files."""

import os
from typing import Any

import pytest

from common.store.errors import DiskFullError, UnreachableError
from common.store.files import CHUNK_BYTES, ParcelFiles, write_durably

NAME = bytes(range(32))


def test_a_failed_write_leaves_what_was_there_and_no_rubbish(tmp_path, monkeypatch):
    path = tmp_path / "key"
    write_durably(path, b"old")

    def full(handle: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError):
        write_durably(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_for_its_owner_alone(tmp_path):
    write_durably(tmp_path / "key", b"secret")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_transfer_goes_on_after_the_last_whole_chunk(tmp_path):
    files = ParcelFiles(tmp_path / "parcels")
    data = os.urandom(CHUNK_BYTES * 2 + 100)
    files.put_chunk(NAME, 0, data[:CHUNK_BYTES])
    files.put_chunk(NAME, 1, data[CHUNK_BYTES : CHUNK_BYTES + 5])
    assert ParcelFiles(tmp_path / "parcels").chunks(NAME) == 1
    assert not files.put_chunk(NAME, 2, b"")
    files.put_chunk(NAME, 1, data[CHUNK_BYTES : 2 * CHUNK_BYTES])
    files.put_chunk(NAME, 2, data[2 * CHUNK_BYTES :])
    assert files.partial_bytes(NAME) == data
    assert not files.has(NAME)
    assert files.finish(NAME, lambda chunks: NAME if b"".join(chunks) == data else b"")
    assert files.has(NAME)
    assert b"".join(files.read_chunk(NAME, index) for index in range(4)) == data == files.read(NAME)


def test_a_discarded_parcel_is_gone_and_saying_so_twice_is_no_fault(tmp_path):
    files = ParcelFiles(tmp_path / "parcels")
    files.save(NAME, b"whole")
    files.discard(NAME)
    files.discard(NAME)
    assert (files.has(NAME), files.chunks(NAME), files.partial_bytes(NAME)) == (False, 0, b"")
    with pytest.raises(UnreachableError):
        files.read(NAME)


def joined(pieces: Any) -> bytes:
    return b"".join(pieces)[:32].ljust(32, b"\0")


def test_what_makes_its_name_is_adopted_whole_and_what_does_not_leaves_nothing(tmp_path):
    files = ParcelFiles(tmp_path)
    assert files.adopt(NAME, [NAME, b"more"], joined) is True
    assert list(files.whole_chunks(NAME)) == [NAME + b"more"]
    other = bytes(32)
    assert files.adopt(other, [b"x"], joined) is False
    assert [path.name for path in tmp_path.iterdir()] == [NAME.hex()]


def test_pieces_that_fail_leave_nothing_adopted(tmp_path):
    files = ParcelFiles(tmp_path)

    def pieces() -> Any:
        yield NAME
        raise KeyError

    with pytest.raises(KeyError):
        files.adopt(NAME, pieces(), joined)
    assert list(tmp_path.iterdir()) == []


def test_of_two_that_bring_one_parcel_the_second_leaves_it_to_the_first(tmp_path):
    files = ParcelFiles(tmp_path)
    second = []

    def pieces() -> Any:
        yield NAME
        second.append(files.adopt(NAME, [NAME], joined))

    assert files.adopt(NAME, pieces(), joined) is True
    assert second == [None]
    assert files.has(NAME)
