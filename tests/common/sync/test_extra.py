"""What a greeting adds: unknown fields pass, malformed ones say so and nothing else."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.wire import FormatError, Writer
from common.sync.extra import MOST_UNSURE, Extra


@given(st.none() | st.integers(0, MOST_UNSURE))
def test_what_is_said_is_read(certainty: int | None) -> None:
    assert Extra.decode(Extra(certainty).encode()) == Extra(certainty)


@given(st.integers(2, 2**30), st.binary(max_size=99))
def test_a_field_of_a_later_version_is_passed_over(tag: int, value: bytes) -> None:
    later = Writer().uint(tag).blob(value, 99).done()
    assert Extra.decode(later + Extra(7).encode() + later) == Extra(7)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    with contextlib.suppress(FormatError):
        Extra.decode(data)


@given(st.integers(MOST_UNSURE + 1, 2**62))
def test_more_than_a_clock_can_be_wrong_is_malformed(certainty: int) -> None:
    with pytest.raises(FormatError):
        Extra.decode(Extra(certainty).encode())


def test_a_field_with_something_behind_it_is_malformed() -> None:
    with pytest.raises(FormatError):
        Extra.decode(Writer().uint(1).blob(b"\x07\x07", 9).done())
