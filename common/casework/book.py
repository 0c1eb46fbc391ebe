"""Reading a case from its entries: rows in, the fold's one state out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from common.casework.errors import ArchivedError, ErasedError, UnknownCaseError
from common.domain.audience import Audience
from common.domain.bodies.facts import CustodyTaken, HandedOver
from common.domain.bodies.records import EpochOpened
from common.domain.case import Case, CaseEntry, EntryRef
from common.domain.case_summary import CaseSummary
from common.domain.entries import FIRST_FENCE, EntryClass, FactPosition, Fence
from common.domain.fold import fold
from common.domain.kinds import ASIDE, KINDS
from common.domain.node import NodeId
from common.domain.times import from_milliseconds
from common.journal.body import UnknownBody, decode_body
from common.journal.case_summary import read_summary
from common.journal.errors import BodyError
from common.store import entries, journals, summaries
from common.store.engine import Tx
from common.store.rows import EntryRow, JournalRow

Bodies = dict[tuple[int, int], object]
"""Decoded bodies of entries by (journal_id, number)."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """Entries that came just now and need not be read and decoded again.

    Attributes:
        rows: every entry of cases of which nothing was here before, by case id, as the table holds them.
        bodies: bodies of theirs and of others that came.
    """

    rows: Mapping[str, Sequence[EntryRow]] = field(default_factory=dict)
    bodies: Bodies = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The journals held here, by their key, and what is fresh.

    Attributes:
        journals: their heads.
        ranks: how many epochs of its writer came before each.
        left: epochs that a later one of the same writer names as the one before it.
        names: each one's digest in hex, the way entries are named.
        writers: who writes each.
    """

    journals: Mapping[int, JournalRow]
    ranks: Mapping[int, int]
    left: frozenset[bytes] = frozenset()
    fresh: Fresh = field(default_factory=Fresh)
    names: Mapping[int, str] = field(init=False)
    writers: Mapping[int, NodeId] = field(init=False)

    def __post_init__(self) -> None:
        """Write down once for each journal what every entry of it is asked for."""
        names = {key: head.digest.hex() for key, head in self.journals.items()}
        writers = {key: NodeId(head.writer) for key, head in self.journals.items()}
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "writers", writers)


async def shelf(tx: Tx, fresh: Fresh | None = None) -> Shelf:
    """Return the journals' heads and ranks, once for any number of cases."""
    heads = {head.id: head for head in await journals.heads(tx)}
    before: dict[tuple[str, bytes], bytes] = {}
    for row in await entries.first_of(tx, heads, "epoch_opened"):
        body = _body(row) if row.status != "refused" else None
        head = heads[row.journal_id]
        if isinstance(body, EpochOpened) and body.old_epoch:
            before[head.audience, head.epoch] = bytes.fromhex(body.old_epoch)
    ranks = {key: _rank(head, before) for key, head in heads.items()}
    return Shelf(heads, ranks, frozenset(before.values()), fresh or Fresh())


async def entries_of(tx: Tx, case_ids: Collection[UUID], here: Shelf) -> dict[str, Sequence[EntryRow]]:
    """Return every entry of these cases by case id, in order of (journal_id, number)."""
    names = list(map(str, case_ids))
    fresh = {name: here.fresh.rows[name] for name in names if name in here.fresh.rows}
    return fresh | await entries.of_cases(tx, [name for name in names if name not in fresh])


def _rank(head: JournalRow, before: Mapping[tuple[str, bytes], bytes]) -> int:
    """Count within the audience alone: all its readers then count alike."""
    epoch, seen = head.epoch, {head.epoch}
    while (older := before.get((head.audience, epoch))) is not None and older not in seen:
        seen.add(older)
        epoch = older
    return len(seen) - 1


def decode(row: EntryRow, here: Shelf) -> CaseEntry:
    """Return a case's entry decoded; a body that is gone or makes no sense is None.

    A fact whose body is none of ours stops the case, as an unknown kind does.
    """
    body = _body(row, here.fresh.bodies)
    known = row.kind in KINDS and (body is not None or row.body is None)
    return CaseEntry(
        EntryRef(here.ranks[row.journal_id], here.names[row.journal_id], row.number),
        here.writers[row.journal_id],
        EntryClass(row.entry_class),
        row.kind,
        from_milliseconds(row.time_ms),
        FactPosition(Fence(row.takings or 0, row.moves or 0), row.fact_number or 0)
        if row.takings is not None
        else FactPosition(FIRST_FENCE, 0),
        body,
        known,
    )


def _body(row: EntryRow, fresh: Mapping[tuple[int, int], object] | None = None) -> object:
    if row.body is None:
        return None
    known = fresh.get((row.journal_id, row.number)) if fresh else None
    if known is not None:
        return known
    try:
        body = decode_body(row.kind, row.body)
    except BodyError:
        return None
    return None if isinstance(body, UnknownBody) else body


def folded(case_id: UUID, rows: Sequence[EntryRow], here: Shelf, summary: CaseSummary | None = None) -> Case:
    """Return the state that these entries of one case tell; refused ones do not count.

    What a citation shows stands among them under its own identity. With a ``summary`` only entries that came
    after it do.
    """
    counted = [row for row in rows if row.status != "refused" and row.kind not in ASIDE]
    counted = [row for row in counted if not covered(row, here, summary)]
    decoded = [decode(row, here) for row in counted]
    members = entitled(decoded, rows, here, summary)
    if members is None:
        return fold(case_id, decoded, summary)
    heard = [one for one in decoded if one.entry_class is EntryClass.FACT or str(one.writer) in members]
    return fold(case_id, heard, summary)


def covered(row: EntryRow, here: Shelf, summary: CaseSummary | None) -> bool:
    """Whether a case's summary stands for the entry."""
    if summary is None:
        return False
    return row.number <= summary.covers.get(here.journals[row.journal_id].digest.hex(), 0)


def entitled(
    decoded: Sequence[CaseEntry], rows: Sequence[EntryRow], here: Shelf, summary: CaseSummary | None = None
) -> set[str] | None:
    """Return the nodes whose requests and records count (journal.md §7); None where nobody knows yet."""
    begun = [row for row in rows if begins(row)]
    if not begun and summary is None:
        return None
    if summary is not None:
        members = set(summary.members)
    else:
        head = here.journals[begun[0].journal_id]
        members = {str(node) for node in Audience(head.audience).members(head.writer[:6])}
    for one in sorted(decoded, key=lambda entry: entry.position):
        if isinstance(one.body, HandedOver | CustodyTaken) and str(one.writer) in members:
            members.add(one.body.to)
    return members


def begins(row: EntryRow) -> bool:
    """Whether a case begins with this entry; an erased one proves nothing: anybody could have written it."""
    return row.kind == "submitted" and row.status != "refused" and row.body is not None


async def load(tx: Tx, case_id: UUID, here: Shelf | None = None) -> Case:
    """Return a case as its entries tell it now.

    Raises:
        ArchivedError: its bodies have left this disk; carries what stays. Else as :func:`load_what_stays`.
    """
    case = await load_what_stays(tx, case_id, here)
    if case.summary is not None:
        raise ArchivedError(case)
    return case


async def load_what_stays(tx: Tx, case_id: UUID, here: Shelf | None = None) -> Case:
    """Return a case as its entries tell it now, or as its summary and what came since do.

    Raises:
        UnknownCaseError: nothing of it is here.
        ErasedError: it was erased by order of the hub.
    """
    rows = await entries.of_case(tx, str(case_id))
    if not rows:
        raise UnknownCaseError
    here = here or await shelf(tx)
    if any(orders_erasure(row, here) for row in rows):
        raise ErasedError
    return folded(case_id, rows, here, await summary_of(tx, case_id))


async def summary_of(tx: Tx, case_id: UUID) -> CaseSummary | None:
    """Return what stays here of a purged case; None where the case is whole."""
    kept = await summaries.find(tx, str(case_id))
    return None if kept is None else read_summary(kept.statement)


def orders_erasure(row: EntryRow, here: Shelf) -> bool:
    """Whether the entry is the hub's order to erase its case; an older program may have kept another's."""
    ordered = row.kind == "case_erased" and row.status != "refused"
    return ordered and NodeId(here.journals[row.journal_id].writer).is_hub


async def erased(tx: Tx, case_ids: Collection[UUID], here: Shelf | None = None) -> frozenset[UUID]:
    """Return those of the cases that the hub ordered to be erased."""
    rows = await entries.of_kind_in(tx, "case_erased", [str(case_id) for case_id in case_ids])
    if not rows:
        return frozenset()
    here = here or await shelf(tx)
    return frozenset(UUID(row.case_id) for row in rows if row.case_id and orders_erasure(row, here))


async def beginning(tx: Tx, case_id: UUID) -> tuple[JournalRow, int]:
    """Return the journal a case begins in and the number of its first entry there.

    Raises:
        UnknownCaseError: nothing of it is here.
    """
    for row in await entries.of_case(tx, str(case_id)):
        if begins(row):
            return await journals.by_id(tx, row.journal_id), row.number
    raise UnknownCaseError


async def audience_of_case(tx: Tx, case_id: UUID) -> str:
    """Return the audience its first entry was written for; an unknown case is an ``UnknownCaseError``."""
    head, _ = await beginning(tx, case_id)
    return head.audience
