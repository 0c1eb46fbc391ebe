"""What a session promises its driver, and what it makes of a peer that breaks the rules."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.sync.errors import Fault, LocalProtocolError, RemoteProtocolError
from common.sync.events import ChunkCame, Closed, Compared, Declined, Event, Gone, Greeted
from common.sync.frames import frame
from common.sync.greeting import Role
from common.sync.limits import CHUNK, MAX_FRAME, Limits
from common.sync.listed import Head, Offer, ParcelKind
from common.sync.messages import (
    MESSAGES,
    Bye,
    Chunk,
    Done,
    Hello,
    Later,
    Message,
    Offers,
    Ping,
    Pong,
    Receipt,
    Want,
    encode,
)
from common.sync.reasons import ByeReason, Ending, LaterReason
from common.sync.session import Session
from common.sync.states import Stage
from tests.common.sync.country import (
    HUB,
    TOWNSHIP,
    VILLAGE,
    Node,
    batch,
    content,
    hash_at,
    hello,
    journal,
)


def wire(message: Message) -> bytes:
    return frame(message.TYPE, encode(message))


def pass_on(left: Session, right: Session) -> tuple[list[Event], list[Event]]:
    """Carry everything both ways until nothing moves; return what each heard."""
    heard: dict[Session, list[Event]] = {left: [], right: []}
    moved = True
    while moved:
        moved = False
        for speaker, listener in ((left, right), (right, left)):
            if data := speaker.data_to_send():
                moved = True
                heard[listener] += listener.receive_data(data)
    return heard[left], heard[right]


def pair(limits: Limits | None = None) -> tuple[Session, Session]:
    """Two sessions with equal digests, both offering."""
    low = Session(Role.DIALER, hello(), limits or Limits(), TOWNSHIP)
    high = Session(Role.ANSWERER, hello(TOWNSHIP), limits or Limits(), VILLAGE)
    pass_on(low, high)
    for each in (low, high):
        each.digest(bytes(32))
    pass_on(low, high)
    for each in (low, high):
        each.told()
    pass_on(low, high)
    return low, high


def offered(size: int = 3 * CHUNK, limits: Limits | None = None) -> tuple[Session, Session, Offer, bytes]:
    low, high = pair(limits)
    data = content(7, size)
    offer = batch(data, journal(), 1, 2)
    low.offer([offer])
    pass_on(low, high)
    return low, high, offer, data


def chunk(data: bytes, index: int) -> bytes:
    return data[index * CHUNK : (index + 1) * CHUNK]


def test_two_sides_greet_compare_and_part():
    low = Session(Role.DIALER, hello(), Limits())
    high = Session(Role.ANSWERER, hello(TOWNSHIP, highest=3), Limits())
    assert pass_on(low, high) == ([Greeted(hello(TOWNSHIP, highest=3), 1)], [Greeted(hello(), 1)])
    assert low.digest(bytes(32)) is None
    assert pass_on(low, high) == ([], [])
    assert high.digest(b"x" * 32) == Compared(same=False)
    assert pass_on(low, high)[0] == [Compared(same=False)]
    low.have([Head(journal(), 1, hash_at(journal(), 1))])
    low.have([])
    for each in (low, high):
        each.told()
    pass_on(low, high)
    for each in (low, high):
        each.offered()
    pass_on(low, high)
    low.done()
    pass_on(low, high)
    high.receipt(b"late receipt")
    high.done()
    ends = pass_on(low, high)
    assert ends[0] == [Receipt(b"late receipt"), Done(), Closed(Ending.FINISHED, ByeReason.FINISHED)]
    assert ends[1] == [Closed(Ending.FINISHED, ByeReason.FINISHED)]
    assert low.closed
    assert low.receive_data(b"more") == low.idle(1e9) == []
    assert low.data_to_send() == b""


def test_the_version_both_speak_is_used_and_none_is_a_clear_refusal():
    old = Session(Role.DIALER, hello(lowest=1, highest=2), Limits())
    new = Session(Role.ANSWERER, hello(TOWNSHIP, lowest=2, highest=5), Limits())
    assert Greeted(hello(TOWNSHIP, lowest=2, highest=5), 2) in pass_on(old, new)[0]
    newest = Session(Role.ANSWERER, hello(TOWNSHIP, lowest=3, highest=5), Limits())
    greeting = Session(Role.DIALER, hello(lowest=1, highest=2), Limits()).data_to_send()
    with pytest.raises(RemoteProtocolError, match="no common version: 3-5 here, 1-2 there") as refused:
        newest.receive_data(greeting)
    assert refused.value.reason is ByeReason.VERSION
    assert refused.value.fault is Fault.THEIRS
    assert "更新" in refused.value.what_to_do
    old = Session(Role.DIALER, hello(lowest=1, highest=2), Limits())
    with pytest.raises(RemoteProtocolError):
        old.receive_data(newest.data_to_send())


@pytest.mark.parametrize(
    "strange",
    [
        hello(HUB),
        hello(TOWNSHIP, HUB),
        hello(VILLAGE),
        hello(TOWNSHIP, TOWNSHIP),
        Hello(1, 1, type(VILLAGE)("130639-0003"), bytes(16), VILLAGE, "0", 0),
    ],
)
def test_a_stranger_or_another_scope_is_refused(strange):
    low = Session(Role.DIALER, hello(), Limits(), strange.node if strange.node != HUB else TOWNSHIP)
    with pytest.raises(RemoteProtocolError) as refused:
        low.receive_data(wire(strange))
    assert refused.value.reason is ByeReason.IDENTITY


def test_an_answerer_hears_of_the_scope_of_who_dialled_only():
    high = Session(Role.ANSWERER, hello(TOWNSHIP), Limits())
    with pytest.raises(RemoteProtocolError, match="different scopes"):
        high.receive_data(wire(hello(type(VILLAGE)("130638-0418"))))


@pytest.mark.parametrize(("role", "mine"), [(Role.DIALER, hello(TOWNSHIP)), (Role.ANSWERER, hello())])
def test_a_side_cannot_speak_of_another_scope_than_its_role(role, mine):
    with pytest.raises(ValueError, match="scope"):
        Session(role, mine, Limits())


def test_a_parcel_resumes_at_the_chunk_and_only_what_is_wanted_is_sent():
    low, high, offer, data = offered()
    assert low.next_wanted() is None
    high.take(offer.name, 1)
    assert high.taking == 1
    pass_on(low, high)
    came = []
    while (wanted := low.next_wanted()) is not None:
        low.send_chunk(offer.name, wanted[1], chunk(data, wanted[1]))
        came += pass_on(low, high)[1]
    assert came == [ChunkCame(offer, 1, chunk(data, 1)), ChunkCame(offer, 2, chunk(data, 2))]
    assert [event.last for event in came if isinstance(event, ChunkCame)] == [False, True]
    assert high.taking == 0
    with pytest.raises(LocalProtocolError, match="not wanted"):
        low.send_chunk(offer.name, 2, chunk(data, 2))
    with pytest.raises(LocalProtocolError, match="taken twice"):
        high.take(offer.name)
    with pytest.raises(LocalProtocolError, match="that was given"):
        low.gone(offer.name)


def test_no_more_than_the_window_is_ever_under_way():
    limits = Limits(window=5)
    low, high, offer, data = offered(15 * CHUNK, limits)
    high.take(offer.name)
    under_way = 0
    for _ in range(100):
        if data_back := high.data_to_send():
            low.receive_data(data_back)
        under_way = max(under_way, low._giving.owes)
        if (wanted := low.next_wanted()) is None:
            break
        low.send_chunk(offer.name, wanted[1], chunk(data, wanted[1]))
        high.receive_data(low.data_to_send())
    assert under_way == 5
    assert high.taking == 0


def test_what_hurries_overtakes_what_is_under_way():
    low, high, offer, _ = offered(15 * CHUNK)
    high.take(offer.name)
    pass_on(low, high)
    small = batch(b"small", journal(TOWNSHIP), 1, 1)
    low.offer([small])
    pass_on(low, high)
    high.take(small.name)
    pass_on(low, high)
    assert low.next_wanted() == (small, 0)
    low.send_chunk(small.name, 0, b"small")
    assert low.next_wanted() == (offer, 0)


def test_putting_off_frees_the_credit_and_drops_what_is_under_way():
    low, high, offer, data = offered()
    high.take(offer.name)
    pass_on(low, high)
    low.send_chunk(offer.name, 0, chunk(data, 0))
    high.later(offer.name, LaterReason.FULL)
    assert high.taking == 1
    low_heard, high_heard = pass_on(low, high)
    assert low_heard == [Declined(offer, LaterReason.FULL)]
    assert high_heard == []
    assert high.taking == 0
    assert low.next_wanted() is None
    commands: list[Callable[[], object]] = [
        lambda: high.take(offer.name),
        lambda: high.later(offer.name, LaterReason.FULL),
        lambda: low.gone(offer.name),
    ]
    for command in commands:
        with pytest.raises(LocalProtocolError, match="does not travel any more"):
            command()


def test_putting_off_when_all_that_was_wanted_was_sent_needs_no_answer():
    low, high, offer, data = offered(2 * CHUNK, Limits(window=1))
    high.take(offer.name)
    low.receive_data(high.data_to_send())
    low.send_chunk(offer.name, 0, chunk(data, 0))
    high.later(offer.name, LaterReason.QUOTA)
    assert pass_on(low, high) == ([Declined(offer, LaterReason.QUOTA)], [])
    assert high.taking == 0


def test_putting_off_what_was_never_taken_or_not_yet_wanted():
    low, high, offer, _ = offered()
    high.take(offer.name)
    high.later(offer.name, LaterReason.TOO_LARGE)
    assert high.taking == 0
    assert pass_on(low, high)[0] == [Declined(offer, LaterReason.TOO_LARGE)]
    low, high, offer, _ = offered()
    high.later(offer.name, LaterReason.FULL)
    assert pass_on(low, high)[0] == [Declined(offer, LaterReason.FULL)]


def test_a_parcel_dropped_with_its_last_chunk_under_way_is_over_when_that_comes():
    low, high, offer, data = offered(CHUNK)
    high.take(offer.name)
    low.receive_data(high.data_to_send())
    low.send_chunk(offer.name, 0, data)
    high.later(offer.name, LaterReason.FULL)
    assert high.receive_data(low.data_to_send()) == []
    assert high.taking == 0


def test_a_parcel_that_is_gone_frees_its_credit_and_a_want_that_crossed_is_passed_over():
    low, high, offer, _ = offered(10 * CHUNK, Limits(window=2))
    low.gone(offer.name)
    high.take(offer.name)
    crossed = high.data_to_send()
    assert high.receive_data(low.data_to_send()) == [Gone(offer)]
    assert low.receive_data(crossed) == []
    assert high.taking == 0
    assert low.next_wanted() is None
    commands: list[Callable[[], object]] = [
        lambda: low.gone(offer.name),
        lambda: high.take(offer.name),
        lambda: high.later(offer.name, LaterReason.FULL),
    ]
    for command in commands:
        with pytest.raises(LocalProtocolError, match="does not travel any more"):
            command()


def test_gone_and_putting_off_may_cross():
    low, high, offer, _ = offered()
    low.gone(offer.name)
    high.later(offer.name, LaterReason.FULL)
    assert pass_on(low, high) == ([Declined(offer, LaterReason.FULL)], [])
    assert low.closed is high.closed is False


def test_commands_that_make_no_sense_do_nothing():
    low, high, offer, data = offered()
    high.take(offer.name)
    pass_on(low, high)
    wrong: list[Callable[[], object]] = [
        lambda: low.offer([offer]),
        lambda: low.offer([batch(b"b", journal(), 1, 1)] * 2),
        lambda: low.send_chunk(b"?" * 32, 0, b""),
        lambda: low.send_chunk(offer.name, 1, chunk(data, 1)),
        lambda: low.send_chunk(offer.name, 0, b"short"),
        lambda: low.gone(b"?" * 32),
        lambda: low.receipt(bytes(20_000)),
        lambda: low.fork(journal(), 0, bytes(32)),
        lambda: low.digest(b""),
        lambda: low.close(ByeReason.FINISHED),
        lambda: high.take(b"?" * 32),
        lambda: high.take(offer.name),
        lambda: high.later(offer.name, LaterReason.GONE),
        high.done,
    ]
    for command in wrong:
        with pytest.raises(LocalProtocolError) as refused:
            command()
        assert refused.value.fault is Fault.OURS
        assert low.data_to_send() == high.data_to_send() == b""
    low.gone(offer.name)
    other = batch(b"other", journal(TOWNSHIP), 1, 1)
    low.offer([other])
    pass_on(low, high)
    with pytest.raises(LocalProtocolError, match="a chunk it does not have"):
        high.take(other.name, 1)
    high.offered()
    low.offered()
    high.take(other.name)
    with pytest.raises(LocalProtocolError, match="while parcels"):
        high.done()


LISTS = Limits(heads=1, marks=0, asked=1, offers=1, receipts=1, forks=0)


def test_nobody_lists_more_than_the_limits():
    low, _ = pair(LISTS)
    low.offer([batch(b"a", journal(), 1, 1)])
    low.receipt(b"one")
    commands: list[Callable[[], object]] = [
        lambda: low.offer([batch(b"b", journal(), 1, 1)]),
        lambda: low.receipt(b"two"),
        lambda: low.fork(journal(), 1, bytes(32)),
    ]
    for command in commands:
        with pytest.raises(LocalProtocolError):
            command()
    for too_much in (
        wire(Offers((batch(b"a", journal(), 1, 1), batch(b"b", journal(), 1, 1)))),
        wire(Receipt(b"one")) * 2,
    ):
        _, high = pair(LISTS)
        with pytest.raises(RemoteProtocolError):
            high.receive_data(too_much)


def test_a_list_longer_than_a_message_travels_in_several():
    low, high = pair()
    offers = [Offer(number.to_bytes(32, "big"), 1, ParcelKind.LETTER) for number in range(4_001)]
    low.offer(offers)
    _, heard = pass_on(low, high)
    assert [len(event.offers) for event in heard if isinstance(event, Offers)] == [2_000, 2_000, 1]


def broken_by(message: Message, taken: bool) -> tuple[Session, bytes]:
    low, high, offer, _ = offered()
    if taken:
        high.take(offer.name)
        pass_on(low, high)
    side = low if isinstance(message, Want) else high
    return side, wire(message)


OFFER = batch(content(7, 3 * CHUNK), journal(), 1, 2)
FULL = bytes(CHUNK)


@pytest.mark.parametrize(
    ("message", "taken", "rule"),
    [
        (Chunk(OFFER.name, 0, OFFER.size, FULL), False, "not wanted"),
        (Chunk(b"?" * 32, 0, OFFER.size, FULL), True, "not wanted"),
        (Chunk(OFFER.name, 1, OFFER.size, FULL), True, "out of order"),
        (Chunk(OFFER.name, 0, OFFER.size + 1, FULL), True, "not offered"),
        (Chunk(OFFER.name, 0, OFFER.size, FULL[1:]), True, "not offered"),
        (Want(b"?" * 32, 0, 1), False, "not offered"),
        (Want(OFFER.name, 0, 0), False, "does not have"),
        (Want(OFFER.name, 3, 1), False, "does not have"),
        (Want(OFFER.name, 0, 1), True, "out of order"),
        (Offers((OFFER,)), False, "offered twice"),
        (Offers((batch(b"b", journal(), 1, 1),) * 2), False, "offered twice"),
        (Later(b"?" * 32, LaterReason.GONE), False, "not offered"),
        (Later(b"?" * 32, LaterReason.FULL), False, "not offered"),
        (Pong(bytes(8)), False, "no PING"),
        (Bye(ByeReason.FINISHED), False, "before both sides are done"),
    ],
)
def test_a_peer_that_breaks_a_rule_is_told_and_left(message, taken, rule):
    side, data = broken_by(message, taken)
    with pytest.raises(RemoteProtocolError, match=rule) as refused:
        side.receive_data(wire(Receipt(b"good")) + data + wire(Receipt(b"unread")))
    assert refused.value.before == (Receipt(b"good"),)
    assert side.ending is not None
    assert side.ending.how is Ending.BROKEN
    assert side.data_to_send()[4] == Bye.TYPE
    assert side.data_to_send() == b""
    assert side.next_wanted() is None


@pytest.mark.parametrize(
    "messages",
    [
        [Later(OFFER.name, LaterReason.FULL)] * 2,
        [Later(OFFER.name, LaterReason.FULL), Want(OFFER.name, 0, 1)],
    ],
)
def test_what_was_put_off_is_neither_put_off_again_nor_wanted(messages):
    low, _, _, _ = offered()
    with pytest.raises(RemoteProtocolError, match="put off"):
        low.receive_data(b"".join(map(wire, messages)))


@pytest.mark.parametrize("first", [Later(OFFER.name, LaterReason.GONE), None])
def test_what_is_gone_or_whole_is_not_gone_again(first):
    low, high, offer, data = offered()
    if first:
        high.receive_data(wire(first))
    else:
        high.take(offer.name, 2)
        pass_on(low, high)
        high.receive_data(wire(Chunk(offer.name, 2, offer.size, chunk(data, 2))))
    with pytest.raises(RemoteProtocolError, match="does not travel any more"):
        high.receive_data(wire(Later(offer.name, LaterReason.GONE)))


def test_more_wants_than_the_window_are_refused():
    low, _ = pair()
    offer = batch(content(1, 80 * CHUNK // 5), journal(), 1, 1)
    big = [
        Offer(bytes([number]) * 32, 40 * CHUNK, ParcelKind.ATTACHMENT, offer.journal, 1, 1)
        for number in range(2)
    ]
    low.offer(big)
    low.receive_data(wire(Want(big[0].name, 0, 40)) + wire(Want(big[1].name, 0, 24)))
    with pytest.raises(RemoteProtocolError, match="too many chunks"):
        low.receive_data(wire(Want(big[1].name, 24, 1)))


def test_done_with_chunks_wanted_is_refused():
    low, high, offer, _ = offered()
    low.offered()
    high.take(offer.name)
    pass_on(low, high)
    high.offered()
    pass_on(low, high)
    with pytest.raises(RemoteProtocolError, match="while chunks are wanted"):
        low.receive_data(wire(Done()))


def test_a_wrong_hash_is_the_drivers_to_say():
    _, high = pair()
    error = high.accuse("a parcel's hash is not its name")
    assert isinstance(error, RemoteProtocolError)
    assert high.closed
    assert b"hash" in high.data_to_send()


def test_lists_after_equal_digests_are_refused():
    low, high = (Session(Role.DIALER, hello(), Limits()), Session(Role.ANSWERER, hello(TOWNSHIP), Limits()))
    pass_on(low, high)
    for each in (low, high):
        each.digest(bytes(32))
    pass_on(low, high)
    with pytest.raises(LocalProtocolError, match="digests are equal"):
        low.have([Head(journal(), 1, bytes(32))])


def test_a_quiet_line_is_pinged_once_and_a_dead_one_given_up():
    low, high = pair()
    assert low.idle(29) == low.idle(31) == low.idle(60) == []
    ping = low.data_to_send()
    assert ping == wire(Ping(b"\0" * 7 + b"\1"))
    assert high.receive_data(ping) == []
    assert low.receive_data(high.data_to_send()) == []
    assert low.idle(31) == []
    assert low.unsent == len(ping)
    assert low.idle(120) == [Closed(Ending.SILENT)]
    low.close(ByeReason.LEAVING)
    assert low.ending == Closed(Ending.SILENT)


def test_a_second_ping_before_the_answer_could_be_read_is_refused():
    _, high = pair()
    with pytest.raises(RemoteProtocolError, match="PING"):
        high.receive_data(wire(Ping(bytes(8))) * 2)


def test_a_side_that_leaves_says_why_and_its_words_are_kept_short():
    low, high = pair()
    low.close(ByeReason.LEAVING, "停机" * 100)
    assert low.ending == Closed(Ending.LEFT, ByeReason.LEAVING, "停机" * 100)
    (closed,) = high.receive_data(low.data_to_send() + b"unread")
    assert isinstance(closed, Closed)
    assert closed.how is Ending.PEER_LEFT
    assert closed.reason is ByeReason.LEAVING
    assert len(closed.detail.encode()) <= 200
    assert high.data_to_send() == b""


def test_answers_to_who_has_left_go_nowhere():
    low, high = pair()
    offer = batch(b"x", journal(), 1, 1)
    heard = high.receive_data(wire(Offers((offer,))) + wire(Bye(ByeReason.BUSY)))
    assert heard == [Offers((offer,)), Closed(Ending.PEER_LEFT, ByeReason.BUSY)]
    high.take(offer.name)
    high.receipt(b"unheard")
    assert high.data_to_send() == b""
    assert [high.talking, low.talking] == [False, True]


def test_a_line_that_closes_says_nothing_but_that():
    low, _ = pair()
    assert low.receive_data(b"") == [Closed(Ending.CUT)]
    assert low.receive_data(b"") == []


def finished_by_low() -> Session:
    low, high = pair()
    for each in (low, high):
        each.offered()
    pass_on(low, high)
    high.done()
    low.receive_data(high.data_to_send())
    low.done()
    low.data_to_send()
    return low


def test_a_side_that_said_bye_listens_on_and_says_nothing_more():
    low = finished_by_low()
    assert low.stages == (Stage.OVER, Stage.SERVING)
    assert not low.talking
    assert low.receive_data(wire(Ping(bytes(8))) + wire(Receipt(b"late"))) == [Receipt(b"late")]
    assert low.idle(60) == []
    assert low.data_to_send() == b""
    low.close(ByeReason.LEAVING)
    assert low.data_to_send() == b""
    low = finished_by_low()
    with pytest.raises(RemoteProtocolError):
        low.receive_data(wire(Done()))
    assert low.data_to_send() == b""


def test_extensions_are_passed_over_anywhere():
    low = Session(Role.DIALER, hello(), Limits())
    assert low.receive_data(frame(0x84, b"new") + frame(0xFF, b"")) == []
    with pytest.raises(RemoteProtocolError, match="unknown message type 0x7f"):
        low.receive_data(frame(0x7F, b""))


@settings(max_examples=150, deadline=None)
@given(
    st.booleans(),
    st.lists(
        st.binary(max_size=60)
        | st.builds(frame, st.sampled_from([k.TYPE for k in MESSAGES]), st.binary(max_size=80)),
        max_size=6,
    ),
)
def test_no_bytes_make_a_session_raise_anything_but_a_remote_fault(greeted, pieces):
    side = pair()[1] if greeted else Session(Role.DIALER, hello(), Limits())
    for piece in pieces:
        try:
            side.receive_data(piece)
        except RemoteProtocolError:
            assert side.closed
        side.data_to_send()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_one_wrong_byte_in_a_whole_conversation_is_a_remote_fault_or_harmless(place, value):
    village, township = Node(VILLAGE), Node(TOWNSHIP)
    data = content(3, 2_000)
    offer = batch(data, journal(), 1, 5)
    village.hold(journal(), offer, data)
    village.connect()
    township.connect()
    stream = bytearray()
    for _ in range(9):
        out = bytearray(village.output())
        if len(stream) <= place < len(stream) + len(out):
            out[place - len(stream)] = value
        stream += out
        try:
            if out:
                township.hear(
                    [e for e in township.session.receive_data(bytes(out)) if not isinstance(e, ChunkCame)]
                )
            back = township.output()
            if back:
                village.hear(village.session.receive_data(back))
        except RemoteProtocolError:
            assert township.session.closed or village.session.closed
            return


def test_memory_stays_small_whatever_is_said():
    _, high = pair(Limits(offers=100))
    half = (MAX_FRAME).to_bytes(4, "big") + bytes([0x90])
    for _ in range(300):
        high.receive_data(half + bytes(MAX_FRAME - 1))
        assert high._frames.waiting < MAX_FRAME
    for number in range(100):
        high.receive_data(wire(Offers((Offer(number.to_bytes(32, "big"), 1, ParcelKind.LETTER),))))
        high.receive_data(wire(Ping(bytes(8))))
        assert len(high.data_to_send()) < 100
    with pytest.raises(RemoteProtocolError, match="too many parcels"):
        high.receive_data(wire(Offers((Offer(b"1" * 32, 1, ParcelKind.LETTER),))))
