"""The fold: from a case's entries, in any order of arrival, to its one state (design §2).

Facts are followed from fence (0, 0) on. A taking ends the reign it names at the fact it names; a handover
ends its own reign; a fact the hub forced is skipped; of two facts at one place the earlier epoch's stands.
Whatever is not on that path is set aside, at every tier alike, because every tier folds the same entries.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from common.domain import fold_effects
from common.domain.bodies.facts import CustodyTaken, Decided, HandedOver
from common.domain.bodies.officer import Officer
from common.domain.bodies.requests import Submitted
from common.domain.case import Case, CaseEntry, SetAside
from common.domain.case_summary import CaseSummary
from common.domain.course import next_state
from common.domain.entries import EntryClass, FactPosition, Fence
from common.domain.node import NodeId


def fold(case_id: UUID, entries: Iterable[CaseEntry], summary: CaseSummary | None = None) -> Case:
    """Return the state of the case that ``entries`` (each once, in any order) tell.

    With a ``summary`` they go on from where it ends: what it stands for is no longer here.
    """
    ordered = sorted(entries, key=lambda entry: entry.ref)
    case = Case(case_id) if summary is None else _case_of(case_id, summary)
    facts = [entry for entry in ordered if entry.entry_class is EntryClass.FACT]
    others = [entry for entry in ordered if entry.entry_class is not EntryClass.FACT]
    _begin(case, others)
    for entry in others:
        fold_effects.note_request(case, entry)
    if case.intake is not None:
        _follow(case, facts)
    else:
        case.waiting = tuple(entry.ref for entry in facts)
    for entry in sorted(others, key=lambda other: (other.time, other.ref)):
        fold_effects.note_record(case, entry)
    case.steps.sort(key=lambda step: (step.at, step.ref))
    return case


def _case_of(case_id: UUID, summary: CaseSummary) -> Case:
    decided = summary.decided_on or summary.received_on
    return Case(
        case_id,
        state=summary.state,
        intake=NodeId(summary.intake),
        custodian=NodeId(summary.custodian),
        holders=tuple(dict.fromkeys((NodeId(summary.intake), NodeId(summary.custodian)))),
        fence=Fence(summary.takings, summary.moves),
        last=summary.fact,
        received_on=summary.received_on,
        accepted_on=summary.accepted_on,
        decision=Decided(summary.outcome, "", decided, Officer("")) if summary.outcome else None,
        closed_on=summary.closed_on,
        summary=summary,
    )


def _begin(case: Case, others: Sequence[CaseEntry]) -> None:
    """The earliest submission opens the case; a second one in the same case changes nothing."""
    if case.intake is not None:
        return
    for entry in sorted(others, key=lambda other: (other.time, other.ref)):
        if isinstance(entry.body, Submitted):
            case.submitted, case.submitted_at = entry.body, entry.time
            case.intake = entry.writer
            _give(case, entry.writer)
            return


class _Path:
    """Facts by position, and takings by the position they end."""

    def __init__(self, facts: Sequence[CaseEntry]) -> None:
        self.at: dict[FactPosition, list[CaseEntry]] = defaultdict(list)
        self.takings: dict[FactPosition, list[CaseEntry]] = defaultdict(list)
        self.left = {entry.ref: entry for entry in facts}
        for entry in facts:
            if isinstance(entry.body, CustodyTaken):
                fence = Fence(entry.body.ended_takings, entry.body.ended_moves)
                self.takings[FactPosition(fence, entry.body.ended_number)].append(entry)
            else:
                self.at[entry.position].append(entry)

    def taking(self, fence: Fence, number: int) -> CaseEntry | None:
        for entry in self.takings.get(FactPosition(fence, number), ()):
            if entry.writer.is_hub and entry.position == FactPosition(fence.taken(), 1):
                return entry
        return None

    def next(self, fence: Fence, number: int, custodian: NodeId | None) -> CaseEntry | None:
        """Return the fact that stands at the position: the hub's force, else the custodian's earliest."""
        candidates = self.at.get(FactPosition(fence, number), ())
        forced = [entry for entry in candidates if entry.kind == "fact_forced" and entry.writer.is_hub]
        own = [entry for entry in candidates if entry.kind != "fact_forced" and entry.writer == custodian]
        return next(iter([*forced, *own]), None)


def _follow(case: Case, facts: Sequence[CaseEntry]) -> None:
    path = _Path(facts)
    moved: HandedOver | None = None
    while True:
        taking = path.taking(case.fence, case.last)
        if taking is not None:
            _take(case, path, taking)
            moved = None
            continue
        if moved is not None:
            case.fence, case.last = case.fence.moved(), 0
            _give(case, NodeId(moved.to))
            moved = None
            continue
        entry = path.next(case.fence, case.last + 1, case.custodian)
        if entry is None or not entry.known:
            case.stopped = "" if entry is None else entry.kind
            break
        del path.left[entry.ref]
        case.last += 1
        if _apply(case, entry) and isinstance(entry.body, HandedOver):
            moved = entry.body
    _sort_out(case, path.left.values())


def _take(case: Case, path: _Path, taking: CaseEntry) -> None:
    body, before = taking.body, case.custodian
    del path.left[taking.ref]
    case.fence, case.last = case.fence.taken(), 1
    if isinstance(body, CustodyTaken):
        _give(case, NodeId(body.to))
        if not body.destroyed and before is not None:
            case.unanswered[before] = case.fence.takings
    case.steps.append(fold_effects.step_of(taking))


def _give(case: Case, node: NodeId) -> None:
    case.custodian = node
    if node not in case.holders:
        case.holders = (*case.holders, node)


def _apply(case: Case, entry: CaseEntry) -> bool:
    """Apply one fact in its place; say whether it took effect."""
    after = next_state(case.state, entry.kind)
    if after is None:
        case.set_aside.append(
            SetAside(entry.ref, entry.kind, f"not possible in state {case.state}", entry.body)
        )
        return False
    case.state = after
    fold_effects.note_fact(case, entry)
    return True


def _sort_out(case: Case, left: Iterable[CaseEntry]) -> None:
    """Facts off the path wait while the path may still reach them, else they are set aside."""
    waiting = []
    for entry in left:
        reached = FactPosition(case.fence, case.last)
        if entry.position > reached or (case.stopped and entry.position == reached):
            waiting.append(entry.ref)
        else:
            case.set_aside.append(
                SetAside(entry.ref, entry.kind, "another fact holds this place", entry.body)
            )
    case.waiting = tuple(sorted(waiting))
    case.set_aside = sorted(
        (aside for aside in case.set_aside if str(aside.ref) not in case.settled), key=lambda aside: aside.ref
    )
