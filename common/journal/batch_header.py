"""What the writer of a batch signs (docs/spec/parcel.md §1): binding, seal, attachments."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from common.crypto.hashing import digest
from common.crypto.wire import Reader, Writer
from common.journal.binding import Binding, from_one
from common.journal.ids import HASH_BYTES
from common.journal.limits import ATTACHMENT_MAX, ATTACHMENTS_MAX, BATCH_MAX, PACKED_MAX, PLAIN_MAX

_SEALED = b"jiujin/sealed/1\0"


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """An attachment that an entry of the batch names: 32-byte parcel name and plain length."""

    name: bytes
    length: int


@dataclass(frozen=True, slots=True)
class Seal:
    """Sizes and hash of the sealed part.

    Attributes:
        plain_length: of the run, 1 to ``PLAIN_MAX``.
        packed_length: of its zstd frame.
        sealed_length: of the sealed part.
        sealed_hash: 32 bytes.
    """

    plain_length: int
    packed_length: int
    sealed_length: int
    sealed_hash: bytes

    def write(self, writer: Writer) -> None:
        """Append the encoding."""
        writer.uint(self.plain_length).uint(self.packed_length).uint(self.sealed_length)
        writer.fixed(self.sealed_hash, HASH_BYTES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read what ``write`` appends; ``FormatError`` for a length out of range (rule 6)."""
        return cls(
            plain_length=from_one(reader, PLAIN_MAX),
            packed_length=from_one(reader, PACKED_MAX),
            sealed_length=reader.uint(BATCH_MAX),
            sealed_hash=reader.fixed(HASH_BYTES),
        )


@dataclass(frozen=True, slots=True)
class BatchHeader:
    """What the writer signs; its bytes are kept beside it, never written again.

    Attributes:
        binding: what the seal is bound to.
        seal: sizes and hash of the sealed part the writer made.
        attachments: in rising order of name.
    """

    binding: Binding
    seal: Seal
    attachments: tuple[AttachmentRef, ...]

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        writer = Writer()
        self.binding.write(writer)
        self.seal.write(writer)
        return writer.items(self.attachments, ATTACHMENTS_MAX, _write_attachment).done()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the header of its bytes; ``FormatError`` where they break a rule of parcel.md §1."""
        reader = Reader(data)
        binding, seal = Binding.read(reader, resealed=False), Seal.read(reader)
        attachments = reader.items(ATTACHMENTS_MAX, _read_attachment)
        if any(one.name >= two.name for one, two in pairwise(attachments)):
            raise reader.fail("attachments are not in order")
        reader.end()
        return cls(binding, seal, attachments)


def sorted_attachments(attachments: Collection[AttachmentRef]) -> tuple[AttachmentRef, ...]:
    """Return attachments in the order of a header, each once.

    Raises:
        ValueError: one name stands with two lengths.
    """
    named = {ref.name: ref for ref in attachments}
    if not set(attachments) <= set(named.values()):
        raise ValueError("one attachment has two lengths")
    return tuple(sorted(named.values(), key=lambda ref: ref.name))


def sealed_hash(sealed: bytes) -> bytes:
    """Return the 32-byte hash of a sealed part."""
    return digest(_SEALED, sealed)


def _write_attachment(writer: Writer, ref: AttachmentRef) -> None:
    writer.fixed(ref.name, HASH_BYTES).uint(ref.length)


def _read_attachment(reader: Reader) -> AttachmentRef:
    return AttachmentRef(reader.fixed(HASH_BYTES), reader.uint(ATTACHMENT_MAX))
