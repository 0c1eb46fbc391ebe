"""A cover proves what the hub held, and no bytes of anybody's make another one."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.errors import BadSignatureError
from common.crypto.wire import FormatError
from common.journal.checkpoint import Checkpoint
from common.journal.cover import MOST_BESIDE, Cover, Covered, NotCoveredError, beside
from common.journal.merkle import MerkleTree, merkle_leaf
from tests.common.journal.samples import HUB, JOURNAL, NOW, SIGNING, seed
from tests.common.journal.strategies import any_bytes
from tests.vectors.statements import EPOCH, HUB_CERTIFICATE, good_cover

GOOD = good_cover()


def test_a_good_cover_names_the_checkpoint_that_covers_it():
    checkpoint = Cover.decode(GOOD.encode()).check([HUB_CERTIFICATE])
    assert (checkpoint.order, checkpoint.counter) == (1, 9)


@given(st.integers(1, 40), st.data())
def test_the_head_of_any_tree_is_covered(count, data):
    index = data.draw(st.integers(0, count - 1))
    leaves = [merkle_leaf(seed(f"s{n}", 16), seed(f"j{n}"), n, seed(f"h{n}")) for n in range(count)]
    leaves[index] = merkle_leaf(seed("salt", 16), JOURNAL.digest(), 5, seed("hash"))
    tree = MerkleTree(leaves)
    signed = Checkpoint(EPOCH, 1, 1, NOW, tree.root, count).sign(HUB, 1, SIGNING[HUB]).encode()
    cover = Cover(signed, JOURNAL, 5, seed("hash"), seed("salt", 16), tree.path(index))
    assert cover.check([HUB_CERTIFICATE]).leaf_count == count
    with pytest.raises(NotCoveredError):
        replace(cover, number=6).check([HUB_CERTIFICATE])


@given(st.integers(0, len(GOOD.encode()) * 8 - 1))
def test_a_cover_with_any_bit_flipped_is_none(bit):
    data = bytearray(GOOD.encode())
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises((FormatError, BadSignatureError, NotCoveredError)):
        Cover.decode(bytes(data)).check([HUB_CERTIFICATE])


@given(any_bytes(GOOD.encode()))
def test_no_bytes_make_a_cover_raise_anything_else(data):
    with contextlib.suppress(FormatError, BadSignatureError, NotCoveredError):
        cover = Cover.decode(data)
        assert cover.encode() == data
        cover.check([HUB_CERTIFICATE])


def test_a_hub_that_is_not_among_the_certified_covers_nothing():
    with pytest.raises(FormatError, match="nobody knows"):
        GOOD.check([])
    with pytest.raises(FormatError, match="another epoch"):
        GOOD.check([replace(HUB_CERTIFICATE, order=2)])


FIRST = Covered(1, 1, 10, b"a")


@pytest.mark.parametrize(
    ("new", "stays"),
    [
        (FIRST, None),
        (Covered(1, 2, 12, b"b"), (Covered(1, 2, 12, b"b"),)),
        (Covered(1, 2, 10, b"a"), (Covered(1, 2, 10, b"a"),)),
        (Covered(1, 0, 9, b"c"), None),
        (Covered(1, 2, 9, b"c"), (FIRST, Covered(1, 2, 9, b"c"))),
        (Covered(1, 2, 10, b"c"), (FIRST, Covered(1, 2, 10, b"c"))),
        (Covered(1, 1, 10, b"c"), (FIRST, Covered(1, 1, 10, b"c"))),
    ],
    ids=["again", "more", "the same later", "an older one", "less later", "another hash", "two at one count"],
)
def test_a_cover_takes_the_place_of_what_it_follows_and_of_nothing_else(new, stays):
    assert beside([FIRST], new) == stays


def test_contradictions_are_kept_and_bounded():
    kept: tuple[Covered, ...] = ()
    for hashed in range(20):
        kept = beside(kept, Covered(1, 5, 10, bytes([hashed]))) or kept
    assert len(kept) == MOST_BESIDE


COVERS = st.builds(Covered, st.just(1), st.integers(1, 6), st.integers(1, 6), st.sampled_from([b"a", b"b"]))


@given(st.lists(COVERS, max_size=12))
def test_whatever_comes_in_whatever_order_the_largest_number_is_never_forgotten(came):
    kept: tuple[Covered, ...] = ()
    for one in came:
        stays = beside(kept, one)
        full = stays is None and not any(each.follows(one) for each in kept)
        kept = kept if stays is None else stays
        if not full:
            assert max(each.number for each in kept) >= one.number
