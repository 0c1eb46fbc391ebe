"""What a re-sealer signs (docs/spec/parcel.md §3)."""

from dataclasses import dataclass, replace
from typing import Self

from common.crypto.wire import Reader, Writer
from common.domain.node import NodeId
from common.journal.batch_header import Seal
from common.journal.binding import Binding, from_one
from common.journal.limits import NODE_ID_MAX


@dataclass(frozen=True, slots=True)
class ResealStatement:
    """The same run sealed again: who did it, for whom, and the new sealed part.

    Attributes:
        binding: the writer's, but for the readers.
        seal: sizes and hash of the new sealed part.
        sealer: the reader who sealed the run again.
        generation: the sealer's, from 1.
    """

    binding: Binding
    seal: Seal
    sealer: NodeId
    generation: int

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        writer = Writer()
        self.binding.write(writer)
        self.seal.write(writer)
        return writer.text(self.sealer.text, NODE_ID_MAX).uint(self.generation).done()

    @classmethod
    def decode(cls, data: bytes, binding: Binding) -> Self:
        """Return the statement of its bytes.

        Args:
            data: the encoding.
            binding: the writer's, which it must repeat; ``FormatError`` where it does not.
        """
        reader = Reader(data)
        statement = cls(
            binding=Binding.read(reader, resealed=True),
            seal=Seal.read(reader),
            sealer=reader.text_as(NodeId, NODE_ID_MAX),
            generation=from_one(reader),
        )
        reader.end()
        if replace(statement.binding, readers=binding.readers) != binding:
            raise reader.fail("the re-seal is of another run")
        if statement.sealer not in binding.journal.readers() | {binding.journal.writer}:
            raise reader.fail("the re-sealer is no reader of the journal")
        return statement
