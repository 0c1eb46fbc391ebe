"""The messages of a session, one class each, and their bytes (docs/spec/session.md §2)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Self, TypeAlias, TypeVar

from common.crypto.wire import FormatError, Reader, Writer
from common.domain.node import NodeId
from common.journal.ids import EPOCH_BYTES, HASH_BYTES, JournalId
from common.journal.limits import NODE_ID_MAX, STATEMENT_MAX
from common.sync import limits
from common.sync.errors import BrokenRuleError
from common.sync.listed import Head, Offer, ReceiptMark, sized
from common.sync.reasons import ByeReason, LaterReason

T = TypeVar("T")

EXTENSION = 0x80
"""A type byte from here on may be ignored by who does not know it (§1)."""
_PROGRAM_TEXT = 64
_TOKEN = 8


@dataclass(frozen=True, slots=True)
class Hello:
    """Who speaks, and how.

    Attributes:
        lowest: lowest protocol version spoken.
        highest: highest protocol version spoken.
        node: the speaker.
        epoch: its present epoch, 16 bytes.
        scope: the lower of the two nodes: its journals are spoken about.
        program: the program's own version, for the log.
        time: the speaker's clock, ms since 1970 UTC; a hint, never proof.
        checkpoint: the newest hub-signed checkpoint statement it has, or empty.
        extra: what later versions add; ignored by version 1.
    """

    TYPE: ClassVar[int] = 0x01
    lowest: int
    highest: int
    node: NodeId
    epoch: bytes
    scope: NodeId
    program: str
    time: int
    checkpoint: bytes = b""
    extra: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        """Refuse versions that are not a range.

        Raises:
            ValueError: the lowest version is below 1 or above the highest, or the epoch is not 16 bytes.
        """
        sized("an epoch", self.epoch, EPOCH_BYTES)
        if not 1 <= self.lowest <= self.highest:
            raise ValueError("protocol versions are a range from 1 up")

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.uint(self.lowest).uint(self.highest).text(self.node.text, NODE_ID_MAX).fixed(
            self.epoch, EPOCH_BYTES
        )
        writer.text(self.scope.text, NODE_ID_MAX).text(self.program, _PROGRAM_TEXT).sint(self.time)
        writer.blob(self.checkpoint, limits.MAX_CHECKPOINT).blob(self.extra, limits.MAX_EXTRA)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        lowest, highest, node = reader.uint(), reader.uint(), reader.text_as(NodeId, NODE_ID_MAX)
        epoch, scope = reader.fixed(EPOCH_BYTES), reader.text_as(NodeId, NODE_ID_MAX)
        program, time = reader.text(_PROGRAM_TEXT), reader.sint()
        checkpoint, extra = reader.blob(limits.MAX_CHECKPOINT), reader.blob(limits.MAX_EXTRA)
        return cls(lowest, highest, node, epoch, scope, program, time, checkpoint, extra)


@dataclass(frozen=True, slots=True)
class Digest:
    """One hash over all the speaker has in the scope (``have.have_digest``)."""

    TYPE: ClassVar[int] = 0x02
    value: bytes

    def __post_init__(self) -> None:
        """Insist on 32 bytes."""
        sized("a digest", self.value, HASH_BYTES)

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.fixed(self.value, HASH_BYTES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(reader.fixed(HASH_BYTES))


@dataclass(frozen=True, slots=True)
class Have:
    """Part of the list of journals the speaker has."""

    TYPE: ClassVar[int] = 0x03
    heads: tuple[Head, ...]

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.items(self.heads, limits.MAX_LIST, lambda out, head: head.write(out))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(_listed(reader, Head.read))


@dataclass(frozen=True, slots=True)
class ReceiptsHave:
    """Part of the list of receipts the speaker has."""

    TYPE: ClassVar[int] = 0x04
    marks: tuple[ReceiptMark, ...]

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.items(self.marks, limits.MAX_LIST, lambda out, mark: mark.write(out))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(_listed(reader, ReceiptMark.read))


@dataclass(frozen=True, slots=True)
class Ask:
    """Parcels the speaker knows by name (attachments of batches it holds) and lacks."""

    TYPE: ClassVar[int] = 0x05
    names: tuple[bytes, ...]

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.items(self.names, limits.MAX_LIST, lambda out, name: out.fixed(name, HASH_BYTES))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(_listed(reader, lambda item: item.fixed(HASH_BYTES)))


@dataclass(frozen=True, slots=True)
class _Bare:
    """A message that is its type byte and nothing else."""

    def write(self, writer: Writer) -> None:
        """Append nothing."""

    @classmethod
    def read(cls, reader: Reader) -> Self:  # noqa: ARG003
        """Read nothing."""
        return cls()


@dataclass(frozen=True, slots=True)
class Told(_Bare):
    """The speaker's lists are complete."""

    TYPE: ClassVar[int] = 0x06


@dataclass(frozen=True, slots=True)
class Offers:
    """Parcels the speaker has and thinks the other lacks."""

    TYPE: ClassVar[int] = 0x07
    offers: tuple[Offer, ...]

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.items(self.offers, limits.MAX_LIST, lambda out, offer: offer.write(out))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(_listed(reader, Offer.read))


@dataclass(frozen=True, slots=True)
class Offered(_Bare):
    """The speaker offers nothing more in this session."""

    TYPE: ClassVar[int] = 0x08


@dataclass(frozen=True, slots=True)
class Want:
    """Leave to send ``count`` chunks of a parcel from chunk ``first`` on."""

    TYPE: ClassVar[int] = 0x09
    name: bytes
    first: int
    count: int

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.fixed(self.name, HASH_BYTES).uint(self.first).uint(self.count)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(reader.fixed(HASH_BYTES), reader.uint(), reader.uint(limits.MAX_WINDOW))


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk of a parcel of ``total`` bytes."""

    TYPE: ClassVar[int] = 0x0A
    name: bytes
    index: int
    total: int
    data: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.fixed(self.name, HASH_BYTES).uint(self.index).uint(self.total).blob(self.data, limits.CHUNK)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(reader.fixed(HASH_BYTES), reader.uint(), reader.uint(), reader.blob(limits.CHUNK))


@dataclass(frozen=True, slots=True)
class Later:
    """A parcel does not travel in this session."""

    TYPE: ClassVar[int] = 0x0B
    name: bytes
    reason: LaterReason

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.fixed(self.name, HASH_BYTES).uint(self.reason)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(reader.fixed(HASH_BYTES), LaterReason(reader.uint()))


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt statement, whoever's it is; the session does not read it."""

    TYPE: ClassVar[int] = 0x0C
    statement: bytes

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.blob(self.statement, STATEMENT_MAX)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(reader.blob(STATEMENT_MAX))


@dataclass(frozen=True, slots=True)
class Fork:
    """The speaker's chain hash at a number, which is not what the other said it has there."""

    TYPE: ClassVar[int] = 0x0D
    journal: JournalId
    number: int
    hash: bytes

    def __post_init__(self) -> None:
        """Insist on a number and a hash."""
        Head(self.journal, self.number, self.hash)

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        Head(self.journal, self.number, self.hash).write(writer)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        head = Head.read(reader)
        return cls(head.journal, head.number, head.hash)


@dataclass(frozen=True, slots=True)
class Done(_Bare):
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
    | Receipt | Fork | Done | Bye | Ping | Pong
)  # fmt: skip
MESSAGES: tuple[type[Message], ...] = (
    Hello, Digest, Have, ReceiptsHave, Ask, Told, Offers, Offered, Want, Chunk, Later,
    Receipt, Fork, Done, Bye, Ping, Pong,
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
    return 1


def _listed(reader: Reader, read: Callable[[Reader], T]) -> tuple[T, ...]:
    found = reader.items(limits.MAX_LIST, read)
    if not found:
        raise reader.fail("a list is empty")
    return found
