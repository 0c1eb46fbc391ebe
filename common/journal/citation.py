"""Citations: another journal's entry shown to readers who could not read it (docs/spec/journal.md §6)."""

from dataclasses import dataclass

from common.crypto.wire import FormatError
from common.domain.audience import Audience
from common.domain.bodies.hub import Cited
from common.domain.node import NodeId
from common.journal.chain import StoredEntry, decode_entry, encode_entry
from common.journal.errors import BodyError
from common.journal.ids import HASH_BYTES, JournalId
from common.journal.limits import CITED_ENTRY_MAX


@dataclass(frozen=True, slots=True)
class Citation:
    """An entry with its place; its identity stays (journal, number).

    Attributes:
        journal: the journal it was written in.
        number: its number there, from 1.
        chain: the chain hash at that number, 32 bytes.
        entry: the entry itself.
    """

    journal: JournalId
    number: int
    chain: bytes
    entry: StoredEntry

    def __post_init__(self) -> None:
        """Refuse a place no entry has.

        Raises:
            ValueError: the number is below 1 or the hash is not 32 bytes.
        """
        if self.number < 1 or len(self.chain) != HASH_BYTES:
            raise ValueError("a citation names a number from 1 and a hash of 32 bytes")


def to_body(citation: Citation) -> Cited:
    """Return the body of the hub's ``cited`` entry.

    Raises:
        ValueError: the entry is longer than ``CITED_ENTRY_MAX``.
    """
    entry = encode_entry(citation.entry)
    if len(entry) > CITED_ENTRY_MAX:
        raise ValueError("the entry is too long to be cited")
    journal = citation.journal
    return Cited(
        writer=journal.writer.text,
        epoch=journal.epoch.hex(),
        audience=journal.audience.text,
        number=citation.number,
        chain=citation.chain.hex(),
        entry=entry.hex(),
    )


def from_body(body: Cited) -> Citation:
    """Return what a ``cited`` body shows.

    Raises:
        BodyError: a member is not of the form of journal.md §6.
    """
    try:
        journal = JournalId(NodeId(body.writer), _hex(body.epoch), Audience(body.audience))
        entry = decode_entry(_hex(body.entry, CITED_ENTRY_MAX))
        return Citation(journal, body.number, _hex(body.chain), entry)
    except (ValueError, FormatError) as error:
        raise BodyError("a citation that names no entry") from error


def _hex(text: str, limit: int = HASH_BYTES) -> bytes:
    data = bytes.fromhex(text) if len(text) <= 2 * limit else b""
    if data.hex() != text:
        raise ValueError("not lower-case hex")
    return data
