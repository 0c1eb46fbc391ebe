"""The custodian's sweep: what the law says happens when nobody did anything (行政许可法 32(4))."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from common.casework import book
from common.casework.acting import item_of
from common.casework.answering import settle
from common.casework.case_entries import write_facts
from common.casework.desk import Desk
from common.casework.errors import UnknownItemError
from common.casework.recovering import Hold, hold
from common.domain.bodies.facts import DeemedAccepted
from common.domain.case_clocks import clocks_of
from common.domain.course import State
from common.domain.times import from_milliseconds, to_milliseconds
from common.store import ledger, settings
from common.store.engine import Tx

RULE = "行政许可法第三十二条"
_SWEPT = "swept_ms"
"""Setting of the vault: when the last sweep ended, ms since 1970."""


async def sweep_in_turn(desk: Desk, every: timedelta) -> int:
    """Sweep unless it was done less than ``every`` ago, by this process or another; return how many."""
    async with desk.vault.claimed("sweep") as ours:
        if not ours or not await desk.vault.read(lambda tx: _is_due(tx, desk, every)):
            return 0
        done = await sweep(desk)
        now = to_milliseconds(desk.clock.now())
        await desk.vault.write_beside(lambda tx: settings.put(tx, _SWEPT, now))
        return done


async def _is_due(tx: Tx, desk: Desk, every: timedelta) -> bool:
    swept = await settings.get(tx, _SWEPT)
    # A clock set back since makes the last one lie ahead: then it is due as well.
    return swept is None or not timedelta(0) <= desk.clock.now() - from_milliseconds(swept) < every


async def sweep(desk: Desk) -> int:
    """Write *deemed accepted* where this node is custodian and silence lasted too long; return how many."""
    wanted = ledger.LedgerFilter(
        states=(State.RECEIVED,), custodian=str(desk.seat.node), due_until=desk.clock.today(), open_only=True
    )
    done, after = 0, None
    while True:
        page = await desk.vault.read(partial(ledger.page, wanted=wanted, after=after))
        ids = [UUID(row.case_id) for row in page.cases]
        done += await desk.vault.write(partial(_deem_all, desk=desk, case_ids=ids))
        after = page.after
        if after is None:
            return done


async def _deem_all(tx: Tx, desk: Desk, case_ids: Sequence[UUID]) -> int:
    here, held = await book.shelf(tx), await hold(tx, desk)
    return sum([await _deem(tx, desk, case_id, here, held) for case_id in case_ids])


async def _deem(tx: Tx, desk: Desk, case_id: UUID, here: book.Shelf, held: Hold | None) -> bool:
    case = await book.load(tx, case_id, here)
    if held is not None and held.waits_for(*await book.beginning(tx, case_id), case.holders):
        return False
    try:
        clocks = clocks_of(case, item_of(desk, case), desk.rules.calendar, desk.clock.today())
    except UnknownItemError:
        return False
    if clocks.deemed is None or case.stopped or case.custodian != desk.seat.node:
        return False
    await write_facts(tx, desk, case, [("deemed_accepted", DeemedAccepted(clocks.deemed, RULE))])
    await settle(tx, desk, [case_id])
    return True
