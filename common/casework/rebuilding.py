"""``rebuild``: projections are dropped and made again from entries, and must come out the same."""

from dataclasses import dataclass
from uuid import UUID

from common.casework.desk import Desk
from common.casework.projection import project
from common.store import entries, rebuild
from common.store.engine import Tx

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it: how many cases, and which tables differ from what they held before."""

    cases: int
    differing: tuple[str, ...]


async def rebuild_projections(desk: Desk) -> Rebuilt:
    """Make every projection again in one transaction and say whether anything changed."""

    async def work(tx: Tx) -> Rebuilt:
        before = await rebuild.snapshot(tx)
        await rebuild.drop_projections(tx)
        count, after = 0, ""
        while ids := await entries.case_ids(tx, after, _AT_ONCE):
            await project(tx, desk, [UUID(case_id) for case_id in ids])
            count, after = count + len(ids), ids[-1]
        again = await rebuild.snapshot(tx)
        return Rebuilt(count, tuple(table for table in before if before[table] != again[table]))

    return await desk.vault.write(work)
