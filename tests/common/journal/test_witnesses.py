"""What receipts prove of entries that are to leave a disk."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from common.domain.node import NodeId
from common.journal.receipt import ExceptionState, Receipt, ReceiptException, first_receipt
from common.journal.witnesses import Standing, counts, needed_readers
from tests.common.journal.samples import HUB, JOURNAL, NEIGHBOUR, TOWNSHIP, VILLAGE, seed

READERS = (HUB, TOWNSHIP, NEIGHBOUR)
NUMBER = st.integers(0, 12)


@st.composite
def said(draw: st.DrawFn, receiver: NodeId) -> Receipt:
    """What one reader says of a journal of at most a dozen entries."""
    held = draw(NUMBER)
    applied = draw(st.integers(0, held))
    safe = draw(st.integers(0, held)) if receiver.is_hub else 0
    numbers = sorted(draw(st.sets(st.integers(1, held), max_size=3))) if held else []
    start = JOURNAL.digest()
    return replace(
        first_receipt(JOURNAL, receiver, seed("epoch of it", 16)),
        counter=draw(st.integers(1, 9)),
        held_number=held,
        held_hash=seed("h") if held else start,
        applied_number=applied,
        applied_hash=start if not applied else seed("h") if applied == held else seed("a"),
        safe_number=safe,
        exceptions=tuple(
            ReceiptException(number, draw(st.sampled_from(ExceptionState)), "why_not") for number in numbers
        ),
    )


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    needed = draw(st.sets(st.sampled_from(READERS)))
    heard = {node: draw(said(node)) for node in draw(st.sets(st.sampled_from(READERS)))}
    return Standing(frozenset(needed), HUB, heard)


def has_applied(receipt: Receipt, number: int) -> bool:
    """One entry at a time: what the specification says a receipt means of it (statement.md §2)."""
    return number <= receipt.applied_number and number not in {one.number for one in receipt.exceptions}


@given(standings(), st.integers(1, 12), st.integers(0, 4))
def test_a_run_may_leave_exactly_when_each_of_its_entries_may(standing, first, more):
    run = range(first, first + more + 1)
    lacking = [
        node
        for node in sorted(standing.needed)
        if not all(node in standing.said and has_applied(standing.said[node], number) for number in run)
    ]
    assert list(standing.lacking(run[0], run[-1])) == lacking
    held = [
        node
        for node in standing.needed
        if node in standing.said and standing.said[node].held_number >= run[-1]
    ]
    assert standing.holding(run[-1]) == (len(held) == len(standing.needed))
    hub = standing.said.get(HUB)
    assert standing.safe(run[-1]) == (hub is not None and hub.safe_number >= run[-1])


def test_neither_this_node_nor_the_writer_nor_a_revoked_one_is_waited_for():
    assert needed_readers({HUB, TOWNSHIP, VILLAGE}, TOWNSHIP, VILLAGE, ()) == {HUB}
    assert needed_readers({HUB, TOWNSHIP, VILLAGE}, VILLAGE, VILLAGE, {TOWNSHIP}) == {HUB}
    assert needed_readers({HUB, TOWNSHIP, VILLAGE}, TOWNSHIP, HUB, ()) == {VILLAGE}


def test_a_receipt_of_an_epoch_that_was_left_proves_nothing_any_more():
    receipt = first_receipt(JOURNAL, TOWNSHIP, seed("old", 16))
    assert counts(receipt, seed("hub", 16), ())
    assert not counts(receipt, seed("hub", 16), {seed("old", 16)})


def test_of_the_hub_only_its_latest_epoch_counts():
    receipt = first_receipt(JOURNAL, HUB, seed("hub", 16))
    assert counts(receipt, seed("hub", 16), ())
    assert not counts(receipt, seed("hub again", 16), ())
