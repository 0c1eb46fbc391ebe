"""Limits no session could keep are refused."""

import pytest

from common.sync.limits import CHUNK, Limits, chunk_size, chunks


@pytest.mark.parametrize(
    "wrong",
    [
        {"window": 0},
        {"window": 65},
        {"offers": -1},
        {"quiet_after": 0.0},
        {"quiet_after": 9.0, "dead_after": 9.0},
    ],
)
def test_limits_no_session_could_keep_are_refused(wrong):
    with pytest.raises(ValueError, match=r".+"):
        Limits(**wrong)


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK])
def test_the_chunks_of_a_parcel_make_up_its_size(size):
    sizes = [chunk_size(size, index) for index in range(chunks(size))]
    assert sum(sizes) == size
    assert all(each == CHUNK for each in sizes[:-1])
    assert sizes[-1] > 0
