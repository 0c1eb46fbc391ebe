"""Frames survive any cutting of the stream, and bad lengths are never waited for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sync.errors import BrokenRuleError
from common.sync.frames import FrameSplitter, frame
from common.sync.limits import MAX_FRAME

FRAMES = st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=40)), max_size=8)


@given(FRAMES, st.lists(st.integers(0, 400)))
def test_frames_come_whole_however_the_stream_is_cut(frames, cuts):
    stream = b"".join(frame(*each) for each in frames)
    found: list[tuple[int, bytes]] = []
    splitter, at = FrameSplitter(), 0
    for cut in [*sorted(cuts), len(stream)]:
        found += splitter.feed(stream[at:cut])
        at = max(at, cut)
    assert found == frames
    assert splitter.waiting == 0


@pytest.mark.parametrize("length", [0, MAX_FRAME + 1, 2**32 - 1])
def test_an_empty_or_too_long_frame_is_refused_at_its_length(length):
    with pytest.raises(BrokenRuleError):
        list(FrameSplitter().feed(length.to_bytes(4, "big")))


def test_the_longest_frame_passes_and_a_longer_one_is_never_made():
    splitter = FrameSplitter()
    assert list(splitter.feed(frame(1, bytes(MAX_FRAME - 1)))) == [(1, bytes(MAX_FRAME - 1))]
    with pytest.raises(ValueError, match="at most"):
        frame(1, bytes(MAX_FRAME))
