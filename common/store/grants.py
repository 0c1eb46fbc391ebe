"""Dated grants, and the log of looks behind masks."""

from datetime import date

from tortoise.expressions import Q

from common.store import bulk
from common.store.engine import Tx
from common.store.rows import GrantRow, UnmaskRow
from common.store.tables import DatedGrant, UnmaskLog


async def save(tx: Tx, grant: GrantRow) -> None:
    """Add or overwrite a grant."""
    await bulk.upsert(tx, DatedGrant, [grant], ("grant_id",))


async def find(tx: Tx, grant_id: str) -> GrantRow | None:
    """Return a grant, or None."""
    return await bulk.fetch_one(DatedGrant.filter(grant_id=grant_id).using_db(tx.client), GrantRow)


async def end(tx: Tx, grant_id: str, last_day: date) -> None:
    """End a grant; ``last_day`` is the last day it was valid."""
    await DatedGrant.filter(grant_id=grant_id).using_db(tx.client).update(ended_on=last_day)


async def valid(tx: Tx, node: str, login: str, on: date) -> list[GrantRow]:
    """Return the grants of a login at a node that are valid on a day, in order of id."""
    query = DatedGrant.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        Q(ended_on__isnull=True) | Q(ended_on__gte=on),
        node=node,
        login=login,
        valid_from__lte=on,
    )
    return await bulk.fetch(query.using_db(tx.client).order_by("grant_id"), GrantRow)


async def every(tx: Tx, node: str | None = None) -> list[GrantRow]:
    """Return all grants, of one node or of all, ended ones too, in order of id."""
    query = DatedGrant.all().using_db(tx.client).order_by("grant_id")
    return await bulk.fetch(query if node is None else query.filter(node=node), GrantRow)


async def note_unmask(tx: Tx, unmask: UnmaskRow) -> None:
    """Note a look behind a mask."""
    await bulk.insert(tx, UnmaskLog, [unmask])


async def unmasked(tx: Tx, case_id: str, login: str, what: str, since: int, until: int) -> bool:
    """Whether a person noted a look at ``what`` of a case between two times, in milliseconds."""
    query = UnmaskLog.filter(case_id=case_id, login=login, field=what, at_ms__gte=since, at_ms__lte=until)
    return await query.using_db(tx.client).exists()


async def unmasks(tx: Tx, case_id: str) -> list[UnmaskRow]:
    """Return the looks behind masks of a case, oldest first."""
    query = UnmaskLog.filter(case_id=case_id).using_db(tx.client).order_by("at_ms", "id")
    return await bulk.fetch(query, UnmaskRow)


async def blank_reasons(tx: Tx, case_id: str) -> None:
    """Take the reasons out of the looks behind a case's masks: typed by people, they may name somebody."""
    await UnmaskLog.filter(case_id=case_id).using_db(tx.client).update(reason="")
