"""A small county with fixed keys, and entries, batches and receipts in it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from common.crypto.sealing import SealingKey
from common.crypto.signing import SigningKey
from common.domain.audience import PUBLIC, Audience
from common.domain.entries import EntryClass, FactPosition, Fence
from common.domain.identifiers import new_id
from common.domain.node import NodeId
from common.journal.batch import AttachmentRef, ReaderKey, SealedBatch, seal_batch
from common.journal.chain import StoredEntry, write_entry
from common.journal.entry import ClockReading, EntryHeader
from common.journal.ids import JournalId

COUNTY = "130638"
HUB, TOWNSHIP, VILLAGE, NEIGHBOUR = (NodeId.of(COUNTY, number) for number in (1, 3, 417, 418))
NOW = datetime(2026, 5, 6, 1, 2, 3, 4000, tzinfo=UTC)


def seed(label: str, size: int = 32) -> bytes:
    """Return fixed bytes that look random."""
    return (sha256(label.encode()).digest() * 2)[:size]


SIGNING = {
    node: SigningKey.from_seed(seed(f"signing {node}")) for node in (HUB, TOWNSHIP, VILLAGE, NEIGHBOUR)
}
SEALING = {
    node: SealingKey.from_seeds(seed(f"mlkem {node}", 64), seed(f"x25519 {node}"))
    for node in (HUB, TOWNSHIP, VILLAGE, NEIGHBOUR)
}
KEYRING = {key.key_id(): key for key in SEALING.values()}
JOURNAL = JournalId(VILLAGE, seed("epoch", 16), Audience.township(TOWNSHIP, VILLAGE))
PUBLIC_JOURNAL = JournalId(HUB, seed("hub epoch", 16), PUBLIC)
ATTACHMENT = AttachmentRef(seed("attachment"), 70_000)


def ring(*nodes: NodeId) -> dict[bytes, SealingKey]:
    """Return the keyring of these nodes."""
    return {SEALING[node].key_id(): SEALING[node] for node in nodes}


def reader_keys(*nodes: NodeId) -> list[ReaderKey]:
    """Return the certified keys of these nodes."""
    return [ReaderKey(node, SEALING[node].public()) for node in nodes]


def case_id(number: int = 1) -> UUID:
    """Return the id of the county's case ``number``."""
    return new_id(NOW + timedelta(seconds=number), seed(f"case {number}", 10))


def fact(number: int = 1) -> EntryHeader:
    """Return the header of a case's fact."""
    return EntryHeader(
        EntryClass.FACT,
        "received",
        case_id(),
        NOW + timedelta(minutes=number),
        ClockReading(-1500, 20),
        FactPosition(Fence(0, 0), number),
    )


def run_of(count: int, label: str = "") -> tuple[StoredEntry, ...]:
    """Return ``count`` entries."""
    return tuple(
        write_entry(fact(number), b'{"on":"2026-05-06","lawful":true}', seed(f"salt {label}{number}", 16))
        for number in range(1, count + 1)
    )


def sealed(
    entries: Sequence[StoredEntry] | None = None,
    journal: JournalId = JOURNAL,
    first: int = 1,
    before: bytes | None = None,
    attachments: Sequence[AttachmentRef] = (),
) -> SealedBatch:
    """Return a batch of ``journal`` by its writer, to all its readers."""
    return seal_batch(
        journal,
        first,
        journal.digest() if before is None else before,
        run_of(2) if entries is None else entries,
        reader_keys(*journal.readers()),
        SIGNING[journal.writer],
        1,
        attachments=attachments,
    )
