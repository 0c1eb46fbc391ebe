"""Letters in a folder: enrolment, renewal, and a township's relay of both (docs/spec/folder.md §5)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from itertools import islice

from common.crypto.letters import LETTER_MAX, letter_digest
from common.crypto.wire import FormatError
from common.domain.times import to_milliseconds
from common.exchange.letters import KEPT, LetterBox, Take
from common.exchange.letters_line import STILL_WAITING, AnswerState, LetterAnswer, Package
from common.link.certificates import is_by
from common.link.folder import county
from common.link.folder.errors import FileError
from common.link.folder.layout import ANSWER, LETTER, LETTERS, named
from common.link.folder.limits import ANSWER_MAX, LETTERS_MAX
from common.link.folder.medium import Drawer
from common.link.folder.report import FolderReport

Errand = Callable[["LetterShelf"], Awaitable[None]]
"""What a node does with the letters of a folder while it visits."""


class LetterShelf:
    """The letters of one folder; writing raises the ``FolderError`` of ``Drawer.write``."""

    def __init__(self, top: Drawer, report: FolderReport) -> None:
        self._top, self.report = top, report

    async def introduction(self) -> bytes:
        """Return whose county this is; ``NoIntroductionError`` where the folder has been nowhere yet."""
        return await asyncio.to_thread(county.introduction, self._top)

    async def send(self, letter: bytes) -> LetterAnswer:
        """Leave a letter, and return the answer if it lies here already."""
        name = letter_digest(letter)
        answer = await self.answer(name)
        if answer.state is AnswerState.WAITING:
            await self.leave(letter)
        else:
            self.report.letters_in += 1
        return answer

    async def requests(self) -> list[bytes]:
        """Return the digests of the letters here."""
        return await asyncio.to_thread(self._requests)

    def _requests(self) -> list[bytes]:
        with self._drawer() as drawer:
            if drawer is None:
                return []
            with closing(drawer.names()) as files:
                names = (named(file, LETTER) for file in islice(files, 4 * LETTERS_MAX))
                found = sorted(name for name in names if name is not None)
        self.report.too_many |= len(found) > LETTERS_MAX
        return found[:LETTERS_MAX]

    async def letter(self, name: bytes) -> bytes | None:
        """Return a letter, None where what lies there is not the one its name says."""
        data = await asyncio.to_thread(self._read, name.hex() + LETTER, LETTER_MAX)
        if data is None or letter_digest(data) != name:
            self.report.passed_over["letter"] += 1
            return None
        return data

    async def answer(self, name: bytes) -> LetterAnswer:
        """Return the answer to a letter, ``STILL_WAITING`` where none lies here."""
        data = await asyncio.to_thread(self._read, name.hex() + ANSWER, ANSWER_MAX)
        try:
            return STILL_WAITING if data is None else LetterAnswer.decode(data)
        except FormatError:
            return STILL_WAITING

    async def leave(self, letter: bytes) -> None:
        """Write a letter, if it is not here."""
        await self._write(letter_digest(letter).hex() + LETTER, letter)

    async def leave_answer(self, name: bytes, answer: LetterAnswer) -> None:
        """Write an answer, if it is not here."""
        await self._write(name.hex() + ANSWER, answer.encode())

    async def take_away(self, name: bytes) -> None:
        """Remove a letter and its answer: whoever asked has it."""
        await asyncio.to_thread(self._remove, name)

    @contextmanager
    def _drawer(self, *, make: bool = False) -> Iterator[Drawer | None]:
        drawer = self._top.drawer(LETTERS, make=make)
        try:
            yield drawer
        finally:
            if drawer is not None:
                drawer.close()

    def _read(self, file: str, limit: int) -> bytes | None:
        with self._drawer() as drawer, suppress(FileError):
            return None if drawer is None else drawer.read(file, limit)
        return None

    async def _write(self, file: str, data: bytes) -> None:
        if await asyncio.to_thread(self._put, file, data):
            self.report.letters_out += 1

    def _put(self, file: str, data: bytes) -> bool:
        if self._read(file, len(data)) == data:
            return False
        with self._drawer(make=True) as drawer:
            if drawer is not None:
                drawer.write(file, [data])
        return True

    def _remove(self, name: bytes) -> None:
        with self._drawer() as drawer:
            if drawer is not None:
                drawer.remove(name.hex() + LETTER)
                drawer.remove(name.hex() + ANSWER)


def answer_letters(take: Take, answered: Callable[[bytes], Awaitable[int | None]], now: datetime) -> Errand:
    """Return the hub's errand: every letter is answered, those answered long ago are taken away.

    Args:
        take: the hub's registrar.
        answered: when a letter was answered, ms since 1970, None where it is not known.
        now: by the hub's clock.
    """
    oldest = to_milliseconds(now) - KEPT // timedelta(milliseconds=1)

    async def errand(shelf: LetterShelf) -> None:
        for name in await shelf.requests():
            since = await answered(name)
            if since is not None and since < oldest:
                await shelf.take_away(name)
            elif (letter := await shelf.letter(name)) is not None:
                shelf.report.letters_in += since is None
                await shelf.leave_answer(name, await take(letter))

    return errand


def relay_letters(box: LetterBox, authorities: frozenset[bytes]) -> Errand:
    """Return a township's errand: letters for the hub, and believable answers to them, go both ways."""

    async def errand(shelf: LetterShelf) -> None:
        for row in await box.waiting():
            answer = await shelf.answer(row.name)
            if believable(answer, authorities):
                await box.answered(row.name, answer)
                shelf.report.letters_in += 1
            else:
                await shelf.leave(row.content)
        for name in await shelf.requests():
            known = await box.answer(name)
            lies_here = believable(await shelf.answer(name), authorities)
            if known.state is AnswerState.WAITING and not lies_here:
                letter = await shelf.letter(name)
                known = known if letter is None else await box.keep(letter)
            if known.state is AnswerState.ANSWERED:
                await shelf.leave_answer(name, known)

    return errand


def believable(answer: LetterAnswer, authorities: frozenset[bytes]) -> bool:
    """Whether a carrier may keep an answer: a refusal proves nothing about who refused."""
    if answer.state is not AnswerState.ANSWERED:
        return False
    try:
        return is_by(Package.decode(answer.package).user, authorities)
    except FormatError:
        return False
