"""All messages of a session and their bytes (docs/spec/session.md §2)."""

from dataclasses import dataclass
from typing import ClassVar, Self, TypeAlias

from common.crypto.wire import FormatError, Reader, Writer
from common.sync import limits
from common.sync.errors import BrokenRuleError
from common.sync.extensions import Cover, Figures, FiguresHave, Uncovered
from common.sync.listed import Bare, sized
from common.sync.moving import Chunk, Fork, Later, Offered, Offers, Receipt, Want
from common.sync.opening import Ask, Digest, Have, Hello, ReceiptsHave, Told
from common.sync.reasons import ByeReason

__all__ = [
    "MESSAGES",
    "Ask",
    "Bye",
    "Chunk",
    "Cover",
    "Digest",
    "Done",
    "Figures",
    "FiguresHave",
    "Fork",
    "Have",
    "Hello",
    "Later",
    "Message",
    "Offered",
    "Offers",
    "Ping",
    "Pong",
    "Receipt",
    "ReceiptsHave",
    "Told",
    "Uncovered",
    "Want",
    "decode",
    "encode",
    "items_in",
]

EXTENSION = 0x80
"""A type byte from here on may be ignored by who does not know it (§1)."""
_TOKEN = 8


@dataclass(frozen=True, slots=True)
class Done(Bare):
    """The speaker has nothing more to ask or give: all it wanted has come, or waits for later."""

    TYPE: ClassVar[int] = 0x0E


@dataclass(frozen=True, slots=True)
class Bye:
    """The speaker's last message."""

    TYPE: ClassVar[int] = 0x0F
    reason: ByeReason
    detail: str = ""

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.uint(self.reason).text(self.detail, limits.MAX_DETAIL)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload; a reason that is not known is ``OTHER``."""
        return cls(ByeReason(min(reader.uint(), ByeReason.OTHER)), reader.text(limits.MAX_DETAIL))


@dataclass(frozen=True, slots=True)
class _Token:
    """A message that carries a token of 8 bytes."""

    token: bytes

    def __post_init__(self) -> None:
        """Insist on 8 bytes."""
        sized("a token", self.token, _TOKEN)

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.fixed(self.token, _TOKEN)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(reader.fixed(_TOKEN))


@dataclass(frozen=True, slots=True)
class Ping(_Token):
    """Are you there?"""

    TYPE: ClassVar[int] = 0x10


@dataclass(frozen=True, slots=True)
class Pong(_Token):
    """I am."""

    TYPE: ClassVar[int] = 0x11


Message: TypeAlias = (
    Hello | Digest | Have | ReceiptsHave | Ask | Told | Offers | Offered | Want | Chunk | Later
    | Receipt | Fork | Done | Bye | Ping | Pong | Uncovered | Cover | FiguresHave | Figures
)  # fmt: skip
MESSAGES: tuple[type[Message], ...] = (
    Hello, Digest, Have, ReceiptsHave, Ask, Told, Offers, Offered, Want, Chunk, Later,
    Receipt, Fork, Done, Bye, Ping, Pong, Uncovered, Cover, FiguresHave, Figures,
)  # fmt: skip
_BY_TYPE: dict[int, type[Message]] = {kind.TYPE: kind for kind in MESSAGES}


def encode(message: Message) -> bytes:
    """Return a message's payload; ``ValueError`` when a part of it is too long or out of range."""
    writer = Writer()
    message.write(writer)
    return writer.done()


def decode(message_type: int, payload: bytes) -> Message | None:
    """Return the message, or None for an extension this version may ignore.

    Raises:
        BrokenRuleError: the type is not known and not an extension, or the payload is not its canonical form.
    """
    kind = _BY_TYPE.get(message_type)
    if kind is None:
        if message_type >= EXTENSION:
            return None
        raise BrokenRuleError(f"unknown message type 0x{message_type:02x}")
    reader = Reader(payload)
    try:
        message = kind.read(reader)
        reader.end()
    except (FormatError, ValueError) as error:
        raise BrokenRuleError(f"{kind.__name__}: {error}") from error
    return message


def items_in(message: Message) -> int:
    """Return how many items of its list a message carries, 1 where it has none."""
    match message:
        case Have(heads=items) | ReceiptsHave(marks=items) | Ask(names=items):
            return len(items)
        case Uncovered(heads=items) | FiguresHave(marks=items):
            return len(items)
    return 1
