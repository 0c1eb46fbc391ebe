"""The ledger: lists of cases by filters and words, a page at a time, and counts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from common.store import bulk, search
from common.store.case_rows import CaseRow
from common.store.engine import Tx
from common.store.tables import CaseRecord

PAGE = 50


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What to list: every field given must hold, each word of ``text`` occur in the case's search text."""

    text: str = ""
    states: Collection[str] = ()
    custodian: str | None = None
    owner: str | None = None
    intake_nodes: Collection[str] = ()
    item_code: str | None = None
    due_from: date | None = None
    due_until: date | None = None
    received_from: date | None = None
    received_until: date | None = None
    open_only: bool = False
    waits_only: bool = False
    whole_only: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a page ends; the next one begins after it."""

    updated_ms: int
    case_id: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases, newest change first, and where to go on (None: this is the last page)."""

    cases: tuple[CaseRow, ...]
    after: Place | None


async def page(
    tx: Tx, wanted: LedgerFilter, after: Place | None = None, limit: int = PAGE, skip: int = 0
) -> Page:
    """Return the cases that fit, newest change first, from after a place, or past the first ``skip``."""
    query = (await _chosen(tx, wanted)).offset(skip)
    if after is not None:
        query = query.filter(
            Q(updated_ms__lt=after.updated_ms) | Q(updated_ms=after.updated_ms, case_id__gt=after.case_id)
        )
    rows = await bulk.fetch(query.order_by("-updated_ms", "case_id").limit(limit + 1), CaseRow)
    shown = tuple(rows[:limit])
    more = len(rows) > limit
    return Page(shown, Place(shown[-1].updated_ms, shown[-1].case_id) if more else None)


async def soonest(tx: Tx, wanted: LedgerFilter, limit: int = PAGE) -> list[CaseRow]:
    """Return the cases that fit by their next due day, those without one after them, oldest first."""
    query = await _chosen(tx, wanted)
    dated = query.filter(due_on__isnull=False).order_by("due_on", "received_on", "case_id")
    rows = await bulk.fetch(dated.limit(limit), CaseRow)
    if len(rows) == limit:
        return rows
    undated = query.filter(due_on__isnull=True).order_by("received_on", "case_id")
    return rows + await bulk.fetch(undated.limit(limit - len(rows)), CaseRow)


async def most_asked(tx: Tx, limit: int) -> list[str]:
    """Return the codes of the items most cases are of, the most frequent first."""
    query = CaseRecord.all().using_db(tx.client).annotate(cases=Count("id")).group_by("item_code")
    rows = await query.order_by("-cases", "item_code").limit(limit).values("item_code", "cases")
    return [str(row["item_code"]) for row in rows]


async def intake_nodes(tx: Tx) -> list[str]:
    """Return the nodes that took in any case held here, in order."""
    query = CaseRecord.all().using_db(tx.client).distinct().order_by("intake_node")
    return [str(node) for node in await query.values_list("intake_node", flat=True)]


async def count(tx: Tx, wanted: LedgerFilter) -> int:
    """Return how many cases fit."""
    return await (await _chosen(tx, wanted)).count()


async def counts_by_state(tx: Tx, wanted: LedgerFilter) -> dict[str, int]:
    """Return how many of the cases that fit are in each state."""
    query = (await _chosen(tx, wanted)).annotate(cases=Count("id")).group_by("state").order_by("state")
    return {str(row["state"]): int(row["cases"]) for row in await query.values("state", "cases")}


async def _chosen(tx: Tx, wanted: LedgerFilter) -> QuerySet[CaseRecord]:
    query = CaseRecord.all().using_db(tx.client)
    equal = {"custodian": wanted.custodian, "owner": wanted.owner, "item_code": wanted.item_code}
    bounds = {
        "due_on__gte": wanted.due_from,
        "due_on__lte": wanted.due_until,
        "received_on__gte": wanted.received_from,
        "received_on__lte": wanted.received_until,
    }
    lists = {"state__in": list(wanted.states), "intake_node__in": list(wanted.intake_nodes)}
    query = query.filter(**{name: value for name, value in (equal | bounds).items() if value is not None})
    query = query.filter(**{name: value for name, value in lists.items() if value})
    if wanted.waits_only:
        query = query.filter(waits=True)
    if wanted.open_only:
        query = query.filter(closed_on__isnull=True)
    if wanted.whole_only:
        query = query.filter(archived_on__isnull=True)
    return await search.matching(tx, query, wanted.text)
