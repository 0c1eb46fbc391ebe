"""Bytes in, bytes out, and nothing else out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.journal.ids import HASH_BYTES
from common.sync.errors import BrokenRuleError
from common.sync.extensions import FiguresMark, UncoveredHead
from common.sync.limits import CHUNK, MAX_FRAME, MAX_LIST
from common.sync.listed import Head, Offer, ParcelKind, Priority, ReceiptMark
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
    Hello,
    Later,
    Offered,
    Offers,
    Ping,
    Receipt,
    ReceiptsHave,
    Told,
    Uncovered,
    Want,
    decode,
    encode,
    items_in,
)
from common.sync.reasons import ByeReason, LaterReason
from tests.common.sync.country import HUB, TOWNSHIP, VILLAGE, hello, journal

HASHES = st.binary(min_size=32, max_size=32)
NUMBERS = st.integers(1, 2**63 - 1001)
JOURNALS = st.sampled_from([journal(VILLAGE), journal(TOWNSHIP), journal(HUB)])
HEADS = st.builds(Head, JOURNALS, NUMBERS, HASHES)
MARKS = st.builds(
    ReceiptMark, HASHES, st.just(HUB), st.binary(min_size=16, max_size=16), st.integers(0, 2**40)
)
RUNS = st.builds(
    lambda name, size, kind, of, first, more, hurry: Offer(name, size, kind, of, first, first + more, hurry),
    HASHES,
    st.integers(1, 1_000_000),
    st.sampled_from([ParcelKind.BATCH, ParcelKind.ATTACHMENT]),
    HASHES,
    NUMBERS,
    st.integers(0, 999),
    st.sampled_from(Priority),
)
LETTERS = st.builds(lambda name, size: Offer(name, size, ParcelKind.LETTER), HASHES, st.integers(1, CHUNK))
ALL = st.one_of(
    st.builds(
        hello,
        st.just(HUB),
        lowest=st.integers(1, 3),
        highest=st.integers(3, 9),
        time=st.integers(-(2**50), 2**50),
        checkpoint=st.binary(max_size=99),
        extra=st.binary(max_size=99),
    ),
    st.builds(Digest, HASHES),
    st.builds(lambda items: Have(tuple(items)), st.lists(HEADS, min_size=1, max_size=5)),
    st.builds(lambda items: ReceiptsHave(tuple(items)), st.lists(MARKS, min_size=1, max_size=5)),
    st.builds(lambda items: Ask(tuple(items)), st.lists(HASHES, min_size=1, max_size=5)),
    st.builds(lambda items: Offers(tuple(items)), st.lists(RUNS | LETTERS, min_size=1, max_size=5)),
    st.builds(Want, HASHES, st.integers(0, 9), st.integers(0, 64)),
    st.builds(Chunk, HASHES, st.integers(0, 9), st.integers(0, 9), st.binary(max_size=99)),
    st.builds(Later, HASHES, st.sampled_from(LaterReason)),
    st.builds(Receipt, st.binary(max_size=99)),
    st.builds(Fork, JOURNALS, NUMBERS, HASHES),
    st.builds(Bye, st.sampled_from(ByeReason), st.text(max_size=20)),
    st.sampled_from([Told(), Offered(), Done()]),
    st.builds(Ping, st.binary(min_size=8, max_size=8)),
    st.builds(
        lambda items: Uncovered(tuple(items)),
        st.lists(st.builds(UncoveredHead, HASHES, st.integers(0, 2**40)), min_size=1, max_size=5),
    ),
    st.builds(Cover, st.binary(max_size=99)),
    st.builds(
        lambda items: FiguresHave(tuple(items)),
        st.lists(st.builds(FiguresMark, st.just(VILLAGE), NUMBERS, NUMBERS), min_size=1, max_size=5),
    ),
    st.builds(Figures, st.binary(max_size=99)),
)


@given(ALL)
def test_a_message_comes_back_from_its_bytes(message):
    assert decode(message.TYPE, encode(message)) == message


@given(st.sampled_from(MESSAGES), st.binary(max_size=200))
def test_what_decodes_was_written_so_and_anything_else_is_a_broken_rule(kind, payload):
    try:
        message = decode(kind.TYPE, payload)
    except BrokenRuleError:
        return
    assert message is not None
    assert encode(message) == payload or isinstance(message, Bye)


@given(ALL, st.data())
def test_a_message_cut_anywhere_or_longer_is_refused(message, data):
    payload = encode(message)
    cut = payload[: data.draw(st.integers(0, len(payload)))]
    wrong = payload + b"\0" if cut == payload else cut
    with pytest.raises(BrokenRuleError):
        decode(message.TYPE, wrong)


def test_types_with_the_high_bit_are_passed_over_and_others_refused():
    assert [decode(message_type, b"later") for message_type in (0x84, 0xFF)] == [None, None]
    for message_type in (0x00, 0x12, 0x7F):
        with pytest.raises(BrokenRuleError, match="unknown message type"):
            decode(message_type, b"")


def test_a_reason_of_bye_that_is_not_known_is_other():
    assert decode(Bye.TYPE, b"\x2a\x00") == Bye(ByeReason.OTHER)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (Have, b"\x00"),
        (Have, b"\xd1\x0f"),
        (Later, bytes(32) + b"\x09"),
        (Want, bytes(32) + b"\x00\x41"),
        (Offers, b"\x01" + bytes(32) + b"\x01\x09" + bytes(32) + b"\x01\x01\x00"),
    ],
)
def test_a_value_out_of_range_is_refused(kind, payload):
    with pytest.raises(BrokenRuleError):
        decode(kind.TYPE, payload)


def test_the_fullest_messages_fit_into_a_frame():
    head = Head(journal(), 2**62, bytes(32))
    offer = Offer(bytes(32), 1_310_720, ParcelKind.BATCH, bytes(32), 2**62, 2**62 + 999, Priority.BULK)
    mark = ReceiptMark(bytes(32), HUB, bytes(16), 2**62)
    for message in (
        Have((head,) * MAX_LIST),
        Offers((offer,) * MAX_LIST),
        ReceiptsHave((mark,) * MAX_LIST),
        Chunk(bytes(32), 2**20, 2**30, bytes(CHUNK)),
    ):
        assert 1 + len(encode(message)) <= MAX_FRAME


def test_the_items_of_a_list_are_counted():
    assert items_in(Ask((bytes(32), bytes(32)))) == 2
    assert items_in(Told()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Head(journal(), 0, bytes(32)),
        lambda: Head(journal(), 1, bytes(31)),
        lambda: ReceiptMark(bytes(32), HUB, bytes(16), -1),
        lambda: ReceiptMark(bytes(32), HUB, bytes(15), 1),
        lambda: Offer(bytes(32), 0, ParcelKind.LETTER),
        lambda: Offer(bytes(32), CHUNK + 1, ParcelKind.LETTER),
        lambda: Offer(bytes(32), 1, ParcelKind.LETTER, first=1, last=1),
        lambda: Offer(bytes(32), 1, ParcelKind.BATCH, b"j" * HASH_BYTES, 0, 1),
        lambda: Offer(bytes(32), 1, ParcelKind.BATCH, b"j" * HASH_BYTES, 2, 1),
        lambda: Offer(bytes(32), 1, ParcelKind.BATCH, b"j" * HASH_BYTES, 1, 1001),
        lambda: Fork(journal(), 0, bytes(32)),
        lambda: Digest(b""),
        lambda: Ping(b""),
        lambda: Hello(0, 1, VILLAGE, bytes(16), VILLAGE, "0", 0),
        lambda: Hello(2, 1, VILLAGE, bytes(16), VILLAGE, "0", 0),
        lambda: Hello(1, 1, VILLAGE, bytes(15), VILLAGE, "0", 0),
    ],
)
def test_what_cannot_be_cannot_be_built(wrong):
    with pytest.raises(ValueError, match=r".+"):
        wrong()
