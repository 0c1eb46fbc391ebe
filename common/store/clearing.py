"""What has still to leave the disk after its case left the vault: kept until it is done, whatever happens."""

from common.store import bulk
from common.store.engine import Tx
from common.store.rows import ClearingRow
from common.store.tables import Clearing

ERASE, PURGE = "erase", "purge"


async def add(tx: Tx, row: ClearingRow) -> None:
    """Note what has to go, beside what was noted of the case before; an erasure outweighs a purge."""
    before = await bulk.fetch_one(Clearing.filter(case_id=row.case_id).using_db(tx.client), ClearingRow)
    if before is not None:
        places = {(str(digest), int(number)) for digest, number in [*before.places, *row.places]}
        row = ClearingRow(
            row.case_id,
            ERASE if ERASE in {row.why, before.why} else PURGE,
            sorted({*before.files, *row.files}),
            [list(place) for place in sorted(places)],
        )
    await bulk.upsert(tx, Clearing, [row], ("case_id",))


async def every(tx: Tx) -> list[ClearingRow]:
    """Return everything that has still to go, in order of case."""
    return await bulk.fetch(Clearing.all().using_db(tx.client).order_by("case_id"), ClearingRow)


async def done(tx: Tx, row: ClearingRow) -> bool:
    """Forget what has gone; False, changing nothing, where more was noted of the case meanwhile."""
    stored = await bulk.fetch_one(Clearing.filter(case_id=row.case_id).using_db(tx.client), ClearingRow)
    if stored != row:
        return False
    await Clearing.filter(case_id=row.case_id).using_db(tx.client).delete()
    return True
