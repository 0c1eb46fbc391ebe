from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.crypto.wire import SINT_MAX, SINT_MIN, UINT_MAX, FormatError, Reader, Writer
from common.domain.node import NodeId


@given(st.integers(0, UINT_MAX), st.integers(SINT_MIN, SINT_MAX), st.binary(max_size=20), st.text(max_size=9))
@example(UINT_MAX, SINT_MIN, b"", "")
@example(0, SINT_MAX, b"\0", "黄湾村")
def test_what_is_written_is_read_back(number: int, signed: int, data: bytes, text: str) -> None:
    writer = Writer().uint(number).sint(signed).flag(True).blob(data, 20).text(text, 40).fixed(b"abc", 3)
    reader = Reader(writer.items([1, 2], 2, Writer.uint).raw(b"tail").done())
    assert (reader.uint(), reader.sint(), reader.flag()) == (number, signed, True)
    assert (reader.blob(20), reader.text(40), reader.fixed(3)) == (data, text, b"abc")
    assert reader.items(2, Reader.uint) == (1, 2)
    assert reader.remaining == 4
    assert reader.rest() == b"tail"
    reader.end()


@given(st.binary(max_size=12))
def test_a_number_has_one_encoding_only(data: bytes) -> None:
    reader = Reader(data)
    try:
        value = reader.uint()
    except FormatError:
        return
    assert Writer().uint(value).done() == reader.since(0)


@given(st.binary(max_size=12))
def test_a_signed_number_has_one_encoding_only(data: bytes) -> None:
    reader = Reader(data)
    try:
        value = reader.sint()
    except FormatError:
        return
    assert Writer().sint(value).done() == reader.since(0)


@pytest.mark.parametrize(
    ("data", "read", "what"),
    [
        (b"", Reader.uint, "cut off"),
        (b"\x80", Reader.uint, "cut off"),
        (b"\x80\x00", Reader.uint, "integer not minimal"),
        (b"\xff" * 9 + b"\x01", Reader.uint, "integer too long"),
        (b"\x05", lambda r: r.uint(4), "integer above its limit"),
        (b"\x02", Reader.flag, "integer above its limit"),
        (b"ab", lambda r: r.fixed(3), "cut off"),
        (b"\x03ab", lambda r: r.blob(9), "cut off"),
        (b"\x03abc", lambda r: r.blob(2), "integer above its limit"),
        (b"\x02\xc0\x80", lambda r: r.text(9), "text is not UTF-8"),
        (b"\x03\xed\xa0\x80", lambda r: r.text(9), "text is not UTF-8"),
        (b"\x01x", lambda r: r.text_as(NodeId, 11), "text is not a valid value"),
        (b"\x03\x01\x01", lambda r: r.items(2, Reader.uint), "integer above its limit"),
        (b"x", Reader.end, "bytes after the end"),
    ],
)
def test_every_other_form_is_refused_by_name(
    data: bytes, read: Callable[[Reader], object], what: str
) -> None:
    with pytest.raises(FormatError) as caught:
        read(Reader(data))
    assert caught.value.what == what
    assert f"at byte {caught.value.offset}" in str(caught.value)


@pytest.mark.parametrize(
    "write",
    [
        lambda w: w.uint(-1),
        lambda w: w.uint(UINT_MAX + 1),
        lambda w: w.sint(SINT_MAX + 1),
        lambda w: w.sint(SINT_MIN - 1),
        lambda w: w.fixed(b"ab", 3),
        lambda w: w.blob(b"abc", 2),
        lambda w: w.text("村", 2),
        lambda w: w.text("\ud800", 9),
        lambda w: w.items([1, 2, 3], 2, Writer.uint),
    ],
)
def test_nothing_is_written_that_would_not_be_read(write: Callable[[Writer], object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        write(Writer())


def test_a_reader_says_where_it_is() -> None:
    reader = Reader(Writer().text("130638-0417", 11).uint(300).done())
    assert reader.text_as(NodeId, 11) == NodeId("130638-0417")
    assert reader.offset == 12
    assert reader.uint() == 300
    assert reader.since(12) == b"\xac\x02"
    assert reader.fail("no").offset == 14
