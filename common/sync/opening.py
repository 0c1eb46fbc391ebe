"""The messages that open a session: who speaks and what each side has (docs/spec/session.md §2)."""

from dataclasses import dataclass, field
from typing import ClassVar, Self

from common.crypto.wire import Reader, Writer
from common.domain.node import NodeId
from common.journal.ids import EPOCH_BYTES, HASH_BYTES
from common.journal.limits import NODE_ID_MAX
from common.sync import limits
from common.sync.listed import Bare, Head, ReceiptMark, read_list, sized

_PROGRAM_TEXT = 64


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
        return cls(read_list(reader, Head.read))


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
        return cls(read_list(reader, ReceiptMark.read))


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
        return cls(read_list(reader, lambda item: item.fixed(HASH_BYTES)))


@dataclass(frozen=True, slots=True)
class Told(Bare):
    """The speaker's lists are complete."""

    TYPE: ClassVar[int] = 0x06
