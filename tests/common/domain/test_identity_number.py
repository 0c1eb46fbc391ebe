"""GB 11643: what is a citizen's number and what is not."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.identity_number import (
    IdentityNumber,
    IdentityNumberError,
    Sex,
    check_character,
    parse,
)

SAMPLE = "11010519491231002X"
CHINESE = re.compile(r"[\u4e00-\u9fff]{4,}")


@st.composite
def numbers(draw):
    province = draw(st.sampled_from(["11", "13", "44", "65", "71", "81", "82", "83"]))
    area = draw(st.integers(0, 9999))
    day = draw(st.dates(date(1900, 1, 1), date(2026, 11, 22)))
    body = f"{province}{area:04d}{day:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + check_character(body)


def sentence_of(typed: str, today: date | None = None) -> str:
    with pytest.raises(IdentityNumberError) as caught:
        parse(typed, today=today)
    sentence = caught.value.sentence
    assert CHINESE.search(sentence)
    assert len(typed) < 6 or typed not in sentence + str(caught.value)
    return sentence


def test_the_standards_sample_is_valid_and_tells_birthday_and_sex():
    number = parse(SAMPLE)
    assert number.text == SAMPLE
    assert number.birthday == date(1949, 12, 31)
    assert number.sex is Sex.FEMALE
    assert number.sex.chinese == "女"


def test_an_odd_order_number_is_a_man():
    body = "13063820000101001"
    assert parse(body + check_character(body)).sex.chinese == "男"


@pytest.mark.parametrize(
    "typed", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２ｘ"]
)
def test_small_x_blanks_and_full_width_digits_are_taken(typed):
    assert parse(typed) == IdentityNumber(SAMPLE)


def test_no_representation_shows_the_whole_number():
    number = parse(SAMPLE)
    assert number.masked == "1101**********002X"
    assert SAMPLE not in repr(number) + str(number)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "还没有填"),
        ("   ", "还没有填"),
        ("130503670401001", "15位的老身份证号"),
        ("1101051949123100", "现在是16位"),
        ("11010519491231002XX", "现在是19位"),
        ("1101O519491231002X", "前17位只能是数字"),
        ("11010519491231002A", "前17位只能是数字"),
        ("٣1010519491231002X", "前17位只能是数字"),
        ("00010519491231002X", "开头两位不是省份代码"),
        ("16010519491231002X", "开头两位不是省份代码"),
        ("84010519491231002X", "开头两位不是省份代码"),
        ("11010519490231002X", "不是真实的出生日期"),
        ("11010500001231002X", "不是真实的出生日期"),
        ("110105194912310021", "第18位校验码不对"),
    ],
)
def test_each_fault_has_its_own_sentence(typed, said):
    assert said in sentence_of(typed)


def test_a_birthday_after_today_is_refused_only_when_today_is_given():
    body = "13063820270101001"
    typed = body + check_character(body)
    assert parse(typed).birthday == date(2027, 1, 1)
    assert parse(typed, today=date(2027, 1, 1)).text == typed
    assert "还没有到" in sentence_of(typed, today=date(2026, 12, 31))


@given(numbers())
def test_every_made_number_parses_and_parts_come_back(text):
    number = parse(text.lower())
    assert number.text == text
    assert f"{number.birthday:%Y%m%d}" == text[6:14]
    assert len(number.masked) == 18


@given(numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(text, place, shift):
    wrong = str((int(text[place]) + shift) % 10)
    sentence_of(text[:place] + wrong + text[place + 1 :])


@given(numbers(), st.integers(0, 15))
def test_two_swapped_digits_are_always_found(text, place):
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if swapped != text:
        sentence_of(swapped)


@given(st.text(max_size=30))
def test_no_text_raises_anything_but_the_numbers_own_error(text):
    try:
        parse(text)
    except IdentityNumberError as error:
        assert CHINESE.search(error.sentence)  # noqa: PT017
