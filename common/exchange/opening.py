"""From an opened run to rows: each entry checked by itself, a bad one refused with its reason."""

from uuid import UUID

from common.casework.book import Bodies
from common.crypto.wire import FormatError
from common.domain.audience import PUBLIC
from common.domain.bodies.facts import CustodyTaken, HandedOver
from common.domain.bodies.hub import Cited, QuarantineSettled
from common.domain.bodies.records import EpochOpened
from common.domain.entries import EntryClass
from common.domain.kinds import HUB_ONLY, KINDS
from common.domain.node import NodeId
from common.domain.times import to_milliseconds
from common.journal.batch import OpenedRun
from common.journal.body import UnknownBody, decode_body
from common.journal.chain import StoredEntry
from common.journal.citation import from_body
from common.journal.entry import EntryHeader
from common.journal.errors import BodyError
from common.journal.ids import JournalId, begins_here
from common.store.rows import EntryRow

UNREADABLE = "unreadable"
"""Kind under which an entry is kept whose header says none."""


def entry_rows(
    journal: JournalId, journal_key: int, first: int, run: OpenedRun, after: int
) -> tuple[list[EntryRow], Bodies]:
    """Return the rows of a run's entries beyond number ``after``, and their bodies decoded.

    Args:
        journal: whose entries.
        journal_key: the journal's key in the database the rows go to.
        first: number of the run's first entry.
        run: the entries and their hashes.
        after: what is applied already.
    """
    digest, rows, bodies = journal.digest(), [], {}
    for number, (entry, chained) in enumerate(zip(run.entries, run.hashes, strict=True), first):
        if number > after:
            header, body, reason = _read(journal, digest, entry)
            rows.append(_row(journal_key, number, entry, chained, header, reason))
            if not reason and not isinstance(body, UnknownBody):
                bodies[journal_key, number] = body
    return rows, bodies


def entry_row(
    journal: JournalId, journal_key: int, number: int, entry: StoredEntry, chained: bytes
) -> EntryRow:
    """Return one entry's row, ``refused`` with a reason where it is none its writer may write."""
    header, _, reason = _read(journal, journal.digest(), entry)
    return _row(journal_key, number, entry, chained, header, reason)


def _row(
    journal_key: int, number: int, entry: StoredEntry, chained: bytes, header: EntryHeader | None, reason: str
) -> EntryRow:
    position = header.position if header else None
    return EntryRow(
        journal_id=journal_key,
        number=number,
        hash=chained,
        header=entry.header,
        salt=entry.salt,
        body=entry.body,
        body_digest=entry.digest,
        entry_class=int(header.entry_class if header else EntryClass.RECORD),
        kind=header.kind if header else UNREADABLE,
        case_id=str(header.case_id) if header and header.case_id else None,
        takings=position.fence.takings if position else None,
        moves=position.fence.moves if position else None,
        fact_number=position.number if position else None,
        time_ms=to_milliseconds(header.time) if header else 0,
        status="refused" if reason else "applied",
        reason=reason,
    )


def _read(journal: JournalId, digest: bytes, entry: StoredEntry) -> tuple[EntryHeader | None, object, str]:
    """Return an entry's header and body, and why it is refused, empty where it is not."""
    try:
        header = EntryHeader.decode(entry.header)
    except FormatError:
        return None, None, "bad_header"
    reason = _reason(journal, digest, header, entry)
    if reason or entry.body is None:
        return header, None, reason
    try:
        body = decode_body(header.kind, entry.body)
        _insist_on_names(body)
        if isinstance(body, Cited) and _case_cited(body) != header.case_id:
            return header, None, "not_its_case"
    except (BodyError, ValueError):
        return header, None, "bad_body"
    return header, body, ""


def _reason(journal: JournalId, digest: bytes, header: EntryHeader, entry: StoredEntry) -> str:
    known = KINDS.get(header.kind)
    if known is not None and known.entry_class is not header.entry_class:
        return "wrong_class"
    if header.kind in HUB_ONLY and not journal.writer.is_hub:
        return "not_the_hub"
    if header.kind == "submitted" and not _begins(digest, header, entry):
        return "not_its_case"
    return ""


def _case_cited(body: Cited) -> UUID | None:
    """Return the case of the entry a citation shows; a header that says none belongs to none."""
    try:
        return EntryHeader.decode(from_body(body).entry.header).case_id
    except FormatError:
        return None


def _begins(journal: bytes, header: EntryHeader, entry: StoredEntry) -> bool:
    """Whether the case is the writer's to begin; what is erased was checked before."""
    if header.case_id is None or entry.salt is None:
        return header.case_id is not None
    return begins_here(header.case_id, journal, entry.salt)


def _insist_on_names(body: object) -> None:
    """Insist that nodes and epochs a body names are some; ``ValueError`` otherwise."""
    match body:
        case HandedOver(to=to) | CustodyTaken(to=to):
            NodeId(to)
        case QuarantineSettled(parcel=parcel):
            bytes.fromhex(parcel)
        case EpochOpened(old_epoch=epoch) if epoch:
            JournalId(NodeId.of("000000", 1), bytes.fromhex(epoch), PUBLIC)
