"""Entries of cases, one line each, for tests of the fold and of everything above it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from common.domain.application import Application, Person
from common.domain.bodies import facts
from common.domain.bodies.officer import Officer
from common.domain.bodies.records import HandedOut
from common.domain.bodies.requests import Submitted
from common.domain.case import CaseEntry, EntryRef
from common.domain.entries import FIRST_FENCE, EntryClass, FactPosition, Fence
from common.domain.identifiers import new_id
from common.domain.kinds import KINDS
from common.domain.node import NodeId

HUB = NodeId("130638-0001")
TOWNSHIP = NodeId("130638-0101")
VILLAGE = NodeId("130638-0417")
NOON = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)
DAY = date(2026, 11, 16)
CASE = new_id(NOON, bytes(10))
OFFICER = Officer("zhang", "张三", "窗口")
APPLICANT = Person("王桂芳", "11010519491231002X", "13800001234")


def application(**changes: object) -> Application:
    """Return an application that lacks nothing."""
    values: dict[str, object] = {"item": "sample-01", "version": "00", "applicant": APPLICANT}
    return Application(**(values | changes))  # type: ignore[arg-type]


@dataclass
class Book:
    """Writes a case's entries in order, the way nodes would; every entry has its place in a journal."""

    case_id: UUID = CASE
    entries: list[CaseEntry] = field(default_factory=list)
    heads: dict[tuple[NodeId, int], int] = field(default_factory=dict)
    fence: Fence = FIRST_FENCE
    number: int = 0
    custodian: NodeId = VILLAGE

    def write(
        self,
        body: object,
        kind: str,
        *,
        writer: NodeId | None = None,
        position: FactPosition | None = None,
        rank: int = 0,
        known: bool = True,
    ) -> CaseEntry:
        """Append an entry of ``kind`` and return it; a fact without a position takes the next place."""
        writer = writer or self.custodian
        entry_class = KINDS[kind].entry_class if kind in KINDS else EntryClass.FACT
        if position is None:
            if entry_class is EntryClass.FACT:
                self.number += 1
            position = FactPosition(self.fence, self.number)
        place = self.heads[writer, rank] = self.heads.get((writer, rank), 0) + 1
        entry = CaseEntry(
            EntryRef(rank, f"{writer}.{rank}", place),
            writer,
            entry_class,
            kind,
            NOON + timedelta(minutes=len(self.entries)),
            position,
            body,
            known,
        )
        self.entries.append(entry)
        return entry

    def taken_in(self, *, lawful: bool = True) -> "Book":
        """Submit and receive at the village."""
        self.write(Submitted("041726004582", application()), "submitted")
        self.write(facts.Received(DAY, lawful), "received")
        return self

    def handed_to(self, node: NodeId) -> "Book":
        """Hand custody to ``node``."""
        self.write(facts.HandedOver(str(node), DAY), "handed_over")
        self.fence, self.number, self.custodian = self.fence.moved(), 0, node
        return self

    def accepted(self) -> "Book":
        """Accept."""
        self.write(facts.Accepted(DAY, OFFICER), "accepted")
        return self

    def reviewed(self) -> "Book":
        """Review, favourably."""
        self.write(facts.Reviewed("材料属实", favourable=True, on=DAY, by=OFFICER), "reviewed")
        return self

    def decided(self, outcome: facts.Outcome = facts.Outcome.GRANTED) -> "Book":
        """Decide."""
        self.write(facts.Decided(outcome, "符合条件", DAY, OFFICER), "decided")
        return self

    def handed_out(self) -> "Book":
        """Record at the village that the result was given."""
        self.write(HandedOut("decision", "本人", DAY), "handed_out", writer=VILLAGE)
        return self
