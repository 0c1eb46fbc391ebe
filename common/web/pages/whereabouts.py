"""Where a case is and what comes next, from its entries and signed receipts."""

from dataclasses import dataclass

from common.casework.acting import item_of
from common.casework.desk import Desk
from common.domain.case import Case
from common.domain.case_clocks import CaseClocks, clocks_of
from common.domain.item import Item
from common.domain.node import Tier
from common.domain.routing import Seat
from common.domain.whereabouts import NOT_YET, StepShown, next_sentence, steps_shown
from common.web.office import Office


@dataclass(frozen=True, slots=True)
class Standing:
    """One case as pages speak of it."""

    case: Case
    item: Item
    clocks: CaseClocks
    steps: tuple[StepShown, ...]
    next: str


async def standing_of(office: Office, desk: Desk, case: Case) -> Standing:
    """Return how a case stands now; a version of its item nobody brought here is an ``UnknownItemError``."""
    item = item_of(desk, case)
    clocks = clocks_of(case, item, desk.rules.calendar, desk.clock.today())
    reached = (await office.reaches([case.case_id])).get(case.case_id, (NOT_YET, NOT_YET))
    steps = steps_shown(
        case, item, intake=_intake(case, item, desk.seat), township=reached[0], county=reached[1]
    )
    return Standing(case, item, clocks, steps, next_sentence(case, clocks))


def missing_now(case: Case, item: Item) -> tuple[str, ...]:
    """Return what the applicant still has to bring, by name."""
    if case.notice:
        return tuple(thing.what for thing in case.notice)
    given = case.materials
    codes = case.submitted.application.missing if case.submitted and case.accepted_on is None else ()
    there = {code for code, one in given.items() if one.copies or one.files}
    names = {material.code: material.name for material in item.materials}
    return tuple(names.get(code, code) for code in codes if code not in there)


def _intake(case: Case, item: Item, seat: Seat) -> Tier:
    """Return the tier that took the case in: a village is a lawful receiver only where the item says so."""
    if case.intake is None or case.intake.is_hub:
        return Tier.COUNTY
    if case.intake == seat.node:
        return seat.tier
    lawful = case.submitted is not None and case.submitted.lawful_receiver
    return Tier.TOWNSHIP if lawful and not item.lawful_receiver else Tier.VILLAGE
