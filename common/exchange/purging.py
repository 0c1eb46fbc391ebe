"""Purge: closed cases leave a station's or township's disk when all that must be sure is sure (design §4).

The rule is in :mod:`common.domain.retention` and :mod:`common.journal.witnesses`; here it is asked of one
case after another, and what may go goes: bodies in one transaction of the vault, files and sealed runs after
it (:mod:`common.exchange.clearing`).
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from common.casework.acting import newest_hub_time
from common.casework.archiving import archive
from common.casework.book import Shelf, folded, shelf, summary_of
from common.casework.desk import Desk
from common.domain.case import Case
from common.domain.case_summary import CaseSummary
from common.domain.course import ENDED
from common.domain.item import RETENTION_DAYS
from common.domain.kinds import ORDERS
from common.domain.node import NodeId
from common.domain.retention import Kept, kept_by_case
from common.domain.times import china_day, from_milliseconds
from common.exchange.clearing import clear
from common.exchange.exchange import Exchange, Unlocked
from common.exchange.witnessing import standings
from common.journal.case_summary import sign_summary
from common.journal.witnesses import Standing
from common.store import entries, exchange_queries, ledger, parcels
from common.store.case_rows import CaseRow
from common.store.engine import Tx
from common.store.rows import EntryRow

_AT_ONCE = 100
Run = tuple[bytes, int, int]
"""A journal's digest, first and last number."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What the rule said of one case.

    Attributes:
        kept: why it stays; empty: it may go, or has gone.
        lacking: readers that have not applied it.
    """

    case_id: UUID
    number: str
    title: str
    kept: tuple[Kept, ...] = ()
    lacking: tuple[NodeId, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    row: CaseRow
    case: Case
    entries: Sequence[EntryRow]
    here: Shelf


async def look(exchange: Exchange) -> AsyncIterator[Looked]:
    """Yield what the rule says of every closed case that is not archived yet; nothing is changed."""
    unlocked = exchange.unlocked
    if unlocked is None or exchange.node.is_hub:
        return
    today = await _hub_day(unlocked.desk)
    async for seen in _closed(unlocked.desk):
        yield await _looked(exchange, unlocked.desk, seen, today)


async def purge(exchange: Exchange) -> int:
    """Let everything leave this disk that may; return how many cases did. The hub keeps all, always."""
    unlocked = exchange.unlocked
    if unlocked is None or exchange.node.is_hub:
        return 0
    today, gone = await _hub_day(unlocked.desk), 0
    async for seen in _closed(unlocked.desk):
        looked = await _looked(exchange, unlocked.desk, seen, today)
        if today is not None and not looked.kept:
            gone += await _archive(exchange, unlocked, seen, today)
    await clear(exchange)
    return gone


async def _hub_day(desk: Desk) -> date | None:
    """Return the day the hub last signed: a device's own clock, set ahead, must end no retention."""
    at = await newest_hub_time(desk)
    return None if at is None else china_day(at)


async def _closed(desk: Desk) -> AsyncIterator[_Seen]:
    wanted = ledger.LedgerFilter(states=tuple(ENDED), whole_only=True)
    after: ledger.Place | None = None
    while True:
        page = await desk.vault.read(partial(ledger.page, wanted=wanted, after=after, limit=_AT_ONCE))
        for seen in await desk.vault.read(partial(_folded, rows=page.cases)):
            yield seen
        after = page.after
        if after is None:
            return


async def _folded(tx: Tx, rows: Sequence[CaseRow]) -> list[_Seen]:
    here, found = await shelf(tx), []
    for row in rows:
        case_id = UUID(row.case_id)
        of_case = await entries.of_case(tx, row.case_id)
        case = folded(case_id, of_case, here, await summary_of(tx, case_id))
        found.append(_Seen(row, case, of_case, here))
    return found


async def _looked(exchange: Exchange, desk: Desk, seen: _Seen, today: date | None) -> Looked:
    row = seen.row
    item = desk.rules.version(row.item_code, row.item_version)
    retention = item.retention_days if item else RETENTION_DAYS
    last = max(china_day(from_milliseconds(one.time_ms)) for one in seen.entries)
    kept = list(kept_by_case(seen.case, last, retention, today))
    lacking: frozenset[NodeId] = frozenset()
    if not kept:  # receipts are verified one by one: only where they decide
        runs = await _runs(exchange, seen)
        known = await standings(exchange, {digest for digest, _, _ in runs}, seen.here.left)
        lacking = frozenset(node for run in runs for node in _lacking(known, run))
        safe = all(digest in known and known[digest].safe(last) for digest, _, last in runs)
        kept += [Kept.NOT_APPLIED] * bool(lacking) + [Kept.NOT_SAFE] * (not safe)
    return Looked(seen.case.case_id, row.number, row.title, tuple(kept), tuple(sorted(lacking)))


def _lacking(known: Mapping[bytes, Standing], run: Run) -> tuple[NodeId, ...]:
    digest, first, last = run
    return known[digest].lacking(first, last) if digest in known else ()


async def _runs(exchange: Exchange, seen: _Seen) -> list[Run]:
    """Return a case's entries as runs, each with the sealed batches that hold it: those leave with it."""
    numbers: dict[bytes, list[int]] = defaultdict(list)
    for row in seen.entries:
        if row.kind not in ORDERS:
            numbers[seen.here.journals[row.journal_id].digest].append(row.number)
    return await exchange.open.read(partial(_with_batches, numbers=numbers))


async def _with_batches(tx: Tx, numbers: Mapping[bytes, Sequence[int]]) -> list[Run]:
    heads = await exchange_queries.journals_by_digest(tx, numbers)
    runs: list[Run] = []
    for digest, of_case in numbers.items():
        for number in of_case:
            batches = await parcels.covering(tx, heads[digest].id, number) if digest in heads else []
            runs += [(digest, one.first_number, one.last_number) for one in batches]
            runs.append((digest, number, number))
    return runs


async def _archive(exchange: Exchange, unlocked: Unlocked, seen: _Seen, today: date) -> bool:
    def sign(summary: CaseSummary) -> bytes:
        return sign_summary(summary, exchange.node, exchange.generation, unlocked.keys.signing).encode()

    places = {(row.journal_id, row.number) for row in seen.entries}

    async def work(tx: Tx) -> bool:
        return await archive(tx, unlocked.desk, seen.case.case_id, places, today, sign)

    return await unlocked.desk.vault.write(work)
