"""Recovering: whom a restored node waits for before it writes a fact of an older case (design §8)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from common.domain.audience import Audience
from common.domain.node import NodeId


@dataclass(frozen=True, slots=True)
class Answer:
    """What another node said it has (``EpochAnswered``), and whether all of it came home.

    Attributes:
        at_ms: when it was applied here.
        held: last numbers it holds of this node's earlier journals, by digest in hex.
        written: last numbers of its own journals when it knew of the new epoch.
        covered: everything in ``held`` is applied here.
    """

    at_ms: int
    held: Mapping[str, int] = field(default_factory=dict)
    written: Mapping[str, int] = field(default_factory=dict)
    covered: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """A person answers for a node that is waited for no longer."""

    by: str
    reason: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a case begins: the journal it was submitted in, and its number there.

    Attributes:
        holders: every node that ever had custody of the case, as far as known here.
    """

    writer: NodeId
    epoch: str
    journal: str
    audience: Audience
    number: int
    holders: tuple[NodeId, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What decides who may hold entries of this node.

    Attributes:
        carriers: the townships that carry a village's parcels, by village.
        gone: nodes whose keys are all revoked: they can answer no more.
    """

    carriers: Mapping[NodeId, Collection[NodeId]] = field(default_factory=dict)
    gone: Collection[NodeId] = ()


@dataclass(frozen=True, slots=True)
class Recovery:
    """A node's recovery, from its new epoch on.

    Attributes:
        epoch: hex of the epoch that began with it.
        since_ms: when it began.
        answers: by node.
        released: by node.
        ended_ms: when everybody had answered or was released; 0 so long.
        expected: whom the node waited for when it last looked, in order.
    """

    epoch: str
    since_ms: int
    answers: Mapping[str, Answer] = field(default_factory=dict)
    released: Mapping[str, Release] = field(default_factory=dict)
    ended_ms: int = 0
    expected: tuple[str, ...] = ()

    def is_over(self) -> bool:
        """Whether nobody is waited for any more."""
        return self.ended_ms > 0

    def done_with(self, node: NodeId) -> bool:
        """Whether a node's answer is here with all it named, or it was released."""
        answer = self.answers.get(str(node))
        return str(node) in self.released or (answer is not None and answer.covered)

    def is_new(self, me: NodeId, case: Beginning) -> bool:
        """Whether a case began after the restore: its writer knew of the new epoch when it wrote.

        No clock is asked: what its writer had written before it answered may be older.
        """
        if case.writer == me:
            return case.epoch == self.epoch
        answer = self.answers.get(str(case.writer))
        return answer is not None and case.number > answer.written.get(case.journal, 0)

    def waits_for(self, me: NodeId, case: Beginning, near: Neighbours) -> tuple[NodeId, ...]:
        """Return who must answer before ``me`` writes a fact of the case; nobody for a new one."""
        if self.is_over() or self.is_new(me, case):
            return ()
        # A custodian outside the audience writes to the hub alone, which cites to it what the others write.
        inside = me in case.audience.members(me.county)
        readers = (case.audience if inside else Audience.county(me)).readers(me.county)
        readers |= frozenset(case.holders if me.is_hub else ())
        carriers = {township for node in readers for township in near.carriers.get(node, ())}
        return self.missing((readers | carriers) - {me}, near.gone)

    def missing(self, nodes: Collection[NodeId], gone: Collection[NodeId] = ()) -> tuple[NodeId, ...]:
        """Return those of the nodes that are waited for still."""
        return tuple(node for node in sorted(nodes) if node not in gone and not self.done_with(node))

    def answered(self, node: NodeId, answer: Answer) -> "Recovery":
        """Return the recovery with a node's answer; its latest counts."""
        return replace(self, answers={**self.answers, str(node): answer})

    def release(self, node: NodeId, release: Release) -> "Recovery":
        """Return the recovery with a node released."""
        return replace(self, released={**self.released, str(node): release})
