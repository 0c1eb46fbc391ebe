"""Before acceptance: the one-time notice of everything missing, or a written refusal to accept."""

from uuid import UUID

from common.casework.acting import Situation, act
from common.casework.desk import Desk
from common.casework.errors import CaseworkError
from common.domain.bodies.facts import MissingThing, NoticeGiven, RefusedToAccept
from common.domain.case import Case
from common.domain.grants import Actor, Power


async def give_notice(desk: Desk, actor: Actor, case_id: UUID, missing: tuple[MissingThing, ...]) -> Case:
    """Tell everything missing, once (行政许可法 32(4)).

    Raises:
        CaseworkError: nothing is named as missing.
    """
    if not missing or not all(thing.what.strip() for thing in missing):
        raise CaseworkError("a notice without anything missing", "请写明缺什么：一次性告知书不能是空的。")

    def moves(now: Situation) -> list[tuple[str, object]]:
        return [("notice_given", NoticeGiven(missing, now.day, now.by))]

    return await act(desk, actor, Power.ACCEPT, case_id, moves)


async def refuse_to_accept(desk: Desk, actor: Actor, case_id: UUID, reason: str, whose: str) -> Case:
    """Refuse in writing, with the reason and whose business it is (行政许可法 32(1)).

    Raises:
        CaseworkError: reason or addressee is empty.
    """
    if not reason.strip() or not whose.strip():
        raise CaseworkError("a refusal without reason", "不予受理要写明原因，并告诉申请人该找哪个单位。")

    def moves(now: Situation) -> list[tuple[str, object]]:
        return [("refused_to_accept", RefusedToAccept(reason.strip(), whose.strip(), now.day, now.by))]

    return await act(desk, actor, Power.ACCEPT, case_id, moves)
