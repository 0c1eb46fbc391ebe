import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.errors import CannotOpenError
from common.journal.attachment import (
    PIECE,
    chunk_count,
    open_attachment,
    open_chunk,
    seal_attachment,
    sealed_length,
)
from common.journal.limits import ATTACHMENT_MAX, CHUNK
from tests.common.journal.samples import seed
from tests.common.journal.strategies import any_bytes
from tests.second_decoder import parcel

KEY = seed("key")
PICTURE = seed("picture", 60)


@given(st.sampled_from((0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 9)))
def test_a_file_of_any_length_opens_whole_and_both_decoders_agree(length):
    plain = (PICTURE * (length // 60 + 1))[:length]
    data = seal_attachment(plain, KEY)
    assert len(data) == sealed_length(length)
    assert open_attachment(data, KEY, length) == plain
    assert parcel.attachment(data, KEY, length)["plain"] == plain.hex()


@given(any_bytes(seal_attachment(PICTURE, KEY)))
def test_no_spoilt_file_ever_opens(data):
    with pytest.raises(CannotOpenError):
        open_attachment(data, KEY, len(PICTURE))


def test_chunks_open_one_by_one_and_only_in_their_place():
    data = seal_attachment(bytes(PIECE + 1), KEY)
    assert open_chunk(data[CHUNK:], KEY, PIECE + 1, 1) == b"\0"
    for index in (-1, 0, 2):
        with pytest.raises(CannotOpenError):
            open_chunk(data[CHUNK:], KEY, PIECE + 1, index)


def test_chunks_cannot_be_swapped_or_left_out():
    data = seal_attachment(bytes(2 * PIECE), KEY)
    with pytest.raises(CannotOpenError):
        open_attachment(data[CHUNK:] + data[:CHUNK], KEY, 2 * PIECE)
    with pytest.raises(CannotOpenError):
        open_attachment(data[:CHUNK], KEY, PIECE)


def test_a_file_above_its_limit_is_refused():
    assert chunk_count(ATTACHMENT_MAX) == 1025
    for length in (-1, ATTACHMENT_MAX + 1):
        with pytest.raises(ValueError, match="64 MiB"):
            chunk_count(length)
