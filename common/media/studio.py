"""Files developed in workers: short-lived processes, so that a decoder that fails takes nothing with it."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from common.media.answer import AnswerError, read_answer
from common.media.kinds import kind_of
from common.media.limits import ANSWER_MAX, WAIT_MAX, WORKERS_MAX
from common.media.order import Order
from common.media.refusal import PictureRefusedError, Refusal

_ENVIRONMENT = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}
"""Nothing of ours: settings in the environment may be secrets."""


class StudioError(RuntimeError):
    """A worker could not work at all: the installation is at fault, not the file."""


@dataclass(frozen=True, slots=True)
class Studio:
    """Where a program has files developed; one for each program, in one event loop.

    Attributes:
        font: TrueType file for watermarks and for PDFs that bring no Chinese font.
        wait: seconds a worker may take.
    """

    font: Path
    wait: float = WAIT_MAX
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WORKERS_MAX))

    async def develop(self, data: bytes, order: Order) -> tuple[bytes, ...]:
        """Return the pages of a file as JPEG, as ``developing.develop`` does.

        Raises:
            PictureRefusedError: the file is not what we take, or a worker died of it or ran out of time.
            StudioError: no worker can work here.
        """
        kind_of(data)  # what is plainly refused costs no process
        async with self._places:
            answer, code = await self._ask(json.dumps(asdict(order)).encode() + b"\n" + data)
        if code > 0:
            raise StudioError(f"a picture worker ended with {code}")
        try:
            return read_answer(answer)
        except AnswerError:
            raise PictureRefusedError(Refusal.TOO_HARD) from None

    async def _ask(self, said: bytes) -> tuple[bytes, int]:
        """Return what a worker answered and how it ended; negative is the signal that ended it."""
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", "common.media.worker", str(self.font)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=_ENVIRONMENT,
        )
        try:
            async with asyncio.timeout(self.wait):
                answer, _ = await asyncio.gather(_heard(worker), _told(worker, said))
                return answer, await worker.wait()
        except TimeoutError:
            return b"", -1
        finally:
            if worker.returncode is None:
                worker.kill()
                await worker.wait()


async def _told(worker: Process, said: bytes) -> None:
    if worker.stdin is None:
        raise StudioError("a picture worker has no standard input")
    with suppress(BrokenPipeError, ConnectionResetError):  # it died: what it answered tells
        worker.stdin.write(said)
        await worker.stdin.drain()
        worker.stdin.close()
        await worker.stdin.wait_closed()


async def _heard(worker: Process) -> bytes:
    if worker.stdout is None:
        raise StudioError("a picture worker has no standard output")
    answer = bytearray()
    while len(answer) <= ANSWER_MAX and (piece := await worker.stdout.read(65_536)):
        answer += piece
    if len(answer) > ANSWER_MAX:
        worker.kill()
        return b""
    return bytes(answer)
