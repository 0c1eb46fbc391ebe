"""Papers from facts: a case, its item and its clocks become the plain values a paper shows."""

from datetime import date

from common.domain.bodies.facts import MissingThing, Outcome
from common.domain.bodies.requests import Submitted
from common.domain.calendar import WorkCalendar
from common.domain.case import Case
from common.domain.case_clocks import clocks_of
from common.domain.chinese_text import limit_text
from common.domain.clocks import DueDate, Limit
from common.domain.item import Item, Material
from common.domain.masking import mask_identity, mask_name, mask_phone
from common.domain.receipt_number import parse
from common.domain.routing import Seat
from common.domain.times import china_day
from common.domain.whereabouts import next_sentence
from common.journal.entry import ClockReading
from common.papers.models import (
    AcceptancePaper,
    DecisionPaper,
    NonAcceptancePaper,
    OneTimeNoticePaper,
    ReceiptPaper,
)
from common.papers.parts import (
    ClockedTime,
    Contact,
    Due,
    Head,
    MaterialHanded,
    MaterialMissing,
    NextStep,
    Party,
    Remedy,
)

REMEDIES = (
    Remedy("申请行政复议", "60日", "县人民政府"),
    Remedy("提起行政诉讼", "6个月", "有管辖权的人民法院"),
)


def receipt_of(
    case: Case, item: Item, seat: Seat, clock: ClockReading, *, query_code: str = "", qr: str = ""
) -> ReceiptPaper:
    """Return the receipt of a case; a reprint gives neither query code nor QR.

    Raises:
        ValueError: the case was never submitted.
    """
    submitted, taken = case.submitted, case.submitted_at
    if submitted is None or taken is None:
        message = "a case without its submission has no receipt"
        raise ValueError(message)
    ahead = -clock.offset_ms if clock.offset_ms is not None else None
    missing = tuple(_missing(item, code) for code in submitted.application.missing)
    return ReceiptPaper(
        head=_head(submitted, item, seat, china_day(taken), submitted.number, qr=qr),
        lawful_receiver=submitted.lawful_receiver,
        authority=item.authority,
        materials=tuple(_handed(submitted, item)),
        taken=ClockedTime(taken, ahead, clock.certainty_ms),
        missing=missing,
        insisted=bool(missing) and submitted.application.insisted,
        next_steps=(
            NextStep(f"材料由{seat.name or '本站'}送到{item.authority}。"),
            *_kept(missing, seat),
        ),
        query_code=query_code,
        helper=submitted.taken_by.shown if submitted.taken_by else "",
    )


def _kept(missing: tuple[MaterialMissing, ...], seat: Seat) -> tuple[NextStep, ...]:
    return (NextStep(f"还缺的材料请尽快交到{seat.name or '本站'}。"),) if missing else ()


def notice_of(case: Case, item: Item, seat: Seat) -> OneTimeNoticePaper:
    """Return the one-time notice of a case in correction.

    Raises:
        ValueError: no notice was given.
    """
    if case.submitted is None or case.noticed_on is None:
        message = "no notice was given"
        raise ValueError(message)
    return OneTimeNoticePaper(
        head=_head(case.submitted, item, seat, case.noticed_on, f"告{case.submitted.number}"),
        authority=item.authority,
        received=case.lawful_on or case.received_on or case.noticed_on,
        missing=tuple(_told(thing) for thing in case.notice),
        consequences=("补齐以后就可以继续办，已经交过的材料不用再交。",),
        next_steps=(NextStep("把要补的材料交到收件的地方。"),),
    )


def non_acceptance_of(case: Case, item: Item, seat: Seat) -> NonAcceptancePaper:
    """Return the notice that a case is not accepted.

    Raises:
        ValueError: nothing was refused.
    """
    if case.submitted is None or case.refusal is None:
        message = "acceptance was not refused"
        raise ValueError(message)
    refused = case.refusal
    return NonAcceptancePaper(
        head=_head(case.submitted, item, seat, refused.on, f"不受{case.submitted.number}"),
        authority=item.authority,
        received=case.lawful_on or case.received_on or refused.on,
        refused=refused.on,
        reasons=_paragraphs(refused.reason),
        whose=refused.whose,
        remedies=REMEDIES,
    )


def acceptance_of(case: Case, item: Item, seat: Seat, calendar: WorkCalendar) -> AcceptancePaper:
    """Return the acceptance notice.

    Raises:
        ValueError: the case was not accepted.
    """
    if case.submitted is None or case.accepted_on is None:
        message = "the case was not accepted"
        raise ValueError(message)
    clocks = clocks_of(case, item, calendar, case.accepted_on)
    return AcceptancePaper(
        head=_head(case.submitted, item, seat, case.accepted_on, f"受{case.submitted.number}"),
        authority=item.authority,
        received=case.lawful_on or case.received_on or case.accepted_on,
        accepted=case.accepted_on,
        promised=_due(item.promised, clocks.promised),
        statutory=_due(item.statutory, clocks.statutory),
        deemed=case.deemed,
        next_steps=(NextStep(next_sentence(case, clocks)),),
    )


def decision_of(case: Case, item: Item, seat: Seat, number: str) -> DecisionPaper:
    """Return the decision under ``number`` of the issuing body's series.

    Raises:
        ValueError: nothing was decided.
    """
    decision = case.decision
    if case.submitted is None or decision is None:
        message = "nothing was decided"
        raise ValueError(message)
    granted = decision.outcome is Outcome.GRANTED
    return DecisionPaper(
        head=_head(case.submitted, item, seat, decision.on, number, masked=False),
        authority=item.authority,
        accepted=case.accepted_on or decision.on,
        decided=decision.on,
        granted=granted,
        outcome=f"{'准予' if granted else '不予'}办理“{item.name}”。",
        reasons=_paragraphs(decision.reason),
        legal_basis=(item.legal_basis,) if item.legal_basis else (),
        remedies=() if granted else REMEDIES,
        next_steps=(NextStep("凭收件号到收件的地方领取。"),),
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())


def _head(
    submitted: Submitted,
    item: Item,
    seat: Seat,
    day: date,
    number: str,
    *,
    qr: str = "",
    masked: bool = True,
) -> Head:
    person, agent = submitted.application.applicant, submitted.application.agent
    name = mask_name(person.name) if masked else person.name
    return Head(
        number=number,
        issuer=seat.name or str(seat.node),
        receipt_number=str(parse(submitted.number)),
        item=item.name,
        applicant=Party(
            name, mask_identity(person.identity), mask_phone(person.phone) if person.phone else ""
        ),
        contact=Contact(seat.name or str(seat.node)),
        day=day,
        agent=Party(mask_name(agent.person.name), relation=agent.relation) if agent else None,
        qr=qr,
        sample=item.sample,
    )


def _handed(submitted: Submitted, item: Item) -> list[MaterialHanded]:
    return [
        MaterialHanded(
            _name(item, given.code),
            given.copies,
            given.original_seen,
            f"照片或文件{len(given.files)}份" if given.files else "",
        )
        for given in submitted.application.materials
        if given.copies or given.files
    ]


def _material(item: Item, code: str) -> Material:
    return item.material(code) or Material(code, code)


def _name(item: Item, code: str) -> str:
    return _material(item, code).name


def _missing(item: Item, code: str) -> MaterialMissing:
    material = _material(item, code)
    return MaterialMissing(material.name, what=material.note)


def _told(thing: MissingThing) -> MaterialMissing:
    return MaterialMissing(thing.what, how=thing.how)


def _due(limit: Limit | None, day: DueDate | None) -> Due | None:
    return Due(limit_text(limit), day.day, day.provisional) if limit and day else None
