"""Every message, pushed through both ends at every pair of stages (as h11's tests do)."""

from itertools import product
from pathlib import Path

import pytest

from common.sync.errors import BrokenRuleError, LocalProtocolError, RemoteProtocolError
from common.sync.extensions import FiguresMark, UncoveredHead
from common.sync.frames import frame
from common.sync.greeting import Role
from common.sync.limits import Limits
from common.sync.listed import Head, ReceiptMark
from common.sync.messages import (
    MESSAGES,
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
    encode,
)
from common.sync.reasons import ByeReason, LaterReason
from common.sync.session import Session
from common.sync.states import OTHER_AT_LEAST, TABLE, Stage, diagram, step
from tests.common.sync.country import HUB, TOWNSHIP, VILLAGE, batch, content, hello, journal

GIVEN, TAKEN, NEW = (content(seed, 100) for seed in (1, 2, 3))
OFFERS = {data: batch(data, journal(), 1, 2) for data in (GIVEN, TAKEN, NEW)}
SAMPLES: dict[type[Message], Message] = {
    type(message): message
    for message in (
        hello(TOWNSHIP),
        Digest(bytes(32)),
        Have((Head(journal(), 1, bytes(32)),)),
        ReceiptsHave((ReceiptMark(bytes(32), HUB, bytes(16), 1),)),
        Ask((bytes(32),)),
        Told(),
        Offers((OFFERS[NEW],)),
        Offered(),
        Want(OFFERS[GIVEN].name, 0, 1),
        Chunk(OFFERS[TAKEN].name, 0, 100, TAKEN),
        Later(OFFERS[GIVEN].name, LaterReason.FULL),
        Receipt(b"statement"),
        Fork(journal(), 1, bytes(32)),
        Done(),
        Bye(ByeReason.BUSY, "come back"),
        Ping(bytes(8)),
        Pong(b"\0" * 7 + b"\1"),
        Uncovered((UncoveredHead(bytes(32), 0),)),
        Cover(b"cover"),
        FiguresHave((FiguresMark(VILLAGE, 1, 1),)),
        Figures(b"statement"),
    )
}
COMMANDS = {
    Digest: lambda s: s.digest(bytes(32)),
    Have: lambda s: s.have([Head(journal(), 1, bytes(32))]),
    ReceiptsHave: lambda s: s.receipts_have([ReceiptMark(bytes(32), HUB, bytes(16), 1)]),
    Ask: lambda s: s.ask([bytes(32)]),
    Told: lambda s: s.told(),
    Offers: lambda s: s.offer([OFFERS[NEW]]),
    Offered: lambda s: s.offered(),
    Want: lambda s: s.take(OFFERS[TAKEN].name),
    Chunk: lambda s: s.send_chunk(OFFERS[GIVEN].name, 0, GIVEN),
    Later: lambda s: s.later(OFFERS[TAKEN].name, LaterReason.FULL),
    Receipt: lambda s: s.receipt(b"statement"),
    Fork: lambda s: s.fork(journal(), 1, bytes(32)),
    Uncovered: lambda s: s.uncovered([UncoveredHead(bytes(32), 0)]),
    Cover: lambda s: s.cover(b"cover"),
    FiguresHave: lambda s: s.figures_have([FiguresMark(VILLAGE, 1, 1)]),
    Figures: lambda s: s.figures(b"statement"),
    Done: lambda s: s.done(),
}
PAIRS = list(product(Stage, Stage, MESSAGES))
HEARD = [pair for pair in PAIRS if pair[1] is not Stage.GREETING]
"""A session has said its HELLO as soon as there is one."""


def session(mine: Stage, theirs: Stage, *, wanted: bool, taken: bool) -> Session:
    """A session that has offered GIVEN and was offered TAKEN, put at two stages."""
    made = Session(Role.DIALER, hello(), Limits())
    made._giving.offer((OFFERS[GIVEN],))
    made._taking.offered((OFFERS[TAKEN],))
    if wanted:
        made._giving.want(Want(OFFERS[GIVEN].name, 0, 1))
    if taken:
        made._taking.take(OFFERS[TAKEN].name, 0)
        made._taking.grants()
    made.data_to_send()
    made._line.me.stage, made._line.other.stage = mine, theirs
    made._line.me.digest, made._line.other.digest = b"m" * 32, b"t" * 32
    made._hearing.ping = b"\0" * 7 + b"\1"
    return made


def allowed(speaker: Stage, other: Stage, kind: type[Message]) -> bool:
    return kind in TABLE[speaker] and other >= OTHER_AT_LEAST.get(kind, Stage.GREETING)


@pytest.mark.parametrize(("speaker", "other", "kind"), HEARD)
def test_the_session_takes_from_the_other_side_what_the_table_allows_and_nothing_else(speaker, other, kind):
    made = session(other, speaker, wanted=False, taken=kind is Chunk)
    data = frame(kind.TYPE, encode(SAMPLES[kind]))
    if allowed(speaker, other, kind):
        made.receive_data(data)
        after = TABLE[speaker][kind]
        assert made.stages[1] is after
        assert made.closed is (kind is Bye)
    else:
        with pytest.raises(RemoteProtocolError) as refused:
            made.receive_data(data)
        assert refused.value.reason is ByeReason.PROTOCOL
        assert made.closed
        assert (made.data_to_send() == b"") is (other is Stage.OVER)
        assert made.receive_data(data) == []


@pytest.mark.parametrize(("speaker", "other", "kind"), [pair for pair in PAIRS if pair[2] in COMMANDS])
def test_the_session_says_what_the_table_allows_and_nothing_else(speaker, other, kind):
    made = session(speaker, other, wanted=kind is Chunk, taken=False)
    if allowed(speaker, other, kind):
        COMMANDS[kind](made)
        assert made.data_to_send()[4] == kind.TYPE
        assert made.stages[0] is TABLE[speaker][kind] or kind is Done
    else:
        with pytest.raises(LocalProtocolError):
            COMMANDS[kind](made)
        assert made.data_to_send() == b""
        assert made.stages == (speaker, other)
        assert not made.closed


@pytest.mark.parametrize(("speaker", "other", "kind"), PAIRS)
def test_a_step_leads_forward_or_stays(speaker, other, kind):
    if allowed(speaker, other, kind):
        assert step(speaker, other, kind) >= speaker
    else:
        with pytest.raises(BrokenRuleError):
            step(speaker, other, kind)


def test_every_stage_is_reached_and_every_message_is_said_somewhere():
    assert {after for steps in TABLE.values() for after in steps.values()} | {Stage.GREETING} == set(Stage)
    assert {kind for steps in TABLE.values() for kind in steps} == set(MESSAGES) == set(SAMPLES)


def test_the_specification_shows_the_table_as_it_is():
    text = (Path(__file__).parents[3] / "docs/spec/session.md").read_text(encoding="utf-8")
    assert diagram() in text
    for kind, stage in OTHER_AT_LEAST.items():
        assert f"| {kind.__name__} | {stage.name} |" in text


def test_village_is_the_scope_of_its_own_call():
    assert hello().scope == VILLAGE
