"""Messages a program may not know: covers and figures (docs/spec/session.md §8)."""

from dataclasses import dataclass, field
from typing import ClassVar, Self

from common.crypto.wire import Reader, Writer
from common.domain.node import NodeId
from common.journal.ids import HASH_BYTES
from common.journal.limits import COVER_MAX, NODE_ID_MAX, STATEMENT_MAX
from common.sync import limits
from common.sync.listed import read_list, sized


@dataclass(frozen=True, slots=True)
class UncoveredHead:
    """A journal the speaker holds beyond the cover it has.

    Attributes:
        journal: digest of the journal's id, 32 bytes.
        number: up to where its cover goes under the newest epoch of the hub it knows; 0 for none.
    """

    journal: bytes
    number: int

    def __post_init__(self) -> None:
        """Refuse one of the wrong form.

        Raises:
            ValueError: the digest is not 32 bytes or the number is negative.
        """
        sized("a journal digest", self.journal, HASH_BYTES)
        if self.number < 0:
            raise ValueError("a number is not negative")

    def write(self, writer: Writer) -> None:
        """Append it to an encoding."""
        writer.fixed(self.journal, HASH_BYTES).uint(self.number)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read one."""
        return cls(reader.fixed(HASH_BYTES), reader.uint())


@dataclass(frozen=True, slots=True)
class FiguresMark:
    """Whose figures the speaker has, without what they say."""

    node: NodeId
    generation: int
    counter: int

    def write(self, writer: Writer) -> None:
        """Append it to an encoding."""
        writer.text(self.node.text, NODE_ID_MAX).uint(self.generation).uint(self.counter)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read one."""
        return cls(reader.text_as(NodeId, NODE_ID_MAX), reader.uint(), reader.uint())


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Part of the list of journals for which the speaker wants covers."""

    TYPE: ClassVar[int] = 0x80
    heads: tuple[UncoveredHead, ...]

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.items(self.heads, limits.MAX_LIST, lambda out, head: head.write(out))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(read_list(reader, UncoveredHead.read))


@dataclass(frozen=True, slots=True)
class Cover:
    """A cover (checkpoint.md §4); the driver checks it."""

    TYPE: ClassVar[int] = 0x81
    cover: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.blob(self.cover, COVER_MAX)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(reader.blob(COVER_MAX))


@dataclass(frozen=True, slots=True)
class FiguresHave:
    """Part of the list of nodes whose figures the speaker has."""

    TYPE: ClassVar[int] = 0x82
    marks: tuple[FiguresMark, ...]

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.items(self.marks, limits.MAX_LIST, lambda out, mark: mark.write(out))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(read_list(reader, FiguresMark.read))


@dataclass(frozen=True, slots=True)
class Figures:
    """A figures statement (figures.md); the driver checks it."""

    TYPE: ClassVar[int] = 0x83
    statement: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.blob(self.statement, STATEMENT_MAX)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(reader.blob(STATEMENT_MAX))
