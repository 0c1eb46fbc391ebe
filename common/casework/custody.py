"""接管: the hub gives custody to another node, by time or because the box is no more."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from common.casework import book
from common.casework.acting import Situation, act, item_of
from common.casework.answering import settle
from common.casework.desk import Desk
from common.casework.errors import CaseworkError, NotPossibleError
from common.casework.recovering import insist_recovered
from common.casework.writing import append
from common.domain.audience import Audience
from common.domain.bodies.facts import AsideSettled, CustodyTaken, FactForced
from common.domain.bodies.officer import Officer
from common.domain.bodies.records import CustodianReleased
from common.domain.case import Case, SetAside
from common.domain.chinese_text import date_text
from common.domain.course import STATE_NAMES
from common.domain.entries import FactPosition
from common.domain.grants import Actor, Power, authorise
from common.domain.node import NodeId
from common.domain.times import china_day, from_milliseconds
from common.store import registry
from common.store.custody import newest_hub_time_of
from common.store.engine import Tx

MARGIN = timedelta(days=3)
"""Beyond the item's limit: a carrier may be slow, and a clock a little off."""


async def take_custody(
    desk: Desk, actor: Actor, case_id: UUID, to: NodeId, reason: str, *, destroyed: bool = False
) -> Case:
    """Give custody to ``to``.

    Args:
        desk: the hub's.
        actor: the operator.
        case_id: whose.
        to: who goes on with the case.
        reason: why, for everybody who reads the case.
        destroyed: the operator attests that the box of the present custodian is no more.

    Raises:
        CaseworkError: no reason, a node that cannot go on with it, or a lease that may still be live.
    """
    if not reason.strip():
        raise CaseworkError("no reason", "请写明为什么接管。")

    async def work(tx: Tx) -> Case:
        case = await _for_operator(tx, desk, actor, case_id)
        if case.over or case.custodian is None:
            raise NotPossibleError(STATE_NAMES[case.state])
        await _insist_on_successor(tx, case, to)
        if not destroyed:
            await _insist_on_expiry(tx, desk, case, case.custodian)
        by, day = _officer(actor), desk.clock.today()
        body = CustodyTaken(
            case.fence.takings, case.fence.moves, case.last, str(to), reason.strip(), day, by, destroyed
        )
        await _write_fact(tx, desk, case, "custody_taken", body, FactPosition(case.fence.taken(), 1))
        return (await settle(tx, desk, [case_id]))[0]

    return await desk.vault.write(work)


async def release(desk: Desk, actor: Actor, case_id: UUID, node: NodeId, reason: str) -> Case:
    """Vouch that a node from which custody was taken will not be heard.

    Raises:
        CaseworkError: no reason, or nobody waits for that node.
    """
    if not reason.strip():
        raise CaseworkError("no reason", "请写明为什么不再等那个站点。")

    async def work(tx: Tx) -> Case:
        case = await _for_operator(tx, desk, actor, case_id)
        if node not in case.unanswered:
            raise CaseworkError(
                "nobody waits for that node", "这个办件没有在等{number}号站点答复。", number=node.digits
            )
        body = CustodianReleased(
            str(node), case.unanswered[node], reason.strip(), desk.clock.today(), _officer(actor)
        )
        await _write(tx, desk, case, "custodian_released", body, case.position)
        return (await settle(tx, desk, [case_id]))[0]

    return await desk.vault.write(work)


async def force(desk: Desk, actor: Actor, case_id: UUID, reason: str) -> Case:
    """Skip the fact that is missing: whatever turns up in its place is set aside.

    Raises:
        CaseworkError: no reason, or no fact waits for a missing one.
    """
    if not reason.strip():
        raise CaseworkError("no reason", "请写明为什么跳过。")

    async def work(tx: Tx) -> Case:
        case = await _for_operator(tx, desk, actor, case_id)
        if not case.waiting:
            raise CaseworkError("nothing is missing", "这个办件没有缺失的记录，不用跳过。")
        place = FactPosition(case.fence, case.last + 1)
        await _write_fact(tx, desk, case, "fact_forced", FactForced(reason.strip(), _officer(actor)), place)
        return (await settle(tx, desk, [case_id]))[0]

    return await desk.vault.write(work)


async def settle_aside(desk: Desk, actor: Actor, case_id: UUID, reason: str, *, adopt: bool) -> Case:
    """Adopt what was set aside (write it again, as it was) or reverse it, by a person who may decide.

    Raises:
        CaseworkError: no reason, or nothing is set aside.
    """
    if not reason.strip():
        raise CaseworkError("no reason", "请写明理由。")

    def moves(now: Situation) -> list[tuple[str, object]]:
        if not now.case.set_aside:
            raise CaseworkError("nothing is set aside", "这个办件没有等人处理的记录。")
        aside = _to_a_handover(now.case.set_aside) if adopt else now.case.set_aside
        again = [(one.kind, one.body) for one in aside if one.body is not None] if adopt else []
        settled = AsideSettled(tuple(str(one.ref) for one in aside), adopt, reason.strip(), now.day, now.by)
        return [("aside_settled", settled), *again]

    return await act(desk, actor, Power.DECIDE, case_id, moves)


def _to_a_handover(aside: Sequence[SetAside]) -> Sequence[SetAside]:
    """A handover ends this node's say: what was set aside after it is the next custodian's to settle."""
    ends = (at for at, one in enumerate(aside, start=1) if one.kind == "handed_over")
    return aside[: next(ends, len(aside))]


async def _for_operator(tx: Tx, desk: Desk, actor: Actor, case_id: UUID) -> Case:
    """Return the case, for an operator at the hub.

    Raises:
        CaseworkError: this is not the hub.
    """
    if not desk.seat.node.is_hub:
        raise CaseworkError("not the hub", "只有县里能做这一步。")
    case = await book.load(tx, case_id)
    authorise(actor, Power.KEEP_NODES, item_of(desk, case).code, desk.clock.today())
    return case


async def _insist_on_successor(tx: Tx, case: Case, to: NodeId) -> None:
    """Insist on a node that can go on.

    Raises:
        CaseworkError: it has custody already, is not in the network, or is revoked.
    """
    if to == case.custodian:
        raise CaseworkError("it has custody", "这个办件现在就由{number}号站点办理。", number=to.digits)
    known = await registry.newest_certificate(tx, str(to))
    if not to.is_hub and (known is None or known.revoked_ms is not None):
        raise CaseworkError(
            "no such node", "{number}号站点不在网络里，或已停用，请换一个。", number=to.digits
        )


async def _insist_on_expiry(tx: Tx, desk: Desk, case: Case, custodian: NodeId) -> None:
    """Insist that the custodian's lease is over, as far as its receipts tell.

    Raises:
        CaseworkError: it may still decide.
    """
    if custodian.is_hub:
        return
    days = item_of(desk, case).lease_days
    newest = from_milliseconds(await newest_hub_time_of(tx, str(custodian), str(custodian.hub())))
    ends = newest + timedelta(days=days) + MARGIN
    if desk.clock.corrected() < ends:
        raise CaseworkError(
            "the lease may be live",
            "{number}号站点最近收到县里的时间是{newest}，到{ends}前它还可以办理，不能接管。"
            "确认那台机器已经毁坏的，请注明“已毁坏”。",
            number=custodian.digits,
            newest=date_text(china_day(newest)),
            ends=date_text(china_day(ends)),
        )


async def _write_fact(
    tx: Tx, desk: Desk, case: Case, kind: str, body: object, position: FactPosition
) -> None:
    """Write a fact only the hub may; a hub that recovers may not yet: a ``RecoveringError``."""
    await insist_recovered(tx, desk, case)
    await _write(tx, desk, case, kind, body, position)


async def _write(tx: Tx, desk: Desk, case: Case, kind: str, body: object, position: FactPosition) -> None:
    audience = Audience(await book.audience_of_case(tx, case.case_id))
    await append(tx, desk, audience, kind, body, case_id=case.case_id, position=position)


def _officer(actor: Actor) -> Officer:
    return Officer(actor.login, actor.name)
