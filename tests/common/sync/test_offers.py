"""Which parcels are offered, and in which order they travel."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from common.journal.ids import JournalId
from common.sync.have import Lack
from common.sync.listed import Offer, ParcelKind, Priority
from common.sync.offers import plan_offers, ranked
from tests.common.sync.country import HUB, TOWNSHIP, VILLAGE, journal

ONE, TWO = journal(VILLAGE), journal(TOWNSHIP)


def offer(
    name: int,
    size: int = 10,
    kind: ParcelKind = ParcelKind.BATCH,
    of: JournalId = ONE,
    first: int = 1,
    last: int = 1,
    priority: Priority = Priority.NORMAL,
) -> Offer:
    return Offer(bytes([name]) * 32, size, kind, of.digest(), first, last, priority)


OFFERS = st.lists(
    st.builds(
        lambda name, size, kind, of, first, more, hurry: offer(
            name, size, kind, of, first, first + more, hurry
        ),
        st.integers(0, 255),
        st.integers(1, 999),
        st.sampled_from([ParcelKind.BATCH, ParcelKind.ATTACHMENT]),
        st.sampled_from([ONE, TWO, journal(HUB)]),
        st.integers(1, 20),
        st.integers(0, 9),
        st.sampled_from(Priority),
    ),
    max_size=12,
    unique_by=lambda made: made.name,
)


@given(OFFERS, st.randoms())
def test_the_order_is_total_and_never_turns_a_journal_round(offers, chance):
    order = ranked(offers)
    assert order == ranked(chance.sample(offers, len(offers)))
    kinds = [made.kind is ParcelKind.ATTACHMENT for made in order]
    assert kinds == sorted(kinds)
    for of in (ONE, TWO):
        firsts = [
            made.first for made in order if made.journal == of.digest() and made.kind is ParcelKind.BATCH
        ]
        assert firsts == sorted(firsts)


def test_what_hurries_goes_first_then_what_is_small_and_files_last():
    file = offer(1, 1, ParcelKind.ATTACHMENT, priority=Priority.URGENT)
    urgent, small, large = (
        offer(2, 900, of=TWO, priority=Priority.URGENT),
        offer(3, 5, of=journal(HUB)),
        offer(4, 800),
    )
    letter = Offer(b"l" * 32, 7, ParcelKind.LETTER)
    assert ranked([file, large, letter, small, urgent]) == [urgent, small, letter, large, file]


def test_an_urgent_batch_carries_those_before_it_along():
    early, late = offer(1, 500), offer(2, 5, first=2, last=2, priority=Priority.URGENT)
    assert ranked([offer(3, 1, of=TWO), late, early]) == [early, late, offer(3, 1, of=TWO)]


@given(OFFERS, st.integers(0, 12))
def test_a_plan_brings_every_entry_somebody_has_a_batch_for(offers, after):
    batches = [made for made in offers if made.kind is ParcelKind.BATCH and made.journal == ONE.digest()]
    plan = plan_offers([Lack(ONE, after, 30)], {ONE.digest(): batches})
    wanted = {number for made in batches for number in range(made.first, made.last + 1) if number > after}
    given_ = {number for made in plan for number in range(made.first, made.last + 1)}
    assert wanted <= given_
    assert len(plan) <= len(batches)
    assert all(made.last > after for made in plan)
    assert all(left.last < right.last for left, right in pairwise(plan))


def test_a_plan_takes_the_longest_run_that_leaves_no_gap():
    short, long, rest = offer(1, last=2), offer(2, last=5), offer(3, first=4, last=9)
    assert plan_offers([Lack(ONE, 0, 9)], {ONE.digest(): [rest, short, long]}) == [long, rest]
    assert plan_offers([Lack(TWO, 0, 9)], {}) == []
