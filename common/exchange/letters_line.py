"""Letters on a line: what ``jiujin-enrol`` and ``jiujin-renew`` speak (docs/spec/letters.md)."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from common.crypto.certificates import SIGNED_MAX
from common.crypto.letters import LETTER_MAX
from common.crypto.signing import PUBLIC_BYTES
from common.crypto.wire import FormatError, Reader, Writer
from common.sync.channel import Channel

REASON_MAX = 40
SSH_CERTIFICATE_MAX = 4096
ANSWER_MAX = LETTER_MAX + 2 * SSH_CERTIFICATE_MAX + 64
FRAME_MAX = ANSWER_MAX + 128
INTRODUCTION_MAX = PUBLIC_BYTES + SIGNED_MAX + 8
_LENGTH_BYTES = 4


class LetterLineError(ConnectionError):
    """The peer of a letter line spoke something else, or hung up in the middle."""


class Said(IntEnum):
    """The four messages; odd ones are the caller's."""

    INTRODUCE = 1
    INTRODUCTION = 2
    LETTER = 3
    ANSWER = 4


class AnswerState(IntEnum):
    """What became of a letter so far."""

    WAITING = 0
    ANSWERED = 1
    REFUSED = 2


@dataclass(frozen=True, slots=True)
class Package:
    """The hub's answer: the sealed reply, and the OpenSSH certificates that go with it (they are no secret).

    Attributes:
        reply: the sealed letter.
        user: OpenSSH user certificate, one line.
        host: OpenSSH host certificate; empty for a village, which nobody dials.
    """

    reply: bytes
    user: bytes
    host: bytes

    def encode(self) -> bytes:
        """Return the package's bytes."""
        writer = Writer().blob(self.reply, LETTER_MAX)
        return writer.blob(self.user, SSH_CERTIFICATE_MAX).blob(self.host, SSH_CERTIFICATE_MAX).done()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read ``encode``; ``FormatError`` for anything else."""
        reader = Reader(data)
        package = cls(
            reader.blob(LETTER_MAX), reader.blob(SSH_CERTIFICATE_MAX), reader.blob(SSH_CERTIFICATE_MAX)
        )
        reader.end()
        return package


@dataclass(frozen=True, slots=True)
class LetterAnswer:
    """What became of a letter.

    Attributes:
        reason: of a refusal, a short code (``enrolment.REFUSALS`` has its sentence).
        package: an encoded ``Package`` once answered.
    """

    state: AnswerState
    reason: str = ""
    package: bytes = b""

    def encode(self) -> bytes:
        """Return the answer's bytes."""
        return Writer().uint(self.state).text(self.reason, REASON_MAX).blob(self.package, ANSWER_MAX).done()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read ``encode``; ``FormatError`` for anything else."""
        reader = Reader(data)
        state = reader.uint(max(AnswerState))
        answer = cls(AnswerState(state), reader.text(REASON_MAX), reader.blob(ANSWER_MAX))
        reader.end()
        return answer


STILL_WAITING = LetterAnswer(AnswerState.WAITING)


class LetterLine:
    """Messages over a channel: u32 length (big-endian) · u8 message · payload."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._held = b""

    async def say(self, what: Said, payload: bytes = b"") -> None:
        """Send one message; ``ConnectionError`` when the line is gone."""
        await self._channel.write((1 + len(payload)).to_bytes(_LENGTH_BYTES) + bytes([what]) + payload)

    async def hear(self) -> tuple[Said, bytes] | None:
        """Return the next message, None when the peer ended between two.

        Raises:
            LetterLineError: what came is no message of this protocol.
        """
        head = await self._take(_LENGTH_BYTES, may_end=True)
        if not head:
            return None
        size = int.from_bytes(head)
        if not 1 <= size <= FRAME_MAX:
            raise LetterLineError("a message's length is out of bounds")
        frame = await self._take(size)
        try:
            return Said(frame[0]), frame[1:]
        except ValueError as error:
            raise LetterLineError("an unknown message") from error

    async def _take(self, size: int, *, may_end: bool = False) -> bytes:
        while len(self._held) < size:
            data = await self._channel.read()
            if not data:
                if may_end and not self._held:
                    return b""
                raise LetterLineError("the line ended inside a message")
            self._held += data
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    async def introduction(self) -> bytes:
        """Ask whose county this is and return the introduction's bytes."""
        await self.say(Said.INTRODUCE)
        return await self._answered(Said.INTRODUCTION)

    async def send(self, letter: bytes) -> LetterAnswer:
        """Hand a letter over and return what is known of its answer; the same letter may be sent again.

        Raises:
            LetterLineError: the peer answered with something else.
        """
        await self.say(Said.LETTER, letter)
        try:
            return LetterAnswer.decode(await self._answered(Said.ANSWER))
        except FormatError as error:
            raise LetterLineError("not an answer") from error

    async def _answered(self, expected: Said) -> bytes:
        heard = await self.hear()
        if heard is None or heard[0] is not expected:
            raise LetterLineError("the peer did not answer")
        return heard[1]
