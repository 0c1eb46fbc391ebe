"""The papers office: a paper's number is reserved, it is rendered, kept, and then its fact names it."""

import asyncio
from uuid import UUID

from common.casework import book, issue
from common.casework.acting import item_of
from common.casework.attachments import keep_file
from common.casework.desk import Desk
from common.casework.errors import NotPossibleError
from common.domain.case import Case
from common.domain.course import STATE_NAMES, State
from common.domain.division_code import DivisionCode
from common.domain.divisions import load_divisions
from common.domain.grants import Actor, Power, authorise
from common.domain.routing import Seat
from common.papers.from_case import decision_of
from common.papers.rendering import MEDIA_TYPE, render, template_of

DECISION = "decision"


def series_of(seat: Seat) -> str:
    """Return the name before a paper's number: the place and the matter, ``雄县雄州镇政务``."""
    place = seat.divisions[0] if seat.divisions else seat.node.county
    return f"{load_divisions().path_name(DivisionCode(place)) or seat.name}政务"


async def issue_decision(desk: Desk, actor: Actor, case_id: UUID) -> Case:
    """Make the decision's paper and return the case.

    Everything that can be refused is refused before a number is used; a number whose fact was not written
    stays void.

    Raises:
        NotPossibleError: nothing was decided, or its paper was made before.
    """
    case = await desk.vault.read(lambda tx: book.load(tx, case_id))
    item = item_of(desk, case)
    authorise(actor, Power.ISSUE, item.code, desk.clock.today())
    if case.state is not State.DECIDED:
        raise NotPossibleError(STATE_NAMES[case.state])
    number = await issue.reserve_number(desk, series_of(desk.seat))
    paper = decision_of(case, item, desk.seat, number)
    document = await asyncio.to_thread(render, paper)
    file = await keep_file(desk, document, MEDIA_TYPE, "决定书")
    return await issue.issue(
        desk, actor, case_id, paper=DECISION, number=number, template=template_of(paper), file=file
    )
