"""Dropping the projections, and reading them whole so that two makings can be compared row by row."""

from typing import Any

from common.store import search
from common.store.engine import Tx
from common.store.tables import CaseMaterial, CasePaper, CaseRecord, CaseStep

_PROJECTIONS = (CaseRecord, CaseMaterial, CasePaper, CaseStep)
_ORDER = ("case_id", "position")


async def snapshot(tx: Tx) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every projection by table, in order, without the keys a database gives."""
    tables = {}
    for table in _PROJECTIONS:
        names = sorted(table._meta.db_fields - {"id"})  # noqa: SLF001 - tortoise's only list of columns
        query = table.all().using_db(tx.client).order_by(*(name for name in _ORDER if name in names))
        tables[table._meta.db_table] = list(await query.values(*names))  # noqa: SLF001 - as above
    return tables


async def drop_projections(tx: Tx) -> None:
    """Remove every row of every projection."""
    for table in _PROJECTIONS:
        await table.all().using_db(tx.client).delete()
    await search.forget(tx)
