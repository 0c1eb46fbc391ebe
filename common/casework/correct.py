"""补正: what the applicant brings after a notice is a request; the custodian takes it by a fact."""

from uuid import UUID

from common.casework import book
from common.casework.acting import Situation, act, item_of
from common.casework.answering import settle
from common.casework.case_entries import write_other
from common.casework.desk import Desk
from common.casework.errors import CaseworkError, NotPossibleError
from common.domain.application import MaterialGiven
from common.domain.bodies.facts import CorrectionTaken
from common.domain.bodies.requests import Corrected
from common.domain.case import Case
from common.domain.course import STATE_NAMES, State
from common.domain.grants import Actor, Power, authorise
from common.store.engine import Tx


async def correct(
    desk: Desk, actor: Actor, case_id: UUID, materials: tuple[MaterialGiven, ...], note: str = ""
) -> Case:
    """Hand in what was missing, at any node that has the case.

    Raises:
        CaseworkError: nothing is handed in.
    """
    if not materials and not note.strip():
        raise CaseworkError("an empty correction", "请加上要补的材料，或写明补正了什么。")
    return await ask(desk, actor, case_id, "corrected", Corrected(materials, None, note.strip()))


async def ask(desk: Desk, actor: Actor, case_id: UUID, kind: str, body: object) -> Case:
    """Write a request for the applicant; where the course has no place for it that is a ``CaseworkError``."""

    async def work(tx: Tx) -> Case:
        case = await book.load(tx, case_id)
        authorise(actor, Power.TAKE_IN, item_of(desk, case).code, desk.clock.today())
        _insist_askable(case, kind)
        await write_other(tx, desk, case, kind, body)
        return (await settle(tx, desk, [case_id]))[0]

    return await desk.vault.write(work)


def _insist_askable(case: Case, kind: str) -> None:
    """Refuse what cannot be asked now.

    Raises:
        NotPossibleError: the course has no place for it.
        CaseworkError: a withdrawal while another waits for its answer.
    """
    if case.over or (kind == "corrected" and case.state is not State.IN_CORRECTION):
        raise NotPossibleError(STATE_NAMES[case.state])
    if kind == "withdrawal_asked" and any(one.kind == kind for one in case.open_requests.values()):
        raise CaseworkError("asked before", "已经申请过撤回了，正在等办理单位答复，不用再提。")


async def take_correction(desk: Desk, actor: Actor, case_id: UUID) -> Case:
    """Take the oldest open correction: everything asked for is in, the course goes on."""

    def moves(now: Situation) -> list[tuple[str, object]]:
        return [("correction_taken", CorrectionTaken(open_request(now.case, Corrected), now.day, now.by))]

    return await act(desk, actor, Power.ACCEPT, case_id, moves)


def open_request(case: Case, kind: type) -> str:
    """Return the oldest open request whose body is of ``kind``.

    Raises:
        CaseworkError: none is open.
    """
    for name, entry in case.open_requests.items():
        if isinstance(entry.body, kind):
            return name
    raise CaseworkError("no such request is open", "申请人还没有提交这项请求，请等收到后再办。")
