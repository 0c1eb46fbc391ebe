"""GB 32100: unified social credit codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.credit_code import CreditCode, CreditCodeError, check_character, parse

SAMPLE = "11440232MB2D06811W"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@st.composite
def codes(draw):
    head = draw(st.text(ALPHABET, min_size=2, max_size=2))
    body = draw(st.text(ALPHABET, min_size=9, max_size=9))
    first17 = f"{head}{draw(st.integers(0, 999999)):06d}{body}"
    return first17 + check_character(first17)


def test_a_published_code_is_valid_in_any_spelling():
    assert parse(" 11440232mb2d06811w ") == CreditCode(SAMPLE)
    assert CreditCode(SAMPLE).division == "440232"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "现在是0位"),
        (SAMPLE[:-1], "现在是17位"),
        ("11440232MB2DO6811W", "没有I、O、S、V、Z"),
        ("11A40232MB2D06811W", "第3至8位应为数字"),
        ("11440232MB2D068111", "第18位校验码不对"),
    ],
)
def test_each_fault_has_its_own_sentence(typed, said):
    with pytest.raises(CreditCodeError) as caught:
        parse(typed)
    assert said in caught.value.sentence


@given(codes(), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(code, place, mark):
    assert parse(code).text == code
    if mark != code[place]:
        with pytest.raises(CreditCodeError):
            parse(code[:place] + mark + code[place + 1 :])
