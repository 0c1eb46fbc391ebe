"""Handing a result over against a signature: a record, which the custodian's program answers with a fact."""

from uuid import UUID

from common.casework import book
from common.casework.acting import item_of
from common.casework.answering import DELIVERABLE, settle
from common.casework.case_entries import write_other
from common.casework.desk import Desk
from common.casework.errors import CaseworkError
from common.domain.bodies.officer import Officer
from common.domain.bodies.records import HandedOut, Told
from common.domain.case import Case
from common.domain.grants import Actor, Power, authorise
from common.store.engine import Tx


async def hand_out(desk: Desk, actor: Actor, case_id: UUID, to: str) -> Case:
    """Record that the result was given to ``to`` (本人, or who signed for them) and return the case.

    Raises:
        CaseworkError: there is no result to hand out, it was handed out before, or nobody is named.
    """
    if not to.strip():
        raise CaseworkError("nobody named", "请写明交给了谁，例如：本人。")

    async def work(tx: Tx) -> Case:
        case = await book.load(tx, case_id)
        authorise(actor, Power.HAND_OUT, item_of(desk, case).code, desk.clock.today())
        if case.handed_out is not None:
            raise CaseworkError("handed out before", "这个结果已经交付过了，不用再登记。")
        if case.state not in DELIVERABLE:
            raise CaseworkError("nothing to hand out", "还没有结果可以交付，请等办理单位作出决定。")
        paper = case.papers[-1].number if case.papers else ""
        by = Officer(actor.login, actor.name)
        body = HandedOut(paper, to.strip(), desk.clock.today(), by)
        await write_other(tx, desk, case, "handed_out", body)
        return (await settle(tx, desk, [case_id]))[0]

    return await desk.vault.write(work)


async def tell(desk: Desk, actor: Actor, case_id: UUID, what: str, how: str) -> Case:
    """Record that the person was told: a notice counts from here. Once: two windows may be open."""

    async def work(tx: Tx) -> Case:
        case = await book.load(tx, case_id)
        authorise(actor, Power.HAND_OUT, item_of(desk, case).code, desk.clock.today())
        if what in case.told:
            raise CaseworkError("told before", "已经登记过告知了，不用再登记。")
        by = Officer(actor.login, actor.name)
        await write_other(tx, desk, case, "told", Told(what, how, desk.clock.today(), by))
        return (await settle(tx, desk, [case_id]))[0]

    return await desk.vault.write(work)
