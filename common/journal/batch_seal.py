"""Sealing a run into a batch (docs/spec/parcel.md §2)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from common.crypto.sealing import wrap
from common.crypto.signing import SIGNATURE_BYTES, SigningKey
from common.crypto.symmetric import KEY_BYTES, encrypt, random_bytes
from common.crypto.wire import Writer
from common.journal.batch_header import (
    AttachmentRef,
    BatchHeader,
    Seal,
    sealed_hash,
    sorted_attachments,
)
from common.journal.batch_open import NONCE
from common.journal.batch_parse import BATCH, MAGIC
from common.journal.binding import Binding, ReaderKey, Suite, sorted_refs
from common.journal.chain import StoredEntry, chain_run, encode_run
from common.journal.ids import JournalId, parcel_name
from common.journal.limits import BATCH_HEADER_MAX, PLAIN_MAX, READERS_MAX, RUN_MAX, WRAP_MAX
from common.journal.packing import pack


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """A batch ready to travel.

    Attributes:
        data: the parcel's bytes.
        name: its 32-byte name.
        header: what its writer signed.
    """

    data: bytes
    name: bytes
    header: BatchHeader


def seal_batch(  # noqa: PLR0913 - a run, its place, who signs and for whom: each is asked once
    journal: JournalId,
    first: int,
    before: bytes,
    entries: Sequence[StoredEntry],
    readers: Iterable[ReaderKey],
    signer: SigningKey,
    writer_generation: int,
    *,
    attachments: Collection[AttachmentRef] = (),
) -> SealedBatch:
    """Return a run of one journal sealed to its readers and signed by its writer.

    Args:
        journal: whose entries they are.
        first: number of the first entry, from 1.
        before: chain hash at ``first - 1``, 32 bytes.
        entries: 1 to 1,000, at most 1 MiB encoded.
        readers: a certified key for each reader, none for ``public``; ``BadKeyError`` where one is none.
        signer: the writer's signing key.
        writer_generation: of that key.
        attachments: those its entries name.

    Raises:
        ValueError: a limit or a rule of parcel.md §1 would be broken.
    """
    keys = sorted(readers, key=lambda key: key.node)
    plain = encode_run(entries)
    if not 1 <= len(entries) <= RUN_MAX or len(plain) > PLAIN_MAX:
        raise ValueError("a batch is 1 to 1,000 entries and at most 1 MiB")
    binding = Binding(
        suite=Suite.OPEN if journal.audience.is_public else Suite.HYBRID,
        journal=journal,
        first=first,
        count=len(entries),
        before=before,
        after=chain_run(before, entries)[-1],
        generation=writer_generation,
        readers=sorted_refs(keys),
    )
    broken = binding.broken_rule(resealed=False)
    if broken:
        raise ValueError(broken)
    seal, sealed = seal_run(binding, plain, keys)
    header = BatchHeader(binding, seal, sorted_attachments(attachments))
    raw = header.encode()
    data = assemble(raw, signer.sign(BATCH, raw), b"\0", sealed)
    return SealedBatch(data, parcel_name(data), header)


def seal_run(binding: Binding, plain: bytes, keys: Sequence[ReaderKey]) -> tuple[Seal, bytes]:
    """Return seal and sealed part of an encoded run.

    Args:
        binding: what it is bound to; its readers are those of ``keys``.
        plain: the encoded run.
        keys: in the binding's order; ``BadKeyError`` where one is none.
    """
    packed = pack(plain)
    writer = Writer()
    if binding.suite is Suite.OPEN:
        sealed = writer.uint(0).raw(packed).done()
    else:
        secret, info = random_bytes(KEY_BYTES), binding.associated_data()
        wraps = [(key.ref().key_id, wrap(key.public, secret, info)) for key in keys]
        writer.items(wraps, READERS_MAX, _write_wrap)
        sealed = writer.raw(encrypt(secret, NONCE, packed, info)).done()
    return Seal(len(plain), len(packed), len(sealed), sealed_hash(sealed)), sealed


def assemble(raw_header: bytes, signature: bytes, reseal: bytes, sealed: bytes) -> bytes:
    """Return the parcel's bytes; ``reseal`` is the encoded flag with what follows it."""
    writer = Writer().raw(MAGIC).blob(raw_header, BATCH_HEADER_MAX).fixed(signature, SIGNATURE_BYTES)
    return writer.raw(reseal).raw(sealed).done()


def _write_wrap(writer: Writer, item: tuple[bytes, bytes]) -> None:
    key_id, wrapped = item
    writer.raw(key_id).blob(wrapped, WRAP_MAX)
