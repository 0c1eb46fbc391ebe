"""One program at a time in a folder; a lock nobody holds any more is taken over."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.link.folder import lock as locks
from common.link.folder.errors import FolderBusyError
from common.link.folder.lock import NAME, STALE_SECONDS, FolderLock, Owner
from common.link.folder.medium import Drawer

NOW = datetime(2026, 11, 1, tzinfo=UTC)
NODE = "130638-0417"


@pytest.fixture
def top(tmp_path: Path) -> Iterator[Drawer]:
    opened = Drawer.open(str(tmp_path))
    yield opened
    opened.close()


def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def leave(tmp_path: Path, owner: Owner, age: float = 0.0) -> None:
    (tmp_path / NAME).write_bytes(owner.text(NOW))
    then = time.time() - age
    os.utime(tmp_path / NAME, (then, then))


def test_a_lock_keeps_others_out_until_it_is_released(top: Drawer) -> None:
    first, second = FolderLock(top, NODE, NOW), FolderLock(top, NODE, NOW)
    first.take()
    with pytest.raises(FolderBusyError, match="locked") as refused:
        second.take()
    assert NODE in refused.value.sentence
    first.release()
    second.take()
    assert [*top.names()] == [NAME]


def test_a_lock_of_a_process_that_is_gone_is_taken_over(top: Drawer, tmp_path: Path) -> None:
    leave(tmp_path, replace(Owner.here(NODE), process=ended_process()))
    FolderLock(top, NODE, NOW).take()
    assert [*top.names()] == [NAME]


def test_a_lock_of_another_machine_is_kept_until_it_is_stale(top: Drawer, tmp_path: Path) -> None:
    owner = replace(Owner.here(NODE), machine="0" * 16, process=ended_process())
    leave(tmp_path, owner, STALE_SECONDS - 60)
    with pytest.raises(FolderBusyError):
        FolderLock(top, NODE, NOW).take()
    leave(tmp_path, owner, STALE_SECONDS + 60)
    FolderLock(top, NODE, NOW).take()
    assert [*top.names()] == [NAME]


def test_junk_in_a_lock_is_kept_until_it_is_stale(top: Drawer, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"\xff" * 3_000)
    with pytest.raises(FolderBusyError):
        FolderLock(top, NODE, NOW).take()
    os.utime(tmp_path / NAME, (1, 1))
    FolderLock(top, NODE, NOW).take()


def test_whoever_lost_its_lock_is_told_at_the_next_touch_and_removes_nobodys(
    top: Drawer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(locks, "TOUCH_SECONDS", 0.0)
    first = FolderLock(top, NODE, NOW)
    first.take()
    first.touch()
    leave(tmp_path, Owner.here("130638-0418"))
    with pytest.raises(FolderBusyError):
        first.touch()
    first.release()
    assert [*top.names()] == [NAME]


@given(st.binary(max_size=300))
def test_any_bytes_are_an_owner_or_none(data: bytes) -> None:
    found = Owner.read(data)
    assert found is None or len(found.node) <= 11


@given(st.sampled_from(["", NODE]), st.integers(1, 10**6))
def test_an_owner_is_read_as_it_was_written(node: str, process: int) -> None:
    owner = Owner(node, "ab" * 8, process, "cd" * 8)
    assert Owner.read(owner.text(NOW)) == owner
