"""Days and clocks as people read them."""

from datetime import UTC, date, datetime

import pytest

from common.papers.parts import ClockedTime
from common.papers.wording import chinese_day, chinese_time, clock_sentence, county_time

LATE = datetime(2026, 11, 22, 16, 5, 9, tzinfo=UTC)


def test_a_day_says_its_weekday() -> None:
    assert chinese_day(date(2026, 11, 22)) == "2026年11月22日 星期日"


def test_an_instant_is_told_in_chinas_time_whatever_the_machines_zone() -> None:
    assert chinese_time(LATE) == "2026年11月23日 00:05:09"


def test_a_fast_clock_is_set_back_for_the_countys_time() -> None:
    assert county_time(ClockedTime(LATE, 4000, 100)) == "2026年11月23日 00:05:05"
    assert county_time(ClockedTime(LATE, -4000, 100)) == "2026年11月23日 00:05:13"


def test_an_unmeasured_clock_claims_no_county_time() -> None:
    assert not county_time(ClockedTime(LATE))
    assert clock_sentence(ClockedTime(LATE)) == "尚未与县里对时，以县里记录的时间为准"


@pytest.mark.parametrize(
    ("offset", "sentence"),
    [
        (0, "与县里时间一致"),
        (1, "比县里快0.1秒"),
        (3200, "比县里快3.2秒"),
        (-1000, "比县里慢1秒"),
        (60_000, "比县里快1分钟"),
        (59_950, "比县里快1分钟"),
        (-90_500, "比县里慢1分31秒"),
        (3_600_000, "比县里快1小时"),
        (-5_400_000, "比县里慢1小时30分"),
        (3_599_999, "比县里快1小时"),
        (7_199_500, "比县里快2小时"),
        (864_000_000, "比县里快240小时"),
    ],
)
def test_an_offset_is_said_in_units_people_use_and_never_made_smaller(offset: int, sentence: str) -> None:
    assert sentence in clock_sentence(ClockedTime(LATE, offset, 100))
