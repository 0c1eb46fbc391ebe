"""Projections of cases: the rows pages query, made from entries alone; ``rebuild`` makes them again."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from common.casework.archived_row import archived_row
from common.casework.book import Fresh, Shelf, begins, covered, entries_of, erased, folded, shelf
from common.casework.desk import Desk
from common.casework.rules import Rules
from common.crypto.hashing import digest
from common.domain.bodies.facts import PaperIssued
from common.domain.bodies.requests import Submitted
from common.domain.case import Case, Step
from common.domain.case_clocks import CaseClocks, clocks_of
from common.domain.entries import EntryClass
from common.domain.item import Item
from common.domain.kinds import KINDS
from common.domain.masking import mask_name
from common.domain.node import NodeId, Tier
from common.domain.receipt_number import grouped
from common.domain.times import china_day, to_milliseconds
from common.journal.body import to_plain
from common.journal.case_summary import read_summary
from common.store import cases, entries, summaries
from common.store.case_rows import CaseProjection, CaseRow, MaterialRow, PaperRow, StepRow
from common.store.engine import Tx
from common.store.rows import EntryRow

_IDENTITY = b"jiujin/identity/1\0"


async def project(tx: Tx, desk: Desk, case_ids: Collection[UUID], fresh: Fresh | None = None) -> list[Case]:
    """Fold these cases from their entries, write their rows, and return them; unsubmitted ones wait.

    Of a purged case the row is made from its summary and what came since; of an erased one there is none.
    """
    here = await shelf(tx, fresh)
    gone = await erased(tx, case_ids, here)
    kept = await summaries.of_cases(tx, [str(case_id) for case_id in case_ids])
    written = await entries_of(tx, case_ids, here)
    done, rows = [], []
    for case_id in case_ids:
        if case_id in gone:
            await cases.forget(tx, str(case_id))
            continue
        of_case = written[str(case_id)]
        summary = kept.get(str(case_id))
        case = folded(case_id, of_case, here, read_summary(summary.statement) if summary else None)
        await _mark(tx, case, of_case, here)
        if summary is not None:
            rows.append(CaseProjection(archived_row(case, summary, of_case)))
        elif case.submitted is not None and case.intake is not None:
            rows.append(_projection(case, case.submitted, case.intake, desk.rules, _audience(of_case, here)))
        done.append(case)
    await cases.save(tx, rows)
    return done


def identity_hash(identity: str) -> bytes:
    """Return what the duplicate check compares instead of the ID number."""
    return digest(_IDENTITY, identity.encode())


async def _mark(tx: Tx, case: Case, rows: Sequence[EntryRow], here: Shelf) -> None:
    """Keep with every entry what became of it; only what changed is written."""
    aside = {(one.ref.journal, one.ref.number): one.reason for one in case.set_aside}
    waiting = {(ref.journal, ref.number) for ref in case.waiting}
    for row in rows:
        place = (here.names[row.journal_id], row.number)
        status, reason = "applied", ""
        if place in aside:
            status, reason = "set_aside", "not_on_the_path"
        elif place in waiting:
            status = "stopped" if case.stopped else "waiting"
        counts = row.status != "refused" and not covered(row, here, case.summary)
        if counts and (row.status, row.reason) != (status, reason):
            await entries.set_status(tx, row.journal_id, row.number, status, reason)


def _audience(rows: Sequence[EntryRow], here: Shelf) -> str:
    return next(here.journals[row.journal_id].audience for row in rows if begins(row))


def _projection(
    case: Case, submitted: Submitted, intake: NodeId, rules: Rules, audience: str
) -> CaseProjection:
    application = submitted.application
    item = rules.version(application.item, application.version)
    clocks = clocks_of(case, item, rules.calendar, date.min) if item else CaseClocks()
    row = _row(case, submitted, intake, item, clocks, audience)
    return CaseProjection(
        row,
        tuple(_materials(case, item)),
        tuple(_paper(case, position, paper) for position, paper in enumerate(case.papers)),
        tuple(_step(case, position, step) for position, step in enumerate(case.steps)),
    )


def _row(
    case: Case, submitted: Submitted, intake: NodeId, item: Item | None, clocks: CaseClocks, audience: str
) -> CaseRow:
    application = submitted.application
    person = application.applicant
    title = item.name if item else application.item
    number, due = grouped(submitted.number), clocks.next_due
    started = case.submitted_at
    return CaseRow(
        case_id=str(case.case_id),
        number=number,
        item_code=application.item,
        item_version=application.version,
        title=title,
        applicant=person.name,
        applicant_masked=mask_name(person.name),
        search_text=f"{number} {submitted.number} {title} {person.name}",
        identity_hash=identity_hash(person.identity),
        state=str(case.state),
        custodian=str(case.custodian),
        takings=case.fence.takings,
        moves=case.fence.moves,
        fact_number=case.last,
        intake_node=str(intake),
        owner=str(_owner(item, intake, case)),
        audience=audience,
        received_on=case.received_on or (china_day(started) if started else date.min),
        updated_ms=max(to_milliseconds(step.at) for step in case.steps),
        outcome=str(case.decision.outcome) if case.decision else None,
        accepted_on=case.accepted_on,
        correction_due=clocks.correction.day if clocks.correction else None,
        promised_due=clocks.promised.day if clocks.promised else None,
        statutory_due=clocks.statutory.day if clocks.statutory else None,
        due_on=due.day if due else None,
        closed_on=case.closed_on,
        sensitive=item.sensitive if item else False,
        insisted=application.insisted,
        parent_case=submitted.parent or None,
        marks=_marks(case, submitted),
        waits=bool(case.waiting or case.set_aside or case.stopped or case.unanswered),
    )


def _owner(item: Item | None, intake: NodeId, case: Case) -> NodeId:
    if item is not None and item.decides is Tier.VILLAGE:
        return intake
    if item is not None and item.decides is Tier.COUNTY:
        return intake.hub()
    return case.custodian or intake


def _marks(case: Case, submitted: Submitted) -> list[str]:
    marks = {
        "insisted": submitted.application.insisted,
        "deemed": case.deemed,
        "waiting": bool(case.waiting),
        "set_aside": bool(case.set_aside),
        "stopped": bool(case.stopped),
        "asked": bool(case.open_requests),
        "unanswered": bool(case.unanswered),
    }
    return sorted(name for name, holds in marks.items() if holds)


def _materials(case: Case, item: Item | None) -> list[MaterialRow]:
    given = case.materials
    names = {material.code: material.name for material in item.materials} if item else {}
    rows = []
    for position, code in enumerate(dict.fromkeys([*names, *given])):
        one = given.get(code)
        there = one is not None and bool(one.copies or one.files)
        rows.append(
            MaterialRow(
                case_id=str(case.case_id),
                position=position,
                code=code,
                name=names.get(code, code),
                state="given" if there else "missing",
                copies=one.copies if one else 0,
                taken="picture" if one and one.files else "paper" if there else "",
                attachments=[to_plain(file) for file in one.files] if one else [],
            )
        )
    return rows


def _paper(case: Case, position: int, paper: PaperIssued) -> PaperRow:
    return PaperRow(
        case_id=str(case.case_id),
        position=position,
        paper_id=f"{case.case_id.hex[:24]}-{position:011d}",
        kind=paper.paper,
        number=paper.number,
        issued_on=paper.on,
        issuer=str(case.custodian),
        state="issued",
        content=to_plain(paper),
    )


def _step(case: Case, position: int, step: Step) -> StepRow:
    entry_class = KINDS[step.kind].entry_class if step.kind in KINDS else EntryClass.RECORD
    return StepRow(
        case_id=str(case.case_id),
        position=position,
        kind=step.kind,
        entry_class=int(entry_class),
        at_ms=to_milliseconds(step.at),
        node=str(step.node),
        actor=step.who,
        standing="applied",
        journal_digest=bytes.fromhex(step.ref.journal),
        number=step.ref.number,
        detail={"note": step.note} if step.note else {},
    )
