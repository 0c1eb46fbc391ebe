"""Two nodes, lines that die at any byte, and what must be true when they heal."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from common.journal.ids import JournalId, parcel_name
from common.sync.events import Closed
from common.sync.limits import CHUNK
from common.sync.listed import Offer, Priority, ReceiptMark
from common.sync.reasons import Ending
from tests.common.sync.country import (
    HUB,
    TOWNSHIP,
    VILLAGE,
    WORLD,
    Node,
    attachment,
    batch,
    content,
    converse,
    journal,
)

SIZES = st.sampled_from([1, 900, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5])
JOURNALS = [journal(VILLAGE), journal(TOWNSHIP), journal(HUB), journal(VILLAGE, 2)]


class TwoNodes(RuleBasedStateMachine):
    @initialize()
    def meet(self) -> None:
        WORLD.clear()
        self.village, self.township = Node(VILLAGE), Node(TOWNSHIP)
        self.seed = 0
        self.numbers = dict.fromkeys(JOURNALS, 0)
        self.everything: dict[bytes, Offer] = {}
        self.receipts: set[ReceiptMark] = set()

    def new(self, size: int) -> bytes:
        self.seed += 1
        return content(self.seed, size)

    def owner(self, of: JournalId) -> Node:
        return self.village if of.writer == VILLAGE else self.township

    @rule(of=st.sampled_from(JOURNALS), size=SIZES, count=st.integers(1, 30), hurry=st.sampled_from(Priority))
    def write(self, of, size, count, hurry):
        self.write_with(of, size, count, [], hurry)

    @rule(
        of=st.sampled_from(JOURNALS), count=st.integers(1, 3), sizes=st.lists(SIZES, min_size=1, max_size=3)
    )
    def write_with_files(self, of, count, sizes):
        self.write_with(of, 700, count, sizes, Priority.NORMAL)

    def write_with(self, of: JournalId, size: int, count: int, sizes: list[int], hurry: Priority) -> None:
        data = self.new(size)
        first = self.numbers[of] + 1
        offer = batch(data, of, first, first + count - 1, hurry)
        files = [self.new(length) for length in sizes]
        named = tuple(attachment(file, offer) for file in files)
        WORLD[parcel_name(data)] = (of, named)
        owner = self.owner(of)
        owner.hold(of, offer, data, named)
        for file, known in zip(files, named, strict=True):
            owner.parcels[known.name], owner.offers[known.name] = file, known
        self.numbers[of] += count
        self.everything |= {known.name: known for known in (offer, *named)}

    @rule(of=st.sampled_from(JOURNALS), at_village=st.booleans())
    def receipt(self, of, at_village):
        self.seed += 1
        mark = ReceiptMark(of.digest(), HUB, bytes(16), self.seed)
        (self.village if at_village else self.township).receipts.add(mark)

    @rule(seed=st.integers(0, 999), after=st.integers(1, 9 * CHUNK))
    def cut_line(self, seed, after):
        converse(self.village, self.township, seed, after)

    @rule(seed=st.integers(0, 999))
    def good_line(self, seed: int) -> None:
        assert converse(self.village, self.township, seed)
        assert self.village.parcels == self.township.parcels
        assert self.village.parcels.keys() == self.everything.keys()
        assert {mark.journal for mark in self.village.receipts} == {m.journal for m in self.township.receipts}
        for node in (self.village, self.township):
            ending = node.seen[-1]
            assert isinstance(ending, Closed)
            assert ending.how is Ending.FINISHED

    @invariant()
    def a_chunk_that_came_never_travels_again(self):
        for node in (self.village, self.township):
            assert max(node.stored.values(), default=0) <= 1
            assert max(getattr(node, "sent", {}).values(), default=0) <= 1

    def teardown(self):
        self.good_line(1)
        assert converse(self.village, self.township, 2)
        assert not self.village.sent
        assert not self.township.sent


TestTwoNodes = TwoNodes.TestCase
TestTwoNodes.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, 3 * CHUNK), max_size=12), seed=st.integers(0, 99))
def test_a_cut_costs_at_most_the_chunk_it_fell_in(cuts, seed):
    WORLD.clear()
    village, township = Node(VILLAGE), Node(TOWNSHIP)
    data = content(seed, 8 * CHUNK + 3)
    offer = batch(data, journal(), 1, 5)
    WORLD[offer.name] = (journal(), ())
    village.hold(journal(), offer, data)
    for cut in cuts:
        converse(village, township, seed, cut)
    assert converse(village, township, seed)
    assert township.parcels[offer.name] == data
    assert sum(township.stored.values()) == offer.chunks
    assert set(township.stored.values()) == {1}
