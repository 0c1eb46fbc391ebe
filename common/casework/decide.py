"""决定: grant or refuse, by somebody who holds a grant for the item, with reasons."""

from uuid import UUID

from common.casework.acting import Situation, act
from common.casework.desk import Desk
from common.casework.errors import CaseworkError
from common.domain.bodies.facts import Decided, Outcome
from common.domain.case import Case
from common.domain.grants import Actor, Power


async def decide(desk: Desk, actor: Actor, case_id: UUID, outcome: Outcome, reason: str) -> Case:
    """Decide and return the case.

    Raises:
        CaseworkError: a refusal without reasons, an item another tier decides, or who took the case in.
    """
    if outcome is Outcome.REFUSED and not reason.strip():
        raise CaseworkError("a refusal without reasons", "不予决定要写明理由。")

    def moves(now: Situation) -> list[tuple[str, object]]:
        if now.item.decides is not desk.seat.tier:
            raise CaseworkError("another tier decides", "这个事项不由本级决定，请审核后转给上一级。")
        taker = now.case.submitted.taken_by if now.case.submitted else None
        if now.case.intake == desk.seat.node and taker is not None and taker.login == actor.login:
            raise CaseworkError("decider took the case in", "您收的件不能由您自己作决定，请换一位同事。")
        return [("decided", Decided(outcome, reason.strip(), now.day, now.by))]

    return await act(desk, actor, Power.DECIDE, case_id, moves)
