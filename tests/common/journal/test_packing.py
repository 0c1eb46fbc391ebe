import contextlib
import tracemalloc

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from common.journal.errors import PackingError
from common.journal.limits import SMALL_PLAIN
from common.journal.packing import pack, unpack
from tests.common.journal.strategies import any_bytes


@given(st.binary(max_size=2000))
def test_what_is_packed_is_unpacked(plain):
    assert unpack(pack(plain), len(plain)) == plain


def test_a_large_run_is_packed_at_the_lower_level():
    plain = bytes(range(256)) * (SMALL_PLAIN // 256 + 1)
    assert unpack(pack(plain), len(plain)) == plain
    assert pack(plain) == zstandard.ZstdCompressor(level=3).compress(plain)


@given(any_bytes(pack(b"plain " * 30)))
def test_no_bytes_make_unpacking_raise_anything_else_or_give_another_size(data):
    with contextlib.suppress(PackingError):
        assert len(unpack(data, 180)) == 180


def test_a_bomb_is_refused_before_any_memory_is_taken():
    bomb = zstandard.ZstdCompressor().compress(bytes(50_000_000))
    tracemalloc.start()
    with pytest.raises(PackingError):
        unpack(bomb, 1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.parametrize("stated", [1000, 400_000])
def test_a_frame_that_lies_about_its_size_is_refused_within_the_size_it_states(stated):
    frame = bytearray(zstandard.ZstdCompressor(level=3).compress(bytes(300_000)))
    honest = zstandard.get_frame_parameters(bytes(frame)).content_size
    place = bytes(frame).index(honest.to_bytes(4, "little"))
    frame[place : place + 4] = stated.to_bytes(4, "little")
    with pytest.raises(PackingError):
        unpack(bytes(frame), stated)
