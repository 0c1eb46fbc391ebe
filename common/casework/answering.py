"""What a node's program does by itself when a case changed: it notes arrival, answers records, and cites."""

from collections.abc import Collection, Sequence
from functools import partial
from uuid import UUID

from common.casework import book
from common.casework.archiving import want_again
from common.casework.case_entries import write_facts, write_other
from common.casework.citing import cite_due, cite_wanted
from common.casework.desk import Desk
from common.casework.projection import project
from common.casework.recovering import waits_for
from common.domain.bodies.facts import Closed, Delivered
from common.domain.bodies.records import Arrived, Yielded
from common.domain.case import Case
from common.domain.course import State
from common.domain.node import NodeId, Tier
from common.store import ledger
from common.store.engine import Tx

DELIVERABLE = frozenset({State.DECIDED, State.PAPER_MADE, State.REFUSED_TO_ACCEPT})
"""States in which a result, or a written refusal, is there to be given."""


async def settle(tx: Tx, desk: Desk, case_ids: Collection[UUID]) -> list[Case]:
    """Project these cases, write what is due on them, and return them as they are then."""
    return await answer(tx, desk, await project(tx, desk, case_ids))


async def answer(tx: Tx, desk: Desk, cases: Sequence[Case]) -> list[Case]:
    """Write what is due on these projected cases, and return them as they are then."""
    changed = [case.case_id for case in cases if await _answer(tx, desk, case)]
    again = {case.case_id: case for case in await project(tx, desk, changed)} if changed else {}
    now = [again.get(case.case_id, case) for case in cases]
    await cite_due(tx, desk, now)
    await cite_wanted(tx, desk, now)
    return now


async def catch_up(desk: Desk, intake: Collection[NodeId]) -> None:
    """Answer what could not be answered of cases taken in at these nodes while this node recovered."""
    nodes = tuple(str(node) for node in intake)
    me = str(desk.seat.node)
    for wanted in (
        ledger.LedgerFilter(states=tuple(DELIVERABLE), custodian=me, intake_nodes=nodes, open_only=True),
        ledger.LedgerFilter(waits_only=True, intake_nodes=nodes, open_only=True),
    ):
        await _answer_listed(desk, wanted)


async def _answer_listed(desk: Desk, wanted: ledger.LedgerFilter) -> None:
    after = None
    while True:
        page = await desk.vault.read(partial(ledger.page, wanted=wanted, after=after))
        ids = [UUID(row.case_id) for row in page.cases]
        await desk.vault.write(partial(_answer_all, desk=desk, case_ids=ids))
        after = page.after
        if after is None:
            return


async def _answer_all(tx: Tx, desk: Desk, case_ids: Collection[UUID]) -> None:
    here = await book.shelf(tx)
    await answer(tx, desk, [await book.load(tx, case_id, here) for case_id in case_ids])


async def _answer(tx: Tx, desk: Desk, case: Case) -> bool:
    if case.summary is not None:
        return await want_again(tx, desk, case, case.summary)
    if case.stopped or case.submitted is None:
        return False
    if desk.seat.node in case.unanswered:
        if await waits_for(tx, desk, case):
            return False
        # Above this record in this journal stands everything this node wrote while it had the case.
        await write_other(tx, desk, case, "yielded", Yielded(case.fence.takings, desk.clock.today()))
        return True
    return case.custodian == desk.seat.node and await _answer_as_custodian(tx, desk, case)


async def _answer_as_custodian(tx: Tx, desk: Desk, case: Case) -> bool:
    today = desk.clock.today()
    if case.lawful_on is None and desk.seat.tier is not Tier.VILLAGE:
        await write_other(tx, desk, case, "arrived", Arrived(today))
        return True
    if case.handed_out is not None and case.state in DELIVERABLE:
        if await waits_for(tx, desk, case):
            return False
        facts = [("delivered", Delivered(str(case.handed_out), today)), ("closed", Closed(today))]
        await write_facts(tx, desk, case, facts)
        return True
    return False
