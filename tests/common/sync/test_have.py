"""What two nodes have, compared."""

from hypothesis import given
from hypothesis import strategies as st

from common.domain.node import NodeId
from common.journal.ids import JournalId
from common.sync.have import ForkSeen, Lack, compare, have_digest, receipts_lacking
from common.sync.listed import Head, ReceiptMark
from tests.common.sync.country import HUB, TOWNSHIP, VILLAGE, hash_at, journal

ONE, TWO, THREE = journal(VILLAGE), journal(TOWNSHIP), journal(HUB)
HEADS = st.lists(
    st.builds(
        lambda of, number: Head(of, number, hash_at(of, number)),
        st.sampled_from([ONE, TWO, THREE]),
        st.integers(1, 9),
    ),
    max_size=3,
    unique_by=lambda head: head.journal,
)
MARKS = st.lists(
    st.builds(
        ReceiptMark,
        st.just(bytes(32)),
        st.sampled_from([HUB, TOWNSHIP]),
        st.just(bytes(16)),
        st.integers(0, 9),
    ),
    max_size=3,
)


def head(of: JournalId, number: int, branch: bytes | None = None) -> Head:
    return Head(of, number, branch or hash_at(of, number))


def never_earlier(receiver: NodeId, mine: bytes, theirs: bytes) -> bool:
    return False


@given(HEADS, MARKS, st.randoms())
def test_the_digest_is_of_what_is_had_and_not_of_the_order(heads, marks, chance):
    mixed = chance.sample(heads, len(heads))
    assert have_digest(heads, marks) == have_digest(mixed, list(reversed(marks)))
    assert have_digest([*heads, head(journal(VILLAGE, 7), 1)], marks) != have_digest(heads, marks)


def test_a_head_and_a_receipt_are_never_taken_for_each_other():
    assert have_digest([], []) != have_digest([head(ONE, 1)], [])
    assert have_digest([], [ReceiptMark(bytes(32), HUB, bytes(16), 0)]) != have_digest([], [])


@given(HEADS, HEADS)
def test_what_one_lacks_the_other_is_ahead_by(mine, theirs):
    here, there = compare(mine, theirs, hash_at), compare(theirs, mine, hash_at)
    assert {lack.journal for lack in here.lacks} == {ahead.journal for ahead in there.behind}
    assert not here.forks
    assert not there.forks
    if have_digest(mine, []) == have_digest(theirs, []):
        assert not here.lacks
        assert not here.behind


def test_a_journal_the_other_does_not_list_it_lacks_whole():
    assert compare([head(ONE, 5)], [], hash_at).lacks == (Lack(ONE, 0, 5),)


def test_another_hash_at_one_number_is_a_fork_and_offered_by_branch_only():
    other = b"f" * 32
    for number in (3, 5):
        found = compare([head(ONE, 5), head(TWO, 1)], [head(ONE, number, other)], hash_at)
        assert found.forks == (ForkSeen(ONE, number, hash_at(ONE, number), other),)
        assert found.lacks == (Lack(TWO, 0, 1),)


def test_a_number_beyond_ours_is_no_fork_and_is_told_as_behind():
    found = compare([head(ONE, 2)], [head(ONE, 4, b"f" * 32)], hash_at)
    assert not found.forks
    assert not found.lacks
    assert found.behind == (head(ONE, 4, b"f" * 32),)


def test_a_carrier_that_does_not_know_its_hash_there_offers():
    found = compare([head(ONE, 5)], [head(ONE, 3, b"?" * 32)], lambda *_: None)
    assert found.forks == ()
    assert found.lacks == (Lack(ONE, 3, 5),)


def test_of_a_journal_listed_twice_the_further_head_counts():
    assert compare([head(ONE, 5)], [head(ONE, 4), head(ONE, 2)], hash_at).lacks == (Lack(ONE, 4, 5),)


def mark(counter: int, epoch: int = 1, receiver: NodeId = HUB) -> ReceiptMark:
    return ReceiptMark(bytes(32), receiver, bytes([epoch]) * 16, counter)


def test_only_receipts_that_are_news_are_sent():
    mine = [mark(3), mark(3, receiver=TOWNSHIP), mark(1, receiver=VILLAGE)]
    theirs = [mark(2), mark(1), mark(3, receiver=TOWNSHIP)]
    assert receipts_lacking(mine, theirs, never_earlier) == (mark(3), mark(1, receiver=VILLAGE))
    assert receipts_lacking([mark(2)], [mark(1), mark(5)], never_earlier) == ()


def test_a_receipt_of_an_earlier_epoch_is_no_news_whatever_its_counter():
    def earlier(receiver, first, second):
        return first < second

    assert receipts_lacking([mark(9, epoch=1)], [mark(1, epoch=2)], earlier) == ()
    assert receipts_lacking([mark(1, epoch=2)], [mark(9, epoch=1)], earlier) == (mark(1, epoch=2),)
