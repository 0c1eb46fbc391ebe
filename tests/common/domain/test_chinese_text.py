"""Words on forms."""

from datetime import date

import pytest

from common.domain.chinese_text import (
    date_text,
    days_text,
    due_text,
    lateness_text,
    limit_text,
    money_text,
    weekday_date_text,
)
from common.domain.clocks import DayUnit, DueDate, Limit
from common.domain.lateness import Lateness, Light


def test_a_day_is_written_without_leading_zeros_and_with_its_weekday():
    assert weekday_date_text(date(2026, 11, 22)) == "2026年11月22日 星期日"
    assert weekday_date_text(date(2026, 3, 2)) == "2026年3月2日 星期一"
    assert date_text(date(2026, 3, 2)) == "2026年3月2日"


def test_limits_say_their_unit():
    assert limit_text(Limit(5, DayUnit.WORKING)) == "5个工作日"
    assert days_text(7, DayUnit.CALENDAR) == "7日"


def test_a_provisional_last_day_says_so():
    assert due_text(DueDate(date(2026, 12, 31), provisional=False)) == "2026年12月31日 星期四"
    assert due_text(DueDate(date(2027, 1, 4), provisional=True)) == "2027年1月4日 星期一（暂定）"


@pytest.mark.parametrize(
    ("lateness", "words"),
    [
        (Lateness(Light.STILL, 0, provisional=False), "未计时"),
        (Lateness(Light.GREEN, 3, provisional=False), "还剩3个工作日"),
        (Lateness(Light.WARNING, 1, provisional=True), "还剩1个工作日（暂定）"),
        (Lateness(Light.WARNING, 0, provisional=False), "最后一天"),
        (Lateness(Light.OVERDUE, 0, provisional=False), "已到期"),
        (Lateness(Light.OVERDUE, -2, provisional=False), "已超期2个工作日"),
    ],
)
def test_lateness_is_said_in_a_few_words(lateness, words):
    assert lateness_text(lateness) == words


@pytest.mark.parametrize(
    ("fen", "words"),
    [(123400, "¥1,234.00"), (0, "¥0.00"), (5, "¥0.05"), (-5, "-¥0.05"), (123456789012, "¥1,234,567,890.12")],
)
def test_money_has_separators_and_two_places(fen, words):
    assert money_text(fen) == words
