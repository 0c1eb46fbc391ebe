import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.hashing import digest
from common.crypto.wire import FormatError
from common.journal.merkle import MerklePath, MerkleTree, merkle_leaf, merkle_path, merkle_root, verify_path
from tests.common.journal.samples import seed
from tests.common.journal.strategies import any_bytes
from tests.second_decoder import statement as second

LEAVES = [merkle_leaf(seed(f"s{n}", 16), seed(f"j{n}"), n, seed(f"h{n}")) for n in range(33)]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 9, 33])
def test_every_leaf_is_joined_to_the_root_and_both_decoders_agree(count):
    leaves = LEAVES[:count]
    root = merkle_root(leaves)
    assert root == second.tree(leaves)
    for index, leaf in enumerate(leaves):
        path = MerklePath.decode(merkle_path(leaves, index).encode())
        assert verify_path(leaf, path, root)
        assert second.path(path.encode(), leaf, root)["joined"]
        assert not verify_path(seed("other"), path, root)


@given(st.integers(0, 32), st.integers(0, 40), st.integers(0, 40))
def test_a_path_joins_its_own_place_only(index, claimed, count):
    path = replace(merkle_path(LEAVES, index), index=claimed, leaf_count=count)
    joined = verify_path(LEAVES[index], path, merkle_root(LEAVES))
    assert joined == second.path(path.encode(), LEAVES[index], merkle_root(LEAVES))["joined"]
    if joined:
        assert claimed == index


@given(any_bytes(merkle_path(LEAVES, 5).encode()))
def test_no_bytes_make_a_path_raise_anything_else(data):
    with contextlib.suppress(FormatError):
        path = MerklePath.decode(data)
        assert path.encode() == data
        verify_path(LEAVES[5], path, merkle_root(LEAVES))


def test_a_root_of_nothing_is_no_root_of_something():
    assert merkle_root([]) == second.tree([])
    assert merkle_root([]) != merkle_root(LEAVES[:1])


def by_rfc_9162(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1 with our contexts: split at the largest power of two below the count."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return digest(b"jiujin/node/1\0", by_rfc_9162(leaves[:split]), by_rfc_9162(leaves[split:]))


TREES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70, unique=True)


@given(TREES)
def test_a_tree_has_the_shape_of_rfc_9162(leaves):
    assert merkle_root(leaves) == by_rfc_9162(leaves)


@given(TREES, st.data())
def test_any_path_of_any_tree_verifies_and_none_with_a_bit_flipped(leaves, data):
    tree, index = MerkleTree(leaves), data.draw(st.integers(0, len(leaves) - 1))
    path = tree.path(index)
    assert verify_path(leaves[index], path, tree.root)
    whole = leaves[index] + tree.root + b"".join(path.partners)
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    flipped = bytearray(whole)
    flipped[bit // 8] ^= 1 << bit % 8
    leaf, root, *partners = (bytes(flipped[at : at + 32]) for at in range(0, len(flipped), 32))
    assert not verify_path(leaf, replace(path, partners=tuple(partners)), root)


def test_a_leaf_count_of_any_size_is_judged_in_few_steps():
    assert not verify_path(LEAVES[0], MerklePath(2**63 - 2, 2**63 - 1, (LEAVES[1],) * 64), LEAVES[2])
