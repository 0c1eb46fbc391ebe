"""The table of a session: who may say what, when (docs/spec/session.md §3 is drawn from it).

Each side is at a stage that follows from what it has said; both sides use the same table, each for itself.
"""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from common.sync.errors import BrokenRuleError
from common.sync.messages import (
    Ask,
    Bye,
    Chunk,
    Cover,
    Digest,
    Done,
    Figures,
    FiguresHave,
    Fork,
    Have,
    Hello,
    Later,
    Message,
    Offered,
    Offers,
    Ping,
    Pong,
    Receipt,
    ReceiptsHave,
    Told,
    Uncovered,
    Want,
)


class Stage(IntEnum):
    """How far one side has come."""

    GREETING = 0
    COMPARING = 1
    TELLING = 2
    OFFERING = 3
    TAKING = 4
    SERVING = 5
    OVER = 6


TABLE: Mapping[Stage, Mapping[type[Message], Stage]] = MappingProxyType(
    {
        Stage.GREETING: {Hello: Stage.COMPARING, Bye: Stage.OVER},
        Stage.COMPARING: {
            Digest: Stage.TELLING,
            Ping: Stage.COMPARING,
            Pong: Stage.COMPARING,
            Bye: Stage.OVER,
        },
        Stage.TELLING: {
            Have: Stage.TELLING,
            ReceiptsHave: Stage.TELLING,
            Ask: Stage.TELLING,
            Uncovered: Stage.TELLING,
            FiguresHave: Stage.TELLING,
            Told: Stage.OFFERING,
            Ping: Stage.TELLING,
            Pong: Stage.TELLING,
            Bye: Stage.OVER,
        },
        Stage.OFFERING: {
            Offers: Stage.OFFERING,
            Offered: Stage.TAKING,
            Want: Stage.OFFERING,
            Chunk: Stage.OFFERING,
            Later: Stage.OFFERING,
            Receipt: Stage.OFFERING,
            Fork: Stage.OFFERING,
            Cover: Stage.OFFERING,
            Figures: Stage.OFFERING,
            Ping: Stage.OFFERING,
            Pong: Stage.OFFERING,
            Bye: Stage.OVER,
        },
        Stage.TAKING: {
            Want: Stage.TAKING,
            Chunk: Stage.TAKING,
            Later: Stage.TAKING,
            Receipt: Stage.TAKING,
            Fork: Stage.TAKING,
            Cover: Stage.TAKING,
            Figures: Stage.TAKING,
            Done: Stage.SERVING,
            Ping: Stage.TAKING,
            Pong: Stage.TAKING,
            Bye: Stage.OVER,
        },
        Stage.SERVING: {
            Chunk: Stage.SERVING,
            Later: Stage.SERVING,
            Receipt: Stage.SERVING,
            Ping: Stage.SERVING,
            Pong: Stage.SERVING,
            Bye: Stage.OVER,
        },
        Stage.OVER: {},
    }
)

OTHER_AT_LEAST: Mapping[type[Message], Stage] = MappingProxyType(
    {
        Digest: Stage.COMPARING,
        Have: Stage.TELLING,
        ReceiptsHave: Stage.TELLING,
        Ask: Stage.TELLING,
        Uncovered: Stage.TELLING,
        FiguresHave: Stage.TELLING,
        Told: Stage.TELLING,
        Offers: Stage.OFFERING,
        Offered: Stage.OFFERING,
        Want: Stage.OFFERING,
        Chunk: Stage.OFFERING,
        Later: Stage.OFFERING,
        Receipt: Stage.OFFERING,
        Fork: Stage.OFFERING,
        Cover: Stage.OFFERING,
        Figures: Stage.OFFERING,
        Done: Stage.TAKING,
    }
)
"""The stage the other side must have reached before this may be said; others need none."""


def step(speaker: Stage, other: Stage, kind: type[Message]) -> Stage:
    """Return the speaker's stage after it says a message of ``kind``.

    Raises:
        BrokenRuleError: the table has no such step, or the other side is not so far yet.
    """
    after = TABLE[speaker].get(kind)
    if after is None:
        raise BrokenRuleError(f"{kind.__name__} out of turn at {speaker.name}")
    if other < OTHER_AT_LEAST.get(kind, Stage.GREETING):
        raise BrokenRuleError(f"{kind.__name__} before the other side was ready")
    return after


def diagram() -> str:
    """Return the table as a mermaid state diagram; messages that change no stage stand in a note."""
    lines = ["stateDiagram-v2", f"    [*] --> {Stage.GREETING.name}"]
    for stage, steps in TABLE.items():
        staying = [kind.__name__ for kind, after in steps.items() if after is stage]
        for kind, after in steps.items():
            if after is not stage:
                lines.append(f"    {stage.name} --> {after.name}: {kind.__name__}")
        if staying:
            lines.append(f"    {stage.name} --> {stage.name}: {', '.join(staying)}")
    return "\n".join([*lines, f"    {Stage.OVER.name} --> [*]"])
