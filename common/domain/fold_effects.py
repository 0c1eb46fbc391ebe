"""What each kind of entry adds to a case once the fold has found its place."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from common.domain.bodies import facts, records, requests
from common.domain.bodies.officer import Officer
from common.domain.case import Case, CaseEntry, Step, Task
from common.domain.clocks import Pause, PauseReason
from common.domain.entries import EntryClass
from common.domain.node import NodeId

_ANSWERING = (facts.CorrectionTaken, facts.Withdrawn, facts.WithdrawalRefused)


def step_of(entry: CaseEntry) -> Step:
    """Return the line of the course this entry is."""
    body = entry.body
    by = getattr(body, "by", None)
    who = by.shown if isinstance(by, Officer) else ""
    return Step(entry.kind, entry.time, entry.writer, who, _note(body), entry.ref)


def _note(body: object) -> str:
    for name in ("opinion", "reason", "procedure", "note", "what", "number"):
        text = getattr(body, name, "")
        if isinstance(text, str) and text:
            return text
    return ""


def note_fact(case: Case, entry: CaseEntry) -> None:
    """Add what a fact in its place says."""
    case.steps.append(step_of(entry))
    effect = _EFFECTS.get(type(entry.body))
    if effect is not None:
        effect(case, entry.body)
    if isinstance(entry.body, _ANSWERING):
        asked = case.open_requests.pop(entry.body.answers, None)
        if asked is not None and isinstance(asked.body, requests.Corrected):
            case.corrections = (*case.corrections, asked.body)


def note_request(case: Case, entry: CaseEntry) -> None:
    """Keep a request open until a fact answers it; `submitted` is answered by `received`."""
    if entry.entry_class is not EntryClass.REQUEST:
        return
    case.steps.append(step_of(entry))
    if not isinstance(entry.body, requests.Submitted):
        case.open_requests[str(entry.ref)] = entry


def note_record(case: Case, entry: CaseEntry) -> None:
    """Add what a record says; unknown records pass."""
    if entry.entry_class is not EntryClass.RECORD:
        return
    case.steps.append(step_of(entry))
    if isinstance(entry.body, records.HandedOut):
        case.handed_out = case.handed_out or entry.ref
    elif isinstance(entry.body, records.Arrived):
        case.lawful_on = case.lawful_on or entry.body.on
    elif isinstance(entry.body, records.Yielded):
        _answered(case, entry.writer, entry.body.takings)
    elif isinstance(entry.body, records.CustodianReleased):
        _answered(case, NodeId(entry.body.node), entry.body.takings)
    elif isinstance(entry.body, records.Told):
        case.told = (*case.told, entry.body.what)
    elif isinstance(entry.body, records.TaskReported) and entry.body.task in case.tasks:
        task = case.tasks[entry.body.task]
        case.tasks[entry.body.task] = replace(task, done=task.done or entry.body.done)


def _answered(case: Case, node: NodeId, takings: int) -> None:
    if takings >= case.unanswered.get(node, takings + 1):
        del case.unanswered[node]


def _aside_settled(case: Case, body: facts.AsideSettled) -> None:
    case.settled |= frozenset(body.facts)


def _received(case: Case, body: facts.Received) -> None:
    case.received_on = body.on
    case.lawful_on = body.on if body.lawful else None


def _noticed(case: Case, body: facts.NoticeGiven) -> None:
    case.notice, case.noticed_on = body.missing, body.on


def _correction_taken(case: Case, _body: facts.CorrectionTaken) -> None:
    case.notice = ()


def _refused(case: Case, body: facts.RefusedToAccept) -> None:
    case.refusal = body


def _accepted(case: Case, body: facts.Accepted | facts.DeemedAccepted) -> None:
    case.accepted_on = body.on
    case.deemed = isinstance(body, facts.DeemedAccepted)


def _suspended(case: Case, body: facts.Suspended) -> None:
    if not body.counts:
        case.pauses = (*case.pauses, Pause(body.on, None, PauseReason.SPECIAL_PROCEDURE))


def _resumed(case: Case, body: facts.Resumed) -> None:
    if case.pauses and case.pauses[-1].end is None:
        case.pauses = (*case.pauses[:-1], replace(case.pauses[-1], end=body.on))


def _extended(case: Case, body: facts.Extended) -> None:
    case.extended_days += body.days


def _decided(case: Case, body: facts.Decided) -> None:
    case.decision = body


def _paper(case: Case, body: facts.PaperIssued) -> None:
    case.papers = (*case.papers, body)


def _closed(case: Case, body: facts.Closed) -> None:
    case.closed_on = body.on


def _task(case: Case, body: facts.TaskAssigned) -> None:
    case.tasks[body.task] = Task(body.task, body.what, body.node, body.due)


_EFFECTS: dict[type, Callable[[Case, Any], None]] = {
    facts.AsideSettled: _aside_settled,
    facts.Received: _received,
    facts.NoticeGiven: _noticed,
    facts.CorrectionTaken: _correction_taken,
    facts.RefusedToAccept: _refused,
    facts.Accepted: _accepted,
    facts.DeemedAccepted: _accepted,
    facts.Suspended: _suspended,
    facts.Resumed: _resumed,
    facts.Extended: _extended,
    facts.Decided: _decided,
    facts.PaperIssued: _paper,
    facts.Closed: _closed,
    facts.TaskAssigned: _task,
}
