"""What pages about nodes ask: signs of life, and what waits or is carried, in a few queries for all nodes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tortoise.expressions import Q
from tortoise.functions import Count, Max, Min, Sum

from common.store.engine import Tx
from common.store.tables import Parcel, Receipt, Setting

_SLICE = 200


@dataclass(frozen=True, slots=True)
class Backlog:
    """Parcels of one journal beyond a number.

    Attributes:
        count: batches and the attachments they name.
        size: their bytes.
        oldest_ms: when the first of them came to lie here.
    """

    count: int
    size: int
    oldest_ms: int


async def beyond(tx: Tx, marks: Mapping[int, int]) -> dict[int, Backlog]:
    """Return what lies here beyond a number of each journal, by journal key; nothing there, no entry.

    Args:
        tx: the transaction.
        marks: the number up to which a journal counts as gone, by journal key.
    """
    listed = list(marks.items())
    found: dict[int, Backlog] = {}
    for start in range(0, len(listed), _SLICE):
        wanted = Q(*(_beyond(*mark) for mark in listed[start : start + _SLICE]), join_type=Q.OR)
        query = Parcel.filter(wanted, state__in=["held", "opened"]).using_db(tx.client)
        grouped = query.annotate(parcels=Count("name"), bytes=Sum("size"), oldest=Min("staged_ms"))
        for row in await grouped.group_by("journal_id").values("journal_id", "parcels", "bytes", "oldest"):
            found[_int(row["journal_id"])] = Backlog(
                _int(row["parcels"]), _int(row["bytes"]), _int(row["oldest"])
            )
    return found


async def last_receipts(tx: Tx) -> dict[str, int]:
    """Return when each node signed the newest of its receipts held here, ms since 1970 by its own clock."""
    query = Receipt.all().using_db(tx.client).annotate(newest=Max("issued_ms")).group_by("receiver")
    return {str(row["receiver"]): _int(row["newest"]) for row in await query.values("receiver", "newest")}


async def settings_under(tx: Tx, prefix: str) -> dict[str, Any]:
    """Return the settings whose keys begin with ``prefix``, by the rest of the key."""
    rows = await Setting.filter(key__startswith=prefix).using_db(tx.client).values("key", "value")
    return {str(row["key"]).removeprefix(prefix): row["value"] for row in rows}


async def count_in_state(tx: Tx, state: str) -> int:
    """Return how many parcels are in a state."""
    return await Parcel.filter(state=state).using_db(tx.client).count()


def _beyond(journal_id: int, number: int) -> Q:
    return Q(journal_id=journal_id, last_number__gt=number)


def _int(value: Any) -> int:
    return int(value)
