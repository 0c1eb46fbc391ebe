"""One side of a session as both sides see it: its stage, its digest, and how much it has listed."""

from collections import Counter
from collections.abc import Mapping

from common.sync.errors import BrokenRuleError
from common.sync.limits import Limits
from common.sync.messages import (
    Ask,
    Cover,
    Figures,
    FiguresHave,
    Fork,
    Have,
    Message,
    Receipt,
    ReceiptsHave,
    Uncovered,
)
from common.sync.reasons import ByeReason
from common.sync.states import Stage, step

_LISTS = (Have, ReceiptsHave)


class Speaker:
    """Keeps the rules that hold for every message, whichever side says it.

    Args:
        limits: how much one side may list.
    """

    def __init__(self, limits: Limits) -> None:
        self.stage = Stage.GREETING
        self.digest: bytes | None = None
        self._said: Counter[type[Message]] = Counter()
        self._most: Mapping[type[Message], int] = {
            Have: limits.heads,
            ReceiptsHave: limits.marks,
            Ask: limits.asked,
            Receipt: limits.receipts,
            Fork: limits.forks,
            Uncovered: limits.uncovered,
            Cover: limits.covers,
            FiguresHave: limits.figures,
            Figures: limits.figures,
        }

    def allow(self, kind: type[Message], count: int, other: "Speaker") -> Stage:
        """Return the stage after this side says ``count`` items in messages of ``kind``.

        Raises:
            BrokenRuleError: it is not this kind's turn, or it would be too much.
        """
        after = step(self.stage, other.stage, kind)
        if kind in _LISTS and self.digest == other.digest:
            raise BrokenRuleError("lists are told although the digests are equal")
        if kind in self._most and self._said[kind] + count > self._most[kind]:
            raise BrokenRuleError(f"more {kind.__name__} than one session allows")
        return after

    def allow_bye(self, reason: ByeReason, other: "Speaker") -> None:
        """Insist that only a session whose both sides are done is called finished.

        Raises:
            BrokenRuleError: a side is not done.
        """
        if reason is ByeReason.FINISHED and min(self.stage, other.stage) < Stage.SERVING:
            raise BrokenRuleError("the session is called finished before both sides are done")

    def said(self, kind: type[Message], count: int, after: Stage) -> None:
        """Note what was said."""
        self.stage = after
        if kind in self._most:
            self._said[kind] += count
