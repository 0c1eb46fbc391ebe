import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.wire import SINT_MAX, SINT_MIN, UINT_MAX, FormatError, Reader, Writer
from common.journal.scan import scan_sint, scan_uint


@given(st.integers(0, UINT_MAX), st.integers(SINT_MIN, SINT_MAX))
def test_integers_read_back_at_any_offset(number, signed):
    data = Writer().raw(b"abc").uint(number).sint(signed).done()
    value, at = scan_uint(data, 3)
    assert value == number
    assert scan_sint(data, at) == (signed, len(data))


@given(st.binary(max_size=12))
def test_what_the_reader_refuses_is_refused_and_nothing_else(data):
    reader = Reader(data)
    try:
        expected = (reader.uint(), reader.offset)
    except FormatError:
        with pytest.raises((FormatError, IndexError)):
            scan_uint(data, 0)
    else:
        assert scan_uint(data, 0) == expected
