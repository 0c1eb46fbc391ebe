import contextlib
from typing import get_type_hints

import orjson
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from common.domain.bodies.facts import Received
from common.domain.bodies.hub import NodeRevoked
from common.domain.clocks import DayUnit, Limit
from common.domain.item import Item, Material, Necessity
from common.domain.kinds import BODY_TYPES
from common.domain.node import Tier
from common.journal.body import UnknownBody, decode_body, encode_body, from_plain, to_plain
from common.journal.errors import BodyError, Fault, JournalError

KINDS = sorted(BODY_TYPES)
ITEM = Item(
    "YL-0001",
    "困难残疾人生活补贴",
    (Tier.VILLAGE, Tier.COUNTY),
    statutory=Limit(24, DayUnit.WORKING),
    materials=(Material("m1", "残疾人证"), Material("m2", "低保证", Necessity.OPTIONAL)),
)
FIXED: dict[str, object] = {"item": ITEM, "calendar": {"days": [1, 2]}}
"""Members that are not any value of their type."""


@given(st.data(), st.sampled_from(KINDS))
def test_every_kind_of_body_reads_back(data, kind):
    members: dict[str, st.SearchStrategy[object]] = {
        name: st.just(FIXED[name]) if name in FIXED else st.from_type(hint)
        for name, hint in get_type_hints(BODY_TYPES[kind]).items()
    }
    try:
        body = data.draw(st.builds(BODY_TYPES[kind], **members))
        written = encode_body(body)
    except (ValueError, orjson.JSONEncodeError):
        reject()  # no such domain value, or an integer beyond 53 bits
    assert decode_body(kind, written) == body
    assert from_plain(BODY_TYPES[kind], to_plain(body)) == body


def test_members_equal_to_their_default_are_left_out():
    body = decode_body("received", b'{"on":"2026-05-06","lawful":true}')
    assert isinstance(body, Received)
    assert encode_body(body) == b'{"on":"2026-05-06","lawful":true}'
    assert to_plain(body) == {"on": "2026-05-06", "lawful": True}


@pytest.mark.parametrize("number", [str(2**53), str(-(2**53)), "1" + "0" * 5000])
def test_an_integer_that_fits_no_column_is_refused(number):
    body = '{"node":"130638-0417","generation":%s,"reason":"","on":"2026-05-06"}'
    with pytest.raises(BodyError):
        decode_body("node_revoked", (body % number).encode())
    assert decode_body("node_revoked", (body % str(2**53 - 1)).encode())


def test_long_digits_inside_a_text_are_no_integer():
    text = "1" * 30
    body = decode_body(
        "node_revoked", f'{{"node":"{text}","generation":1,"reason":"","on":"2026-05-06"}}'.encode()
    )
    assert body.node == text


def test_an_unknown_member_of_a_later_version_is_passed_over():
    assert decode_body("received", b'{"on":"2026-05-06","lawful":true,"next_year":1}')


def test_an_unknown_kind_keeps_its_values():
    assert decode_body("kind_of_next_year", b'{"a":[1]}') == UnknownBody("kind_of_next_year", {"a": [1]})


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'"text"'])
@pytest.mark.parametrize("kind", ["received", "kind_of_next_year"])
def test_what_is_no_object_is_refused(kind, data):
    with pytest.raises(BodyError):
        decode_body(kind, data)


@given(st.binary(max_size=60), st.sampled_from([*KINDS, "kind_of_next_year"]))
def test_no_bytes_make_a_body_raise_anything_else(data, kind):
    with contextlib.suppress(BodyError):
        decode_body(kind, data)


def test_an_error_repeats_nothing_of_what_the_entry_says():
    with pytest.raises(BodyError) as caught:
        decode_body("received", '{"on":"黄湾村张三","lawful":"是"}'.encode())
    assert "张三" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    with pytest.raises(BodyError, match="NodeRevoked"):
        from_plain(NodeRevoked, {"node": 1})


def test_every_error_says_whose_fault_it_is_and_what_to_do():
    errors: list[type[JournalError]] = [JournalError, *JournalError.__subclasses__()]
    for error in errors:
        assert error.fault in Fault
        assert error.what_to_do
