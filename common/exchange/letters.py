"""Letters on their way: kept by a carrier that cannot read them, and the answers to them (design §5)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from common.casework.clock import NodeClock
from common.crypto.enrolment import REQUEST_MAGIC
from common.crypto.hashing import digest
from common.crypto.letters import LETTER_MAX, letter_digest
from common.crypto.renewal import RENEWAL_MAGIC
from common.domain.log import event
from common.domain.times import to_milliseconds
from common.exchange.letters_line import STILL_WAITING, AnswerState, LetterAnswer, LetterLine, Said
from common.store import letters
from common.store.engine import Database, Tx
from common.store.rows import LetterRow

MOST_WAITING = 200
"""Letters one carrier keeps unanswered; strangers cannot fill a township's disk."""
KEPT = timedelta(days=30)
_KINDS = {REQUEST_MAGIC: "enrol", RENEWAL_MAGIC: "renewal"}
_ANSWER = "answer"
_ANSWER_NAME = b"jiujin/letter-answer/1\0"
_log = logging.getLogger(__name__)

Take = Callable[[bytes], Awaitable[LetterAnswer]]
"""Hands a letter on and returns what is known of its answer."""


class LetterBox:
    """The letters a carrier keeps in its open database, locked or not."""

    def __init__(self, database: Database, clock: NodeClock, kick: Callable[[], None]) -> None:
        """Take where letters are kept and what starts carrying them at once."""
        self._database, self._clock, self._kick = database, clock, kick
        self._arrived: dict[bytes, asyncio.Event] = {}

    async def take(self, letter: bytes, patience: float = 20.0) -> LetterAnswer:
        """Keep a letter for the hub, and return its answer if it comes within ``patience`` seconds."""
        name = letter_digest(letter)
        event = self._arrived.setdefault(name, asyncio.Event())  # before the look: an answer wakes it
        answer = await self.keep(letter)
        if answer is not STILL_WAITING:
            self._arrived.pop(name, None)
            return answer
        self._kick()
        try:
            await asyncio.wait_for(event.wait(), patience)
        except TimeoutError:
            return STILL_WAITING
        return await self.answer(name)

    async def keep(self, letter: bytes) -> LetterAnswer:
        """Keep a letter for the hub, and return what is known of its answer now."""
        if letter[:4] not in _KINDS or len(letter) > LETTER_MAX:
            return LetterAnswer(AnswerState.REFUSED, "no_letter")
        name = letter_digest(letter)
        if not await self._database.write(lambda tx: self._keep(tx, name, letter)):
            return LetterAnswer(AnswerState.REFUSED, "carrier_full")
        return await self.answer(name)

    async def answer(self, name: bytes) -> LetterAnswer:
        """Return what is known of the answer to the letter of that digest."""
        rows = await self._database.read(lambda tx: letters.waiting(tx, name.hex(), _ANSWER))
        return LetterAnswer.decode(rows[0].content) if rows else STILL_WAITING

    async def waiting(self) -> list[LetterRow]:
        """Return the letters that still need an answer, oldest first."""
        return await self._database.read(lambda tx: letters.in_state(tx, "waiting"))

    async def carry(self, line: LetterLine) -> int:
        """Hand every waiting letter on over a line to the hub; return how many were answered."""
        answered = 0
        for row in await self.waiting():
            answer = await line.send(row.content)
            if answer.state is not AnswerState.WAITING:
                await self.answered(row.name, answer)
                answered += 1
        return answered

    async def answered(self, name: bytes, answer: LetterAnswer) -> None:
        """Keep the answer to a letter that waits here, and wake whoever waits for it."""
        await self._database.write(
            lambda tx: keep_answer(tx, name, answer, to_milliseconds(self._clock.now()))
        )
        event(_log, logging.INFO, "letter_answered", state=answer.state.name.lower())
        arrived = self._arrived.pop(name, None)
        if arrived is not None:
            arrived.set()

    async def _keep(self, tx: Tx, name: bytes, letter: bytes) -> bool:
        if await letters.find(tx, name) is not None:
            return True
        now = to_milliseconds(self._clock.now())
        await _forget_old(tx, now - KEPT // timedelta(milliseconds=1))
        if len(await letters.in_state(tx, "waiting")) >= MOST_WAITING:
            return False
        await letters.save(tx, LetterRow(name, _KINDS[letter[:4]], "", "hub", letter, "waiting", now))
        return True


async def keep_answer(tx: Tx, name: bytes, answer: LetterAnswer, now_ms: int) -> None:
    """Keep the answer to a letter beside it."""
    content = answer.encode()
    row = LetterRow(digest(_ANSWER_NAME, name, content), _ANSWER, "hub", name.hex(), content, _ANSWER, now_ms)
    await letters.save(tx, row)
    await letters.set_state(tx, name, "answered")


async def _forget_old(tx: Tx, before_ms: int) -> None:
    for state in ("waiting", "answered", _ANSWER):
        for row in await letters.in_state(tx, state):
            if row.received_ms < before_ms:
                await letters.drop(tx, row.name)


async def serve_letters(line: LetterLine, introduction: bytes, take: Take) -> None:
    """Answer one peer's letters until it hangs up; what it may not say is a ``LetterLineError``."""
    while (heard := await line.hear()) is not None:
        what, payload = heard
        if what is Said.INTRODUCE:
            await line.say(Said.INTRODUCTION, introduction)
        elif what is Said.LETTER:
            await line.say(Said.ANSWER, (await take(payload)).encode())
        else:
            return
