"""Receipt numbers that are said over the telephone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.receipt_number import (
    ReceiptNumber,
    ReceiptNumberError,
    check_digit,
    grouped,
    parse,
    query_code,
)

receipts = st.builds(
    ReceiptNumber,
    node=st.integers(1, 9999),
    year=st.integers(0, 99),
    serial=st.integers(0, 99999),
)


def test_the_designs_number_is_said_in_groups():
    number = ReceiptNumber(node=417, year=26, serial=458)
    assert str(number) == "0417-26-00458-2"
    assert number.digits == "041726004582"


def test_the_check_digit_agrees_with_the_standards_example():
    # ISO 7064 MOD 11,10: 0794 has the check digit 5.
    assert check_digit("0794") == "5"


@given(receipts)
def test_a_number_comes_back_from_every_spelling(number):
    said = str(number)
    wide = said.translate({ord(mark): ord(mark) + 0xFEE0 for mark in "0123456789-"})
    assert {parse(way) for way in (said, number.digits, said.replace("-", " "), wide, f" {said}　")} == {
        number
    }


@given(receipts, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number, place, shift):
    digits = number.digits
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(ReceiptNumberError):
        parse(wrong)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "还没有填"),
        ("--", "还没有填"),
        ("0417-26-0O458-2", "只有数字"),
        ("0417-26-00458", "现在是11位"),
        ("0417-26-00458-22", "现在是13位"),
        ("0417-26-00458-3", "最后一位对不上"),
    ],
)
def test_each_fault_has_its_own_sentence(typed, said):
    with pytest.raises(ReceiptNumberError) as caught:
        parse(typed)
    assert said in caught.value.sentence


def test_node_zero_is_nobodys_number():
    body = "00002600458"
    with pytest.raises(ReceiptNumberError) as caught:
        parse(body + check_digit(body))
    assert "站点" in caught.value.sentence


@pytest.mark.parametrize(
    "parts", [(0, 26, 1), (10000, 26, 1), (1, -1, 1), (1, 100, 1), (1, 26, -1), (1, 26, 100000)]
)
def test_parts_outside_their_range_are_never_printed(parts):
    with pytest.raises(ReceiptNumberError):
        ReceiptNumber(*parts)


@given(st.binary(min_size=8, max_size=16))
def test_a_query_code_is_six_digits(random):
    code = query_code(random)
    assert len(code) == 6
    assert int(code) == int.from_bytes(random, "big") % 1_000_000


def test_a_query_code_from_few_bytes_is_refused():
    with pytest.raises(ValueError, match="8 random bytes"):
        query_code(b"1234567")


@given(st.text(max_size=20))
def test_no_text_raises_anything_but_its_own_error(text):
    try:
        assert parse(parse(text).digits) == parse(text)
    except ReceiptNumberError as error:
        assert error.sentence  # noqa: PT017


def test_a_kept_number_is_shown_in_groups_and_a_strange_one_as_it_came():
    assert grouped("041726004582") == "0417-26-00458-2"
    assert grouped("x" * 30) == "x" * 16
