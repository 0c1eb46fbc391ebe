"""Purge and return, on the vault's side: bodies leave and a signed summary stays, or all comes back."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from uuid import UUID

from common.casework.book import Shelf, covered, decode, entitled, folded, shelf, summary_of
from common.casework.desk import Desk
from common.casework.projection import project
from common.casework.writing import append
from common.domain.audience import Audience
from common.domain.bodies.records import CaseWanted
from common.domain.case import Case
from common.domain.case_summary import CaseSummary
from common.domain.kinds import ASIDE, ORDERS
from common.domain.node import NodeId
from common.domain.receipt_number import parse
from common.journal.batch_header import AttachmentRef
from common.journal.errors import BodyError
from common.journal.named_files import named_files
from common.store import cases, clearing, entries, summaries
from common.store.case_rows import CaseRow
from common.store.engine import Tx
from common.store.rows import ClearingRow, EntryRow, SummaryRow

Sign = Callable[[CaseSummary], bytes]
"""Signs a summary with this node's key and returns the statement."""


async def archive(
    tx: Tx, desk: Desk, case_id: UUID, seen: Collection[tuple[int, int]], today: date, sign: Sign
) -> bool:
    """Let a case's bodies leave the vault; what lies in files and parcels is noted and follows.

    Args:
        tx: of the vault.
        desk: this node's.
        case_id: which case; its rule was looked at outside this transaction.
        seen: (journal_id, number) of every entry the rule was looked at with.
        today: kept as the day of archiving.
        sign: signs what stays.

    Returns:
        False, changing nothing, where an entry came meanwhile.
    """
    rows = await entries.of_case(tx, str(case_id))
    if {(row.journal_id, row.number) for row in rows} != set(seen):
        return False
    here = await shelf(tx)
    summary = await _summary(tx, case_id, rows, here)
    leaving = [row for row in rows if row.body is not None and row.kind not in ORDERS]
    await clearing.add(tx, clearing_of(case_id, clearing.PURGE, leaving, here))
    await entries.empty(tx, [(row.journal_id, row.number) for row in leaving])
    await summaries.save(tx, SummaryRow(str(case_id), today, sign(summary)))
    await project(tx, desk, [case_id])
    return True


def clearing_of(case_id: UUID, why: str, rows: Sequence[EntryRow], here: Shelf) -> ClearingRow:
    """Return what of these entries lies outside the vault: files they name, and their places in runs."""
    files = {ref.name.hex() for row in rows for ref in files_of(row)}
    places = [[here.journals[row.journal_id].digest.hex(), row.number] for row in rows]
    return ClearingRow(str(case_id), why, sorted(files), sorted(places))


def files_of(row: EntryRow) -> Collection[AttachmentRef]:
    """Return the attachments an entry names; none where its body makes no sense."""
    try:
        return named_files(row.kind, row.body)
    except (BodyError, ValueError):
        return ()


async def _summary(tx: Tx, case_id: UUID, rows: Sequence[EntryRow], here: Shelf) -> CaseSummary:
    before = await summary_of(tx, case_id)
    row = await cases.find(tx, str(case_id))
    case = folded(case_id, rows, here, before)
    if row is None:
        message = "a case without a row is not archived"
        raise LookupError(message)
    decoded = [decode(one, here) for one in rows if one.body is not None and one.kind not in ASIDE]
    members = tuple(sorted(entitled(decoded, rows, here, before) or ()))
    return _of(case, row, members, _covers(rows, here), before)


def _covers(rows: Sequence[EntryRow], here: Shelf) -> dict[str, int]:
    last: dict[str, int] = {}
    for row in rows:
        digest = here.journals[row.journal_id].digest.hex()
        last[digest] = max(row.number, last.get(digest, 0))
    return last


def _of(
    case: Case, row: CaseRow, members: tuple[str, ...], covers: dict[str, int], before: CaseSummary | None
) -> CaseSummary:
    submitted = case.submitted
    digests = submitted or before
    return CaseSummary(
        case=row.case_id,
        number=parse(row.number).digits,
        item=row.item_code,
        version=row.item_version,
        title=row.title,
        applicant=row.applicant_masked,
        state=case.state,
        intake=row.intake_node,
        custodian=row.custodian,
        owner=row.owner,
        audience=row.audience,
        members=members,
        takings=row.takings,
        moves=row.moves,
        fact=row.fact_number,
        received_on=row.received_on,
        updated_ms=row.updated_ms,
        covers=covers,
        outcome=case.decision.outcome if case.decision else None,
        decided_on=case.decision.on if case.decision else None,
        accepted_on=row.accepted_on,
        closed_on=row.closed_on,
        sensitive=row.sensitive,
        insisted=row.insisted,
        parent=row.parent_case or "",
        query_digest=digests.query_digest if digests else "",
        token_digest=digests.token_digest if digests else "",
    )


async def take_back(tx: Tx, rows: Sequence[EntryRow]) -> None:
    """Take cited entries of purged cases in again; a case all of whose bodies are here is whole once more."""
    shown = {row.case_id for row in rows if row.case_id}
    kept = await summaries.of_cases(tx, shown)
    await entries.fill(tx, [row for row in rows if row.case_id in kept and row.status != "refused"])
    for case_id in kept:
        of_case = await entries.of_case(tx, case_id)
        whole = [row.body is not None for row in of_case if row.status != "refused" and row.kind not in ASIDE]
        if all(whole):
            await summaries.drop(tx, case_id)


def must_act(case: Case, node: NodeId) -> bool:
    """Whether ``node`` has something to do in the case, so that the hub shows it the whole case again.

    It holds the case and it is not over, or it was given a task it has not reported.
    """
    tasked = any(task.node == str(node) and not task.done for task in case.tasks.values())
    return tasked or (case.custodian == node and not case.over)


async def want_again(tx: Tx, desk: Desk, case: Case, summary: CaseSummary) -> bool:
    """Ask the hub, once, for a case that was archived here and in which this node has something to do."""
    if not must_act(case, desk.seat.node):
        return False
    here, rows = await shelf(tx), await entries.of_case(tx, str(case.case_id))
    if any(row.kind == "case_wanted" and not covered(row, here, summary) for row in rows):
        return False
    to_us = str(Audience.county(desk.seat.node))
    shown = [
        row.number for row in rows if row.kind == "cited" and here.journals[row.journal_id].audience == to_us
    ]
    body = CaseWanted(max(shown, default=0))
    await append(tx, desk, Audience(to_us), "case_wanted", body, case_id=case.case_id)
    return True
