"""撤回: the applicant asks at any node that has the case; the custodian grants it or says why not."""

from uuid import UUID

from common.casework.acting import Situation, act
from common.casework.correct import ask, open_request
from common.casework.desk import Desk
from common.casework.errors import CaseworkError
from common.domain.bodies.facts import WithdrawalRefused, Withdrawn
from common.domain.bodies.requests import WithdrawalAsked
from common.domain.case import Case
from common.domain.grants import Actor, Power


async def ask_withdrawal(desk: Desk, actor: Actor, case_id: UUID, reason: str) -> Case:
    """Ask, for the applicant, to withdraw; the custodian answers."""
    return await ask(desk, actor, case_id, "withdrawal_asked", WithdrawalAsked(reason.strip()))


async def grant_withdrawal(desk: Desk, actor: Actor, case_id: UUID) -> Case:
    """Grant the oldest open withdrawal; after a decision the course refuses it."""

    def moves(now: Situation) -> list[tuple[str, object]]:
        asked = open_request(now.case, WithdrawalAsked)
        return [("withdrawn", Withdrawn(asked, now.day, now.by))]

    return await act(desk, actor, Power.ACCEPT, case_id, moves)


async def refuse_withdrawal(desk: Desk, actor: Actor, case_id: UUID, reason: str) -> Case:
    """Refuse the oldest open withdrawal: it met a decision, or the law does not let it.

    Raises:
        CaseworkError: no reason is given.
    """
    if not reason.strip():
        raise CaseworkError("a refusal without a reason", "请写明为什么不能撤回。")

    def moves(now: Situation) -> list[tuple[str, object]]:
        asked = open_request(now.case, WithdrawalAsked)
        return [("withdrawal_refused", WithdrawalRefused(asked, reason.strip(), now.day, now.by))]

    return await act(desk, actor, Power.ACCEPT, case_id, moves)
