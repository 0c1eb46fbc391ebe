"""Entries of journals, in bytes as written."""

from collections.abc import Collection, Iterable, Sequence

from tortoise.functions import Count

from common.store import bulk
from common.store.engine import Tx
from common.store.rows import EntryRow
from common.store.tables import Entry

_SLICE = 500


async def append(tx: Tx, entry: EntryRow) -> None:
    """Add one entry of our own; a number given twice is a ``ConflictError`` and undoes the transaction."""
    await bulk.insert(tx, Entry, [entry])


async def insert_run(tx: Tx, entries: Sequence[EntryRow]) -> None:
    """Add a run; entries whose (journal, number) is here already stay as they are."""
    await bulk.insert_new(tx, Entry, entries, ("journal_id", "number"))


async def of_case(tx: Tx, case_id: str) -> list[EntryRow]:
    """Return every entry of a case from all journals, in order of (journal_id, number)."""
    query = Entry.filter(case_id=case_id).using_db(tx.client).order_by("journal_id", "number")
    return await bulk.fetch(query, EntryRow)


async def of_cases(tx: Tx, case_ids: Collection[str]) -> dict[str, list[EntryRow]]:
    """Return every entry of each case as ``of_case`` does, in few queries for any number of cases."""
    found: dict[str, list[EntryRow]] = {case_id: [] for case_id in case_ids}
    listed = list(found)
    for start in range(0, len(listed), _SLICE):
        query = Entry.filter(case_id__in=listed[start : start + _SLICE]).using_db(tx.client)
        for row in await bulk.fetch(query.order_by("journal_id", "number"), EntryRow):
            found[str(row.case_id)].append(row)
    return found


async def known_cases(tx: Tx, case_ids: Collection[str]) -> set[str]:
    """Return those of the cases of which any entry is here."""
    found: set[str] = set()
    listed = list(case_ids)
    for start in range(0, len(listed), _SLICE):
        query = Entry.filter(case_id__in=listed[start : start + _SLICE]).using_db(tx.client).distinct()
        found |= {str(case_id) for case_id in await query.values_list("case_id", flat=True)}
    return found


async def case_ids(tx: Tx, after: str = "", limit: int = 1000) -> list[str]:
    """Return the ids of cases that have entries, in order, from the one after ``after``."""
    query = Entry.filter(case_id__gt=after).using_db(tx.client).group_by("case_id").order_by("case_id")
    rows = await query.annotate(entries=Count("id")).limit(limit).values_list("case_id", flat=True)
    return [str(case_id) for case_id in rows]


async def from_number(tx: Tx, journal_id: int, first: int, limit: int = 1000) -> list[EntryRow]:
    """Return at most ``limit`` entries of a journal from number ``first`` on, in order: a run for sealing."""
    query = Entry.filter(journal_id=journal_id, number__gte=first).using_db(tx.client).order_by("number")
    return await bulk.fetch(query.limit(limit), EntryRow)


async def get(tx: Tx, journal_id: int, number: int) -> EntryRow | None:
    """Return one entry, or None."""
    query = Entry.filter(journal_id=journal_id, number=number).using_db(tx.client)
    return await bulk.fetch_one(query, EntryRow)


async def hash_at(tx: Tx, journal_id: int, number: int) -> bytes | None:
    """Return the chain hash at a number, or None if that entry is not here."""
    query = Entry.filter(journal_id=journal_id, number=number).using_db(tx.client)
    rows = await query.limit(1).values_list("hash", flat=True)
    return bytes(rows[0]) if rows else None


async def with_status(tx: Tx, statuses: Collection[str], journal_id: int | None = None) -> list[EntryRow]:
    """Return the entries in one of the statuses, of one journal or all, in order of (journal_id, number)."""
    query = Entry.filter(status__in=list(statuses)).using_db(tx.client).order_by("journal_id", "number")
    return await bulk.fetch(query if journal_id is None else query.filter(journal_id=journal_id), EntryRow)


async def first_of(tx: Tx, journal_ids: Collection[int], kind: str) -> list[EntryRow]:
    """Return the journals' first entries that are of a kind, in order of journal_id."""
    found: list[EntryRow] = []
    listed = sorted(journal_ids)
    for start in range(0, len(listed), _SLICE):
        query = Entry.filter(journal_id__in=listed[start : start + _SLICE], number=1, kind=kind)
        found += await bulk.fetch(query.using_db(tx.client).order_by("journal_id"), EntryRow)
    return found


async def of_kind(tx: Tx, kind: str, journal_id: int | None = None) -> list[EntryRow]:
    """Return the entries of a kind (catalogues, grants…), in order of (journal_id, number)."""
    query = Entry.filter(kind=kind).using_db(tx.client).order_by("journal_id", "number")
    return await bulk.fetch(query if journal_id is None else query.filter(journal_id=journal_id), EntryRow)


async def of_kind_in(tx: Tx, kind: str, case_ids: Collection[str]) -> list[EntryRow]:
    """Return the entries of a kind in these cases, in order of (journal_id, number)."""
    found: list[EntryRow] = []
    listed = list(case_ids)
    for start in range(0, len(listed), _SLICE):
        query = Entry.filter(case_id__in=listed[start : start + _SLICE], kind=kind).using_db(tx.client)
        found += await bulk.fetch(query.order_by("journal_id", "number"), EntryRow)
    return found


async def set_status(tx: Tx, journal_id: int, number: int, status: str, reason: str = "") -> None:
    """Set what became of an entry here."""
    query = Entry.filter(journal_id=journal_id, number=number).using_db(tx.client)
    await query.update(status=status, reason=reason)


async def empty(tx: Tx, places: Iterable[tuple[int, int]]) -> None:
    """Remove salt and body of the entries at (journal_id, number); header and digest stay in the chain."""
    for journal_id, number in places:
        query = Entry.filter(journal_id=journal_id, number=number).using_db(tx.client)
        await query.update(salt=None, body=None)


async def fill(tx: Tx, rows: Iterable[EntryRow]) -> None:
    """Put salt and body back into entries that lost them and are shown again; others stay as they are."""
    for row in rows:
        if row.body is None:
            continue
        query = Entry.filter(journal_id=row.journal_id, number=row.number, body__isnull=True)
        same = query.filter(body_digest=row.body_digest).using_db(tx.client)
        await same.update(salt=row.salt, body=row.body)
