"""审核: an opinion; where this tier does not decide, a first review, and the case goes on up its route."""

from uuid import UUID

from common.casework.acting import Situation, act
from common.casework.desk import Desk
from common.casework.errors import CaseworkError
from common.domain.bodies.facts import FirstReviewed, HandedOver, Reviewed
from common.domain.case import Case
from common.domain.grants import Actor, Power
from common.domain.routing import next_custodian


async def review(desk: Desk, actor: Actor, case_id: UUID, opinion: str, *, favourable: bool) -> Case:
    """Write the opinion and return the case.

    Raises:
        CaseworkError: the opinion is empty.
    """
    if not opinion.strip():
        raise CaseworkError("a review without an opinion", "请写审核意见。")

    def moves(now: Situation) -> list[tuple[str, object]]:
        above = next_custodian(now.item, desk.seat)
        if above is None:
            return [("reviewed", Reviewed(opinion.strip(), favourable, now.day, now.by))]
        return [
            ("first_reviewed", FirstReviewed(opinion.strip(), favourable, now.day, now.by)),
            ("handed_over", HandedOver(str(above), now.day, now.by)),
        ]

    return await act(desk, actor, _power(desk, actor), case_id, moves)


def _power(desk: Desk, actor: Actor) -> Power:
    """Below the hub a clerk's first review is enough; whoever may review may do that too."""
    below = not desk.seat.node.is_hub
    return Power.FIRST_REVIEW if below and Power.REVIEW not in actor.powers else Power.REVIEW
