"""The seed list of divisions."""

import pytest

from common.domain.division_code import DivisionCode, DivisionCodeError, DivisionLevel
from common.domain.divisions import Division, DivisionListError, from_csv, load_divisions

HEAD = "code,name,level,parent\n"
COUNTY = "130638000000,雄县,county,\n"


def test_the_seed_list_holds_three_counties_and_their_villages():
    names = {county.name for county in load_divisions().counties()}
    assert names == {"雄县", "容城县", "安新县"}
    levels = [division.level for division in load_divisions().by_code.values()]
    assert levels.count(DivisionLevel.TOWNSHIP) == 36
    assert levels.count(DivisionLevel.VILLAGE) == 700


def test_children_are_directly_under_their_parent():
    xiong = DivisionCode("130638")
    townships = load_divisions().children(xiong)
    assert {division.level for division in townships} == {DivisionLevel.TOWNSHIP}
    assert all(xiong.contains(division.code) for division in townships)
    assert load_divisions().children(DivisionCode("130638400404")) == ()


def test_a_path_is_said_from_the_county_down():
    village = DivisionCode("130638400404")
    names = load_divisions().path_name(village, "/").split("/")
    assert len(names) == 3
    assert (names[0], names[2]) == ("雄县", "金谷社区")
    assert load_divisions().path_name(village) == "".join(names)
    assert load_divisions().path_name(DivisionCode("110101")) == ""


def test_every_village_reaches_a_county():
    divisions = load_divisions()
    assert all(divisions.path(code)[0].level is DivisionLevel.COUNTY for code in divisions.by_code)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,name\n130638000000,雄县\n", "line 2"),
        (HEAD + "130638000000,雄县,nation,\n", "line 2"),
        (HEAD + COUNTY + COUNTY, "comes twice"),
        (HEAD + "130638000000,,county,\n", "no name"),
        (HEAD + "130638000000,雄县,village,\n", "level does not fit"),
        (HEAD + COUNTY + "130638100000,雄州镇,township,\n", "parent does not fit"),
        (HEAD + COUNTY + "130638100000,雄州镇,township,130629000000\n", "parent does not fit"),
        (HEAD + "130638100000,雄州镇,township,130638000000\n", "not in the list"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused_with_the_place(text, said):
    with pytest.raises(DivisionListError, match=said):
        from_csv(text)


def test_a_wrong_code_is_refused():
    with pytest.raises(DivisionCodeError):
        from_csv(HEAD + "13063,雄县,county,\n")


def test_a_division_knows_its_level():
    county = Division(DivisionCode("130638"), "雄县", DivisionLevel.COUNTY, None)
    assert county.level is county.code.level
