"""出件: the formal paper's fact. Its number is reserved first, the paper rendered, then the fact names it."""

from uuid import UUID

from common.casework.acting import Situation, act
from common.casework.desk import Desk
from common.casework.errors import NotPossibleError
from common.domain.application import FileRef
from common.domain.bodies.facts import PaperIssued
from common.domain.case import Case
from common.domain.course import STATE_NAMES, State
from common.domain.grants import Actor, Power
from common.store import serials
from common.store.engine import Tx

SERIES = "paper"
_WITH_PAPER = frozenset({State.DECIDED, State.PAPER_MADE})


async def reserve_number(desk: Desk, body: str) -> str:
    """Return the next number of this node's series of papers; unused ones stay void.

    ``body`` is the short name of the body the series belongs to, as in ``雄县行政审批``.
    """
    year = desk.clock.today().year
    mark = desk.epoch.hex()[:4].upper()

    async def work(tx: Tx) -> int:
        return await serials.next_serial(tx, year, SERIES)

    serial = await desk.vault.write(work)
    return f"{body}〔{year}〕{desk.seat.node.digits}{mark}-{serial}号"


async def issue(
    desk: Desk, actor: Actor, case_id: UUID, *, paper: str, number: str, template: str, file: FileRef
) -> Case:
    """Write that the decision's paper was made and return the case; impossible where nothing is decided."""

    def moves(now: Situation) -> list[tuple[str, object]]:
        if now.case.state not in _WITH_PAPER:
            raise NotPossibleError(STATE_NAMES[now.case.state])
        return [("paper_issued", PaperIssued(paper, number, template, file, now.day, now.by))]

    return await act(desk, actor, Power.ISSUE, case_id, moves)
