"""受理: the statutory and promised clocks start the day after."""

from uuid import UUID

from common.casework.acting import Situation, act
from common.casework.desk import Desk
from common.domain.bodies.facts import Accepted
from common.domain.case import Case
from common.domain.grants import Actor, Power


async def accept(desk: Desk, actor: Actor, case_id: UUID) -> Case:
    """Accept the case and return it."""

    def moves(now: Situation) -> list[tuple[str, object]]:
        return [("accepted", Accepted(now.day, now.by))]

    return await act(desk, actor, Power.ACCEPT, case_id, moves)
