"""The row of a case whose bodies left this disk: its summary, and what came since."""

from collections.abc import Sequence

from common.domain.case import Case
from common.domain.case_summary import CaseSummary
from common.domain.kinds import ORDERS
from common.domain.receipt_number import grouped
from common.domain.times import to_milliseconds
from common.store.case_rows import CaseRow
from common.store.rows import EntryRow, SummaryRow

ARCHIVED = "archived"
"""The mark of such a case in lists."""


def archived_row(case: Case, kept: SummaryRow, rows: Sequence[EntryRow]) -> CaseRow:
    """Return the row.

    Args:
        case: folded from the summary on; ``case.summary`` is there.
        kept: when the bodies left.
        rows: every entry of the case here; one with a body came later and keeps the case on this disk.

    Raises:
        ValueError: the case is whole here.
    """
    summary = case.summary
    if summary is None:
        message = "the case has no summary"
        raise ValueError(message)
    later = any(row.body is not None and row.kind not in ORDERS for row in rows)
    return _row(case, summary, None if later else kept)


def _row(case: Case, summary: CaseSummary, kept: SummaryRow | None) -> CaseRow:
    number, decision = grouped(summary.number), case.decision
    return CaseRow(
        case_id=summary.case,
        number=number,
        item_code=summary.item,
        item_version=summary.version,
        title=summary.title,
        applicant=summary.applicant,
        applicant_masked=summary.applicant,
        search_text=f"{number} {summary.number} {summary.title} {summary.applicant}",
        identity_hash=None,
        state=str(case.state),
        custodian=str(case.custodian),
        takings=case.fence.takings,
        moves=case.fence.moves,
        fact_number=case.last,
        intake_node=summary.intake,
        owner=summary.owner,
        audience=summary.audience,
        received_on=summary.received_on,
        updated_ms=max([summary.updated_ms, *(to_milliseconds(step.at) for step in case.steps)]),
        outcome=str(decision.outcome) if decision else None,
        accepted_on=case.accepted_on,
        closed_on=case.closed_on,
        archived_on=kept.archived_on if kept else None,
        sensitive=summary.sensitive,
        insisted=summary.insisted,
        parent_case=summary.parent or None,
        waits=bool(case.waiting or case.set_aside or case.stopped or case.unanswered),
        marks=sorted({ARCHIVED} | {name for name, holds in _later(case).items() if holds}),
    )


def _later(case: Case) -> dict[str, bool]:
    return {
        "waiting": bool(case.waiting),
        "set_aside": bool(case.set_aside),
        "stopped": bool(case.stopped),
        "asked": bool(case.open_requests),
        "unanswered": bool(case.unanswered),
    }
