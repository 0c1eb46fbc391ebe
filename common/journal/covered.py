"""What covers say of one of our own journals (docs/spec/checkpoint.md §5): facts in, a judgement out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from common.journal.cover import Covered

HashAt = Callable[[int], bytes | None]
"""Our chain hash at a number up to the journal's length; None where the box is locked and cannot say."""


class Found(StrEnum):
    """What is found; the first two accuse somebody."""

    ANOTHER_HISTORY = "another_history"
    HUB_CONTRADICTS_ITSELF = "hub_contradicts_itself"
    LOST_HERE = "lost_here"
    HUB_RESTORED = "hub_restored"
    COVERED = "covered"

    @property
    def accuses(self) -> bool:
        """Whether a person must look into it."""
        return self in {Found.ANOTHER_HISTORY, Found.HUB_CONTRADICTS_ITSELF}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is found of one journal.

    Attributes:
        found: what it is.
        length: how far the journal goes here.
        now: up to where the hub's present epoch covers it, 0 for nothing.
        before: up to where an earlier epoch did, 0 for nothing.
        at: the number at which two hashes stand, where there are two; else 0.
        theirs: the hash the hub signed there.
        ours: the hash here.
    """

    found: Found
    length: int
    now: int = 0
    before: int = 0
    at: int = 0
    theirs: bytes = b""
    ours: bytes = b""

    @property
    def again(self) -> int:
        """How many entries a restored hub had and has not, and that go again."""
        return max(self.before - self.now, 0)

    @property
    def open(self) -> int:
        """How many entries no checkpoint of the present epoch covers."""
        return max(self.length - self.now, 0)


def judge(length: int, hash_at: HashAt, covers: Sequence[Covered], order: int) -> Judgement:
    """Return what good covers say of a journal that is ``length`` entries long here.

    Args:
        length: 0 or more.
        hash_at: our chain hashes.
        covers: of this journal, of any epoch up to ``order``.
        order: of the hub's epoch that counts as the present one.
    """
    now = max((one.number for one in covers if one.order == order), default=0)
    before = max((one.number for one in covers if one.order < order), default=0)
    for one in sorted(covers, key=lambda one: one.number):
        ours = hash_at(one.number) if one.number <= length else None
        if ours is not None and ours != one.hash:
            return Judgement(Found.ANOTHER_HISTORY, length, now, before, one.number, one.hash, ours)
    for one, two in combinations(covers, 2):
        if one.order == two.order and not (one.follows(two) or two.follows(one)):
            at = min(one, two, key=lambda each: (each.number, -each.counter))
            return Judgement(Found.HUB_CONTRADICTS_ITSELF, length, now, before, at.number, at.hash)
    if max(now, before) > length:
        return Judgement(Found.LOST_HERE, length, now, before)
    return Judgement(Found.HUB_RESTORED if before > now else Found.COVERED, length, now, before)
