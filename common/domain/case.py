"""A case as its entries tell it: the input and the result of :mod:`common.domain.fold`."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from common.domain.application import MaterialGiven
from common.domain.bodies.facts import Decided, MissingThing, PaperIssued, RefusedToAccept
from common.domain.bodies.requests import Corrected, Submitted
from common.domain.case_summary import CaseSummary
from common.domain.clocks import Pause
from common.domain.course import ENDED, State
from common.domain.entries import FIRST_FENCE, EntryClass, FactPosition, Fence
from common.domain.node import NodeId


@dataclass(frozen=True, slots=True, order=True)
class EntryRef:
    """An entry's identity: the hex digest of its journal id, and its number there.

    Attributes:
        rank: how many epochs of that writer came before; of two facts at one place the earlier one's stands.
    """

    rank: int
    journal: str
    number: int

    def __str__(self) -> str:
        """Return the form bodies use to name an entry."""
        return f"{self.journal}:{self.number}"


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One entry of a case, decoded.

    Attributes:
        body: one of the body dataclasses, or None for an erased or unknown body.
        known: False for a kind this program does not know.
    """

    ref: EntryRef
    writer: NodeId
    entry_class: EntryClass
    kind: str
    time: datetime
    position: FactPosition
    body: object
    known: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the case's course, for people."""

    kind: str
    at: datetime
    node: NodeId
    who: str
    note: str
    ref: EntryRef


@dataclass(frozen=True, slots=True)
class SetAside:
    """A fact that does not count, and why; a named person adopts or reverses it."""

    ref: EntryRef
    kind: str
    reason: str
    body: object = None


@dataclass(frozen=True, slots=True)
class Task:
    """Work sent out and whether its report is in."""

    task: str
    what: str
    node: str
    due: date | None
    done: bool = False


@dataclass(slots=True)
class Case:
    """The state of a case: the fold of its entries and nothing else.

    Attributes:
        fence: the current reign.
        last: number of the last fact applied in it.
        custodian: the one node that may write facts now; None while nothing has been submitted.
        holders: every node that had custody, the intake node first.
        unanswered: nodes from which custody was taken by time and that have not said they know, each with
            the takings of the fence that began.
        waiting: facts known whose predecessor is missing.
        settled: facts set aside that a named person adopted or reversed.
        stopped: the unknown kind of fact at which this program stopped reading, empty otherwise.
        open_requests: requests no fact has answered.
        summary: where the case began from, when its earlier bodies have left this disk.
    """

    case_id: UUID
    state: State = State.SUBMITTED
    submitted: Submitted | None = None
    submitted_at: datetime | None = None
    intake: NodeId | None = None
    custodian: NodeId | None = None
    holders: tuple[NodeId, ...] = ()
    fence: Fence = FIRST_FENCE
    last: int = 0
    received_on: date | None = None
    lawful_on: date | None = None
    notice: tuple[MissingThing, ...] = ()
    noticed_on: date | None = None
    refusal: RefusedToAccept | None = None
    accepted_on: date | None = None
    deemed: bool = False
    pauses: tuple[Pause, ...] = ()
    extended_days: int = 0
    decision: Decided | None = None
    papers: tuple[PaperIssued, ...] = ()
    handed_out: EntryRef | None = None
    told: tuple[str, ...] = ()
    corrections: tuple[Corrected, ...] = ()
    closed_on: date | None = None
    unanswered: dict[NodeId, int] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    tasks: dict[str, Task] = field(default_factory=dict)
    open_requests: dict[str, CaseEntry] = field(default_factory=dict)
    waiting: tuple[EntryRef, ...] = ()
    set_aside: list[SetAside] = field(default_factory=list)
    settled: frozenset[str] = frozenset()
    stopped: str = ""
    summary: CaseSummary | None = None

    @property
    def materials(self) -> dict[str, MaterialGiven]:
        """What was handed in by material code; a correction taken replaces what it brings again."""
        parts = [self.submitted.application.materials] if self.submitted else []
        parts += [correction.materials for correction in self.corrections]
        return {material.code: material for part in parts for material in part}

    @property
    def position(self) -> FactPosition:
        """The last fact known: what requests and records carry."""
        return FactPosition(self.fence, self.last)

    @property
    def over(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in ENDED
