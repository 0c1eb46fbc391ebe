"""Erasure (个人信息保护法 47): the hub's order wherever the case is held, and what it does to a vault."""

from collections.abc import Collection
from uuid import UUID

from common.casework import book
from common.casework.archiving import clearing_of, files_of
from common.casework.book import Shelf, orders_erasure, shelf
from common.casework.desk import Desk
from common.casework.errors import CaseworkError
from common.casework.writing import append
from common.domain.audience import Audience
from common.domain.bodies.hub import CaseErased, Ground
from common.domain.bodies.officer import Officer
from common.domain.bodies.records import ErasureDone
from common.domain.grants import Actor, Power, authorise
from common.domain.kinds import ORDERS
from common.journal.body import decode_as
from common.store import cases, clearing, drafts, entries, grants, summaries
from common.store.engine import Tx
from common.store.rows import ClearingRow, EntryRow

MOST_FILES = 1500
"""Attachments an order names, so that its body stays within its limit."""


async def order_erasure(desk: Desk, actor: Actor, second: Actor, case_id: UUID, ground: Ground) -> None:
    """Order that a closed case be erased wherever it is, and erase it here; two persons have to.

    Raises:
        CaseworkError: not the hub, one person alone, a case that is not over, or too many files.
    """
    for one in (actor, second):
        authorise(one, Power.ERASE, "*", desk.clock.today())
    if actor.login == second.login:
        raise CaseworkError("one person alone", "删除个人信息要两个人：请由另一位有此权限的人员一起确认。")
    if not desk.seat.node.is_hub:
        raise CaseworkError("not the hub", "只有县级中心能下令删除，请联系县政务服务中心。")

    async def work(tx: Tx) -> None:
        case = await book.load(tx, case_id)
        if not case.over or case.submitted is None:
            raise CaseworkError("the case is not over", "这个办件还没有结束，请先办结、撤回或终止，再删除。")
        here, rows = await shelf(tx), await entries.of_case(tx, str(case_id))
        files = sorted({ref.name.hex() for row in rows for ref in files_of(row)})
        if len(files) > MOST_FILES:
            raise CaseworkError(
                "too many files", "这个办件的附件超过{most}个，请联系技术支持。", most=MOST_FILES
            )
        by, other = (Officer(one.login, one.name) for one in (actor, second))
        body = CaseErased(case.submitted.number, ground, desk.clock.today(), by, other, tuple(files))
        for audience in _audiences(rows, here):
            await append(tx, desk, audience, "case_erased", body, case_id=case_id)
        await erase(tx, [case_id])

    await desk.vault.write(work)


def _audiences(rows: Collection[EntryRow], here: Shelf) -> list[Audience]:
    """Return every audience that holds something of the case; a ``drop``'s writer hears it in its own."""
    found = {here.journals[row.journal_id].audience for row in rows}
    return [Audience(text.replace("drop:", "county:")) for text in sorted(found)]


async def erase(tx: Tx, case_ids: Collection[UUID]) -> None:
    """Remove everything of these cases from the vault; what lies in files and parcels is noted and follows.

    Again it changes nothing; entries that came since lose their bodies too.
    """
    here = await shelf(tx)
    for case_id in case_ids:
        rows = await entries.of_case(tx, str(case_id))
        speaking = [row for row in rows if row.kind not in ORDERS]
        left = [row for row in speaking if row.body is not None]
        noted = clearing_of(case_id, clearing.ERASE, speaking, here)
        await clearing.add(tx, ClearingRow(noted.case_id, noted.why, _files(noted, rows, here), noted.places))
        await entries.empty(tx, [(row.journal_id, row.number) for row in left])
        await summaries.drop(tx, str(case_id))
        await cases.forget(tx, str(case_id))
        await drafts.drop_of_case(tx, str(case_id))
        await grants.blank_reasons(tx, str(case_id))


def _files(noted: ClearingRow, rows: Collection[EntryRow], here: Shelf) -> list[str]:
    orders = [decode_as(CaseErased, row.body) for row in rows if orders_erasure(row, here) and row.body]
    return sorted({*noted.files, *(name for order in orders for name in order.files)})


async def erase_ordered(tx: Tx, rows: Collection[EntryRow]) -> None:
    """Obey the orders among entries that have just come, and let nothing of an erased case stay with them."""
    touched = {UUID(row.case_id) for row in rows if row.case_id}
    ordered = await book.erased(tx, touched)
    news = {UUID(row.case_id) for row in rows if row.case_id and row.kind != "erasure_done"}
    await erase(tx, sorted(ordered & news))


async def unanswered(tx: Tx, desk: Desk) -> list[UUID]:
    """Return the cases whose erasure was ordered and that this node has not said is done.

    An order an older program passed over as unknown is among them.
    """
    here, ordered, done = await shelf(tx), set[UUID](), set[UUID]()
    for row in await entries.of_kind(tx, "case_erased"):
        if row.case_id and orders_erasure(row, here):
            ordered.add(UUID(row.case_id))
    for row in await entries.of_kind(tx, "erasure_done"):
        if row.case_id and here.journals[row.journal_id].writer == str(desk.seat.node):
            done.add(UUID(row.case_id))
    return sorted(ordered - done)


async def say_done(tx: Tx, desk: Desk, case_id: UUID) -> None:
    """Record that nothing of the case is left here, once, where the order was heard."""
    here, me = await shelf(tx), desk.seat.node
    rows = await entries.of_case(tx, str(case_id))
    if any(row.kind == "erasure_done" and here.journals[row.journal_id].writer == str(me) for row in rows):
        return
    heard = [Audience(here.journals[row.journal_id].audience) for row in rows if orders_erasure(row, here)]
    audience = next((one for one in heard if one.may_write(me)), None)
    if audience is not None:
        done = ErasureDone(desk.clock.today())
        await append(tx, desk, audience, "erasure_done", done, case_id=case_id)
