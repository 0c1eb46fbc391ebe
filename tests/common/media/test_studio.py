"""A worker is short-lived, can open nothing, is bounded, and takes nothing down with it."""

import asyncio
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from common.media import limits, studio
from common.media.answer import AnswerError, read_answer, write_pages, write_refusal
from common.media.order import Order
from common.media.refusal import PictureRefusedError, Refusal
from common.media.studio import Studio, StudioError
from tests.builders import pictures as made
from tests.common.media.test_developing import CORPUS, develops_or_refuses, is_plain

ORDER = Order(600, "仅供办理养老保险使用")
JPEG = b"\xff\xd8\xff\xe0 a page"


@pytest.fixture
def here(font_file: Path) -> Studio:
    return Studio(font_file)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
async def test_a_worker_that_can_open_nothing_develops_all_the_same(
    path: Path, here: Studio, font: bytes
) -> None:
    data = path.read_bytes()  # noqa: ASYNC240 - a test's own small file
    try:
        pages = await here.develop(data, ORDER)
    except PictureRefusedError:
        pages = ()
    for page in pages:
        is_plain(page, ORDER)
    assert bool(pages) is develops_or_refuses(data, font)


@pytest.mark.parametrize("side", [14_000, 20_000])
async def test_a_document_that_swells_takes_no_more_memory_than_a_worker_has(side: int, here: Studio) -> None:
    data = made.swelling_document(side)
    assert len(data) < 20_000
    with suppress(PictureRefusedError):
        for page in await here.develop(data, ORDER):
            is_plain(page, ORDER)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert most < limits.MEMORY_MAX
    assert await here.develop(made.picture(), ORDER), "the next one is developed"


async def test_a_worker_that_takes_too_long_is_killed_and_gone(font_file: Path) -> None:
    with pytest.raises(PictureRefusedError) as refused:
        await Studio(font_file, wait=0.001).develop(made.picture(), ORDER)
    assert refused.value.refusal is Refusal.TOO_HARD
    assert children() == []


async def test_a_caller_that_leaves_leaves_no_worker_behind(here: Studio) -> None:
    task = asyncio.create_task(here.develop(made.picture(size=(4000, 4000)), ORDER))
    while not children():  # noqa: ASYNC110 - nothing tells when a worker has started
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() == []


async def test_no_more_workers_run_at_once_than_there_are_places(here: Studio) -> None:
    tasks = [asyncio.create_task(here.develop(made.picture(), ORDER)) for _ in range(5)]
    most = 0
    while not all(task.done() for task in tasks):
        most = max(most, len(children()))
        await asyncio.sleep(0.01)
    assert len(await asyncio.gather(*tasks)) == 5
    assert 1 <= most <= limits.WORKERS_MAX


def children() -> list[str]:
    """Workers of this process that are still running."""
    listed = subprocess.run(
        ["ps", "--ppid", str(Path("/proc/self").resolve().name), "-o", "args="],
        capture_output=True,
        text=True,
        check=False,
    )
    return [
        line
        for line in listed.stdout.splitlines()
        if "common.media.worker" in line and "<defunct>" not in line
    ]


async def test_a_broken_installation_is_no_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(StudioError):
        await Studio(tmp_path / "no-font.ttf").develop(made.picture(), ORDER)


@pytest.mark.parametrize(
    "deed",
    [
        "open('/etc/hostname')",
        "open('/dev/null', 'w')",
        "__import__('socket').socket()",
        "__import__('os').pipe()",
        "bytes(2 * 1024 ** 3)",
    ],
)
def test_behind_the_fence_nothing_is_opened_and_memory_ends(deed: str) -> None:
    program = f"""
import os, resource, socket
from common.media.worker import _fence
_fence()
try:
    {deed}
except (OSError, MemoryError, ValueError):
    os._exit(0)
os._exit(1)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


def test_nothing_of_our_environment_reaches_a_worker() -> None:
    assert set(studio._ENVIRONMENT) == {"LANG", "MALLOC_ARENA_MAX"}


def test_an_answer_is_read_as_it_was_written() -> None:
    assert read_answer(write_pages([JPEG, JPEG + b"2"])) == (JPEG, JPEG + b"2")
    for refusal in Refusal:
        with pytest.raises(PictureRefusedError) as refused:
            read_answer(write_refusal(refusal))
        assert refused.value.refusal is refusal


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"?",
        b"-",
        b"-no-such-reason",
        b"-\xff",
        write_pages([]),
        write_pages([b"<html>"]),
        write_pages([JPEG]) + b"\0",
        write_pages([JPEG])[:-1],
        write_pages([JPEG] * (limits.PAGES_MAX + 1)),
        write_pages([JPEG + bytes(limits.PAGE_BYTES_MAX)]),
    ],
)
def test_a_worker_that_was_taken_over_is_not_believed(answer: bytes) -> None:
    with pytest.raises(AnswerError):
        read_answer(answer)
