"""Phones of the mainland."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.phone import PhoneNumber, PhoneNumberError, parse


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("13812345678", "13812345678"),
        (" 138 1234 5678 ", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("03125551234", "0312-5551234"),
        ("0312-5551234", "0312-5551234"),
        ("（0312）5551234", "0312-5551234"),
        ("010 55512345", "010-55512345"),
        ("02155512345", "021-55512345"),
    ],
)
def test_the_ways_people_write_a_phone(typed, text):
    assert parse(typed) == PhoneNumber(text)


@pytest.mark.parametrize("typed", ["", "   ", "-"])
def test_no_phone_is_allowed(typed):
    assert parse(typed) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("6661234", "加区号"),
        ("1381234567", "手机应为11位"),
        ("12812345678", "手机应为11位"),
        ("138123456789", "手机应为11位"),
        ("0312-1551234", "座机应为区号"),
        ("010-5551234", "座机应为区号"),
        ("abc", "没有电话可以不填"),
    ],
)
def test_a_wrong_phone_says_what_to_do_and_does_not_repeat_it(typed, said):
    with pytest.raises(PhoneNumberError) as caught:
        parse(typed)
    assert said in caught.value.sentence
    assert typed not in caught.value.sentence


def test_a_phone_shows_only_its_mask():
    mobile, landline = PhoneNumber("13812345678"), PhoneNumber("0312-5551234")
    assert repr(mobile) == "PhoneNumber(138****5678)"
    assert mobile.is_mobile
    assert not landline.is_mobile


@given(st.text(max_size=20))
def test_no_text_raises_anything_but_its_own_error(text):
    try:
        number = parse(text)
    except PhoneNumberError as error:
        assert error.sentence  # noqa: PT017
    else:
        assert number is None or parse(number.text) == number
