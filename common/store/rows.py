"""What goes into the store and comes out of it: one frozen dataclass a table, plain values only.

Times are whole milliseconds since 1970 UTC (names end in ``_ms``), days are China days, node ids and UUIDs
are text, hashes are 32 bytes. Field names are the columns' names. ``journal_id`` is a journal's key in one
database only: never carry it to another, use the digest.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A journal's head. Numbers count from 0 (nothing), the hash of 0 is the journal's digest."""

    id: int
    digest: bytes
    writer: str
    epoch: bytes
    audience: str
    held_number: int
    held_hash: bytes
    applied_number: int
    applied_hash: bytes
    sealed_number: int
    state: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry; ``salt`` and ``body`` are None once erased.

    Attributes:
        status: applied, waiting, set_aside, refused or stopped; ``reason`` is a short code.
    """

    journal_id: int
    number: int
    hash: bytes
    header: bytes
    salt: bytes | None
    body: bytes | None
    body_digest: bytes
    entry_class: int
    kind: str
    case_id: str | None
    takings: int | None
    moves: int | None
    fact_number: int | None
    time_ms: int
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A parcel without its bytes.

    Attributes:
        kind: batch, attachment or letter.
        journal_id: of a batch, and of an attachment the journal whose run (first, last) names it.
        state: partial, held, opened, quarantined or refused; gone (its bytes left this disk by rule),
            recalled (gone, and asked for again for a peer that lacks it) or erased (by order, never to come
            again); ``reason`` is a short code.
    """

    name: bytes
    kind: str
    size: int
    journal_id: int | None
    first_number: int
    last_number: int
    chain_before: bytes | None
    chain_after: bytes | None
    state: str
    staged_ms: int
    reason: str = ""
    chunks_held: int = 0


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receiver's newest receipt for a journal."""

    journal_id: int
    receiver: str
    epoch: bytes
    counter: int
    held_number: int
    held_hash: bytes
    applied_number: int
    applied_hash: bytes
    safe_number: int
    issued_ms: int
    statement: bytes


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    """A hub's checkpoint; newest is the greatest (epoch_order, counter)."""

    epoch: bytes
    epoch_order: int
    counter: int
    hub_time_ms: int
    root: bytes
    leaf_count: int
    statement: bytes


@dataclass(frozen=True, slots=True)
class CoverRow:
    """A good cover of a journal under one of the hub's epochs; ``cover`` is its encoding."""

    journal_id: int
    epoch_order: int
    counter: int
    number: int
    hash: bytes
    cover: bytes


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A purged case's signed summary."""

    case_id: str
    archived_on: date
    statement: bytes


@dataclass(frozen=True, slots=True)
class ClearingRow:
    """What of a case has still to leave the disk.

    Attributes:
        why: purge or erase.
        files: names of attachments, hex.
        places: entries as [journal digest in hex, number].
    """

    case_id: str
    why: str
    files: list[str]
    places: list[list[Any]]


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate as signed, and whether it was revoked."""

    node: str
    generation: int
    tier: str
    parent: str | None
    name: str
    divisions: list[str]
    statement: bytes
    valid_from_ms: int
    valid_until_ms: int | None
    revoked_ms: int | None = None


@dataclass(frozen=True, slots=True)
class RevocationRow:
    """A signed revocation of (node, generation)."""

    node: str
    generation: int
    revoked_ms: int
    statement: bytes


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A sealed letter; ``sender`` and ``addressee`` are node ids, or a key id in hex before there is one."""

    name: bytes
    kind: str
    sender: str
    addressee: str
    content: bytes
    state: str
    received_ms: int


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation; state open|used|void; ``keys_digest`` says which keys have used it."""

    secret_digest: bytes
    node: str
    generation: int
    tier: str
    parent: str | None
    name: str
    divisions: list[str]
    expires_ms: int
    invited_by: str
    state: str = "open"
    keys_digest: bytes | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A sign-in; ``wraps`` maps a purpose to base64 text of a wrapped key."""

    login: str
    password_hash: str
    wraps: dict[str, str]
    roles: list[str]
    disabled: bool = False
    failed: int = 0
    locked_until_ms: int = 0


@dataclass(frozen=True, slots=True)
class PersonRow:
    """The person behind a sign-in."""

    login: str
    display_name: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A browser's session, named by the digest of its token."""

    token_digest: bytes
    login: str
    data: dict[str, Any]
    created_ms: int
    seen_ms: int
    expires_ms: int


@dataclass(frozen=True, slots=True)
class DraftRow:
    """An application being written; ``confirmed_case`` once it was handed in."""

    id: str
    owner: str
    item: str
    content: dict[str, Any]
    updated_ms: int
    confirmed_case: str | None = None


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A dated grant; ``items`` empty says every item; both end days are the last valid ones."""

    grant_id: str
    login: str
    node: str
    verbs: list[str]
    items: list[str]
    deputy: bool
    valid_from: date
    valid_until: date | None
    ended_on: date | None
    content: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnmaskRow:
    """A look behind a mask."""

    login: str
    case_id: str
    field: str
    reason: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One version of an item; ``version`` is its content's hash in hex."""

    code: str
    version: str
    name: str
    effective_from: date
    ended_on: date | None
    state: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A published catalogue or calendar; ``version`` is its content's hash in hex."""

    version: str
    number: int
    published_ms: int
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A small value under its key."""

    key: str
    value: Any
