"""Signed summaries of purged cases."""

from collections.abc import Collection

from common.store import bulk
from common.store.engine import Tx
from common.store.rows import SummaryRow
from common.store.tables import Summary

_SLICE = 500


async def save(tx: Tx, summary: SummaryRow) -> None:
    """Keep a case's summary; a newer one takes the place of the one before."""
    await bulk.upsert(tx, Summary, [summary], ("case_id",))


async def find(tx: Tx, case_id: str) -> SummaryRow | None:
    """Return a case's summary, or None."""
    return await bulk.fetch_one(Summary.filter(case_id=case_id).using_db(tx.client), SummaryRow)


async def of_cases(tx: Tx, case_ids: Collection[str]) -> dict[str, SummaryRow]:
    """Return the summaries there are of these cases, by case."""
    found: dict[str, SummaryRow] = {}
    listed = list(case_ids)
    for start in range(0, len(listed), _SLICE):
        query = Summary.filter(case_id__in=listed[start : start + _SLICE]).using_db(tx.client)
        found |= {row.case_id: row for row in await bulk.fetch(query, SummaryRow)}
    return found


async def drop(tx: Tx, case_id: str) -> None:
    """Forget a case's summary: the case is whole here again, or erased."""
    await Summary.filter(case_id=case_id).using_db(tx.client).delete()
