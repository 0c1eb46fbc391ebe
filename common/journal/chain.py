"""Entries as stored, runs of them, and the chain that binds them (docs/spec/journal.md §3, §4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from common.crypto.wire import FormatError, Writer
from common.journal.entry import EntryHeader
from common.journal.ids import HASH_BYTES
from common.journal.limits import BODY_MAX, CITABLE_BODY_MAX, HEADER_MAX, RUN_MAX
from common.journal.scan import scan_uint

SALT_BYTES = 16
CITED_KIND = "cited"
_BODY = b"jiujin/body/1\0"
_ENTRY = b"jiujin/entry/1\0"
_WHOLE, _ERASED = 0, 1


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One entry, its bytes as its writer wrote them; made by the functions of this module only.

    Attributes:
        header: 1 to 128 bytes, not yet decoded: a bad one spoils its own entry only.
        salt: 16 bytes; None once erased.
        body: JSON in UTF-8; None once erased.
        digest: 32-byte body digest, which stays.
    """

    header: bytes
    salt: bytes | None
    body: bytes | None
    digest: bytes

    @property
    def erased(self) -> bool:
        """Whether body and salt are gone."""
        return self.body is None

    def erase(self) -> "StoredEntry":
        """Return the entry without body and salt; its chain hash stays the same."""
        return StoredEntry(self.header, None, None, self.digest)


def body_digest(salt: bytes, body: bytes) -> bytes:
    """Return the 32 bytes that stand for a body in the chain."""
    return sha256(b"".join((_BODY, salt, body))).digest()


def write_entry(header: EntryHeader, body: bytes, salt: bytes) -> StoredEntry:
    """Return a new entry.

    Args:
        header: what is said outside the body.
        body: JSON in UTF-8, at most ``BODY_MAX`` bytes (``CITABLE_BODY_MAX`` in a case, citations excepted).
        salt: 16 fresh random bytes.

    Raises:
        ValueError: the salt is not 16 bytes or the body is too long.
    """
    citable = header.case_id is not None and header.kind != CITED_KIND
    if len(salt) != SALT_BYTES or len(body) > (CITABLE_BODY_MAX if citable else BODY_MAX):
        raise ValueError("an entry has a salt of 16 bytes and a body within its limit")
    return StoredEntry(header.encode(), salt, body, body_digest(salt, body))


def chain(previous: bytes, entry: StoredEntry) -> bytes:
    """Return the chain hash after ``entry``; ``previous`` is the one before it, or the journal digest."""
    # The header's length is below 128 by its limit's very choice, or exactly 128: one byte, or two.
    header = entry.header
    size = bytes((len(header),)) if len(header) < HEADER_MAX else b"\x80\x01"
    return sha256(b"".join((_ENTRY, previous, size, header, entry.digest))).digest()


def chain_run(before: bytes, entries: Iterable[StoredEntry]) -> list[bytes]:
    """Return the chain hash after each entry, in order."""
    hashes = []
    for entry in entries:
        before = chain(before, entry)
        hashes.append(before)
    return hashes


def encode_entry(entry: StoredEntry) -> bytes:
    """Return the entry as it stands in a run."""
    writer = Writer().blob(entry.header, HEADER_MAX)
    if entry.salt is None or entry.body is None:
        return writer.uint(_ERASED).fixed(entry.digest, HASH_BYTES).done()
    return writer.uint(_WHOLE).fixed(entry.salt, SALT_BYTES).blob(entry.body, BODY_MAX).done()


def decode_entry(data: bytes) -> StoredEntry:
    """Return the entry of its encoding; ``FormatError`` for anything else."""
    return decode_run(data, 1)[0]


def encode_run(entries: Sequence[StoredEntry]) -> bytes:
    """Return entries as the plain run of a batch."""
    return b"".join(map(encode_entry, entries))


def decode_run(data: bytes, count: int) -> tuple[StoredEntry, ...]:
    """Return the entries of a plain run.

    Args:
        data: the whole run.
        count: how many entries its header announces, at most ``RUN_MAX``.

    Raises:
        FormatError: the bytes are not exactly that many entries.
    """
    if count > RUN_MAX:
        raise FormatError("too many entries", 0)
    entries, at = [], 0
    try:
        for _ in range(count):
            entry, at = _scan_entry(data, at)
            entries.append(entry)
    except IndexError as error:
        raise FormatError("a run cut off", len(data)) from error
    if at != len(data):
        raise FormatError("a run cut off, or bytes after its end", at)
    return tuple(entries)


def _scan_entry(data: bytes, at: int) -> tuple[StoredEntry, int]:
    # By offset instead of by Reader: a run has up to a thousand entries. A slice beyond the end comes out
    # short; the next index, or the comparison after the last entry, finds that.
    size, at = scan_uint(data, at)
    if not 1 <= size <= HEADER_MAX:
        raise FormatError("an entry header of a wrong length", at)
    header, at = data[at : at + size], at + size
    form, at = data[at], at + 1
    if form == _ERASED:
        return StoredEntry(header, None, None, data[at : at + HASH_BYTES]), at + HASH_BYTES
    if form != _WHOLE:
        raise FormatError("an entry of unknown form", at)
    salt = data[at : at + SALT_BYTES]
    size, at = scan_uint(data, at + SALT_BYTES)
    if size > BODY_MAX:
        raise FormatError("a body above its limit", at)
    body = data[at : at + size]
    return StoredEntry(header, salt, body, body_digest(salt, body)), at + size
