"""Division codes and what lies inside what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.division_code import DivisionCode, DivisionCodeError, DivisionLevel, parse

VILLAGE = DivisionCode("130638100201")


@pytest.mark.parametrize(
    ("typed", "text", "level"),
    [
        ("130000", "130000", DivisionLevel.PROVINCE),
        ("130600000000", "130600", DivisionLevel.CITY),
        ("130638", "130638", DivisionLevel.COUNTY),
        ("130638000000", "130638", DivisionLevel.COUNTY),
        ("130638000", "130638", DivisionLevel.COUNTY),
        ("130638100", "130638100", DivisionLevel.TOWNSHIP),
        ("130638100000", "130638100", DivisionLevel.TOWNSHIP),
        ("１３０６３８ １００ ２０１", "130638100201", DivisionLevel.VILLAGE),
    ],
)
def test_spellings_of_one_place_are_one_code(typed, text, level):
    code = parse(typed)
    assert (code.text, code.level) == (text, level)
    assert parse(code.padded) == code


def test_the_parts_of_a_village_code():
    assert VILLAGE.county == DivisionCode("130638")
    assert VILLAGE.township == DivisionCode("130638100")
    assert VILLAGE.village == VILLAGE
    assert VILLAGE.county.township is None
    assert VILLAGE.county.village is None


@pytest.mark.parametrize(
    ("outer", "inside"),
    [("130000", True), ("130600", True), ("130638", True), ("130638100", True), ("130638100201", True)],
)
def test_every_wider_place_contains_the_village(outer, inside):
    assert DivisionCode(outer).contains(VILLAGE) is inside


@pytest.mark.parametrize("other", ["140000", "130700", "130629", "130638101", "130638100202"])
def test_no_other_place_contains_the_village(other):
    assert not DivisionCode(other).contains(VILLAGE)
    assert not VILLAGE.contains(DivisionCode(other))


@pytest.mark.parametrize(
    "typed", ["", "1306", "13063810", "1306381002011", "13063A", "030638", "130638000201"]
)
def test_what_is_no_code_is_refused_in_chinese(typed):
    with pytest.raises(DivisionCodeError) as caught:
        parse(typed)
    assert "区划" in caught.value.sentence


@pytest.mark.parametrize("text", ["130638000", "130638100000"])
def test_a_code_is_only_built_in_its_shortest_form(text):
    with pytest.raises(DivisionCodeError):
        DivisionCode(text)


@given(st.integers(110000, 659999), st.integers(1, 999), st.integers(1, 999))
def test_wider_contains_narrower_and_never_the_other_way(county, township, village):
    code = parse(f"{county:06d}{township:03d}{village:03d}")
    assert code.township is not None
    assert code.county.contains(code.township)
    assert code.township.contains(code)
    assert not code.contains(code.township)
