"""A catalogue sheet: good rows go in, every bad one is told with row, column and reason, nothing raises."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.clocks import DayUnit, Limit
from common.domain.item import ItemKind, Shows
from common.domain.node import Tier
from common.sheets.catalogue_csv import LONGEST_CELL, Refusal, read_catalogue

HEAD = "code,name,route,type,statutory_days,promised_days,materials,sensitive\n"
GOOD = "YL-1,林木采伐许可证核发,village>county,行政许可,20,4,身份证;照片,否\n"


def refusals(text: str) -> list[tuple[int, str]]:
    return [(refused.row, refused.column) for refused in read_catalogue(text.encode()).refused]


def test_the_demo_sheet_is_read_whole() -> None:
    sheet = Path(__file__).parents[3] / "demo" / "items.csv"
    reading = read_catalogue(sheet.read_bytes())
    assert reading.refused == ()
    assert 20 <= len(reading.items) <= 30
    assert all(item.sample and item.source for item in reading.items)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_row_becomes_an_item(encoding: str) -> None:
    (item,) = read_catalogue((HEAD + GOOD).encode(encoding)).items
    assert (item.kind, item.route) == (ItemKind.PERMIT, (Tier.VILLAGE, Tier.COUNTY))
    assert item.statutory == Limit(20, DayUnit.WORKING)
    assert [material.name for material in item.materials] == ["身份证", "照片"]


def test_what_the_source_does_not_give_stays_not_given() -> None:
    (item,) = read_catalogue(b"code,name,route\nYL-1,abc,county\n").items
    assert (item.kind, item.statutory, item.promised, item.materials) == (None, None, None, ())


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",名,county,,,,,", "code"),
        ("!!,名,county,,,,,", "code"),
        ("YL/2,名,county,,,,,", "code"),
        (f"{'Y' * 65},名,county,,,,,", "code"),
        ("YL-2,名,county>village,,,,,", "route"),
        ("YL-2,名,city,,,,,", "route"),
        ("YL-2,名,county,许可,,,,", "type"),
        ("YL-2,名,county,,二十,,,", "statutory_days"),
        ("YL-2,名,county,,0,,,", "statutory_days"),
        ("YL-2,名,county,,,,,也许", "sensitive"),
        ("YL-1,名,county,,,,,", "code"),
        ("YL-2,名,county,,,,,,多", ""),
        (f"YL-2,{'名' * (LONGEST_CELL + 1)},county,,,,,", "name"),
    ],
)
def test_a_wrong_row_is_told_and_the_others_go_in(row: str, column: str) -> None:
    reading = read_catalogue((HEAD + GOOD + row + "\n").encode())
    assert [(refused.row, refused.column) for refused in reading.refused] == [(3, column)]
    assert [item.code for item in reading.items] == ["YL-1"]


def test_what_pictures_show_is_said_by_name() -> None:
    head, row = (
        "code,name,route,materials,pictures\n",
        "YL-1,名,county,身份证；照片;申请表,身份证=证件； 照片 = 照片\n",
    )
    (item,) = read_catalogue((head + row).encode()).items
    assert [one.shows for one in item.materials] == [Shows.IDENTITY, Shows.PHOTOGRAPH, Shows.PAGES]
    for wrong in ("户口簿=证件", "身份证", "身份证=图", "=证件"):
        assert refusals(f"{head}YL-1,名,county,身份证,{wrong}\n") == [(2, "pictures")]


def test_wrong_columns_refuse_the_whole_sheet() -> None:
    assert refusals("code,name,路径\n1,2,3\n") == [(1, "route"), (1, "路径")]


def test_a_file_that_is_no_sheet_is_a_sentence() -> None:
    (refused,) = read_catalogue(b"\xff\xfe\x00\x81").refused
    assert isinstance(refused, Refusal)


@given(st.binary(max_size=400))
def test_no_bytes_raise(content: bytes) -> None:
    read_catalogue(content)
    read_catalogue(HEAD.encode() + content)
