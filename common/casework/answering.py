"""What a custodian's program does by itself: it notes lawful arrival, and answers a handing-out by facts."""

from collections.abc import Collection

from common.casework.acting import write_facts, write_other
from common.casework.desk import Desk
from common.casework.projection import project
from common.domain.bodies.facts import Closed, Delivered
from common.domain.bodies.records import Arrived
from common.domain.case import Case
from common.domain.course import State
from common.domain.node import Tier
from common.store.engine import Tx

DELIVERABLE = frozenset({State.DECIDED, State.PAPER_MADE, State.REFUSED_TO_ACCEPT})
"""States in which a result, or a written refusal, is there to be given."""


async def answer(tx: Tx, desk: Desk, cases: Collection[Case]) -> None:
    """Write what is due on these cases, as far as this node is their custodian, and project them again."""
    changed = [case.case_id for case in cases if await _answer(tx, desk, case)]
    if changed:
        await project(tx, desk, changed)


async def _answer(tx: Tx, desk: Desk, case: Case) -> bool:
    if case.custodian != desk.seat.node or case.stopped or case.submitted is None:
        return False
    today = desk.clock.today()
    if case.lawful_on is None and desk.seat.tier is not Tier.VILLAGE:
        await write_other(tx, desk, case, "arrived", Arrived(today))
        return True
    if case.handed_out is not None and case.state in DELIVERABLE:
        facts = [("delivered", Delivered(str(case.handed_out), today)), ("closed", Closed(today))]
        await write_facts(tx, desk, case, facts)
        return True
    return False
