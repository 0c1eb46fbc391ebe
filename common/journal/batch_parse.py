"""Reading a batch from the outside (docs/spec/parcel.md §1): form and signatures, nothing opened."""

from dataclasses import dataclass

from common.crypto.sealing import KEY_ID_BYTES
from common.crypto.signing import SIGNATURE_BYTES, verify
from common.crypto.symmetric import TAG_BYTES
from common.crypto.wire import FormatError, Reader
from common.domain.node import NodeId
from common.journal.batch_header import BatchHeader, Seal, sealed_hash
from common.journal.binding import Binding, Suite
from common.journal.errors import SealedBytesError
from common.journal.ids import JournalId, parcel_name
from common.journal.limits import BATCH_HEADER_MAX, BATCH_MAX, READERS_MAX, WRAP_MAX
from common.journal.reseal_statement import ResealStatement

MAGIC = b"JJB1"
BATCH = b"jiujin/batch/1\0"
RESEAL = b"jiujin/reseal/1\0"


@dataclass(frozen=True, slots=True)
class Reseal:
    """A re-seal on a batch: the statement, its bytes and the sealer's signature over them."""

    statement: ResealStatement
    raw: bytes
    signature: bytes

    @property
    def signer(self) -> tuple[NodeId, int]:
        """The node and generation that must have signed."""
        return self.statement.sealer, self.statement.generation


@dataclass(frozen=True, slots=True)
class ParsedBatch:
    """A batch in right form; whom to believe is not yet asked.

    Attributes:
        name: the parcel's 32-byte name.
        header: what the writer says.
        raw_header: the bytes the writer's signature covers.
        signature: the writer's.
        reseal: set where a reader sealed the run again.
        wraps: the wrapped key for each reader of ``binding``, in its order.
        ciphertext: the packed run, sealed (suite 0: open).
    """

    name: bytes
    header: BatchHeader
    raw_header: bytes
    signature: bytes
    reseal: Reseal | None
    wraps: tuple[bytes, ...]
    ciphertext: bytes

    @property
    def journal(self) -> JournalId:
        """Whose entries they are."""
        return self.header.binding.journal

    @property
    def writer(self) -> tuple[NodeId, int]:
        """The node and generation that must have signed the header."""
        return self.journal.writer, self.header.binding.generation

    @property
    def binding(self) -> Binding:
        """The binding the sealed part is bound to: the re-seal's, else the header's."""
        return self.reseal.statement.binding if self.reseal else self.header.binding

    @property
    def seal(self) -> Seal:
        """The seal the sealed part answers to: the re-seal's, else the header's."""
        return self.reseal.statement.seal if self.reseal else self.header.seal


def parse_batch(data: bytes) -> ParsedBatch:
    """Return the parts of a batch, its form checked.

    Args:
        data: the whole parcel.

    Raises:
        FormatError: a rule of parcel.md §1 but the eighth is broken.
        SealedBytesError: the eighth is: the sealed part is not the one named.
    """
    if len(data) > BATCH_MAX:
        raise FormatError("a batch above its limit", BATCH_MAX)
    reader = Reader(data)
    if reader.fixed(len(MAGIC)) != MAGIC:
        raise reader.fail("not a batch")
    raw_header, signature = reader.blob(BATCH_HEADER_MAX), reader.fixed(SIGNATURE_BYTES)
    header = BatchHeader.decode(raw_header)
    reseal = _read_reseal(reader, header.binding) if reader.flag() else None
    statement = reseal.statement if reseal else header
    sealed = reader.rest()
    if len(sealed) != statement.seal.sealed_length or sealed_hash(sealed) != statement.seal.sealed_hash:
        raise SealedBytesError("the sealed part is not the one its header names")
    wraps, ciphertext = _split_sealed(sealed, statement.binding, statement.seal)
    return ParsedBatch(parcel_name(data), header, raw_header, signature, reseal, wraps, ciphertext)


def verify_batch(parsed: ParsedBatch, signing_key: bytes) -> None:
    """Insist that the writer's signature is by this key (32 bytes); ``BadSignatureError`` otherwise."""
    verify(signing_key, BATCH, parsed.raw_header, parsed.signature)


def verify_reseal(reseal: Reseal, signing_key: bytes) -> None:
    """Insist that the re-sealer's signature is by this key (32 bytes); ``BadSignatureError`` otherwise."""
    verify(signing_key, RESEAL, reseal.raw, reseal.signature)


def _read_reseal(reader: Reader, binding: Binding) -> Reseal:
    raw, signature = reader.blob(BATCH_HEADER_MAX), reader.fixed(SIGNATURE_BYTES)
    return Reseal(ResealStatement.decode(raw, binding), raw, signature)


def _split_sealed(sealed: bytes, binding: Binding, seal: Seal) -> tuple[tuple[bytes, ...], bytes]:
    reader = Reader(sealed)
    wraps = reader.items(READERS_MAX, _read_wrap)
    if [key_id for key_id, _ in wraps] != [ref.key_id for ref in binding.readers]:
        raise reader.fail("the wraps are not those of the readers")
    ciphertext = reader.rest()
    if len(ciphertext) != seal.packed_length + (0 if binding.suite is Suite.OPEN else TAG_BYTES):
        raise reader.fail("the ciphertext has another length")
    return tuple([wrapped for _, wrapped in wraps]), ciphertext


def _read_wrap(reader: Reader) -> tuple[bytes, bytes]:
    return reader.fixed(KEY_ID_BYTES), reader.blob(WRAP_MAX)
