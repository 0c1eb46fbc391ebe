"""The seed calendar is what chinesecalendar says, and no more."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from common.domain.calendar import CalendarUnknownError, seed_calendar
from tools import make_calendar

SEED = seed_calendar()


def test_the_committed_file_is_what_the_generator_writes(tmp_path):
    make_calendar.write(tmp_path / "calendar.json")
    assert (tmp_path / "calendar.json").read_bytes() == make_calendar.TARGET.read_bytes()


def test_every_day_from_2004_to_2026_agrees_with_chinesecalendar():
    first, last = date(2004, 1, 1), date(2026, 12, 31)
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    wrong = [day for day in days if SEED.is_workday(day) != chinese_calendar.is_workday(day)]
    assert wrong == []
    assert SEED.published == frozenset(range(2004, 2027))


def test_2027_is_a_guess_of_weekends_and_statutory_holidays_without_make_up_days():
    assert SEED.provisional == {2027}
    assert {day for day in SEED.work if day.year == 2027} == set()
    assert {(day.month, day.day) for day in SEED.off if day.year == 2027} == {
        *((1, 1), (2, 5), (2, 8), (4, 5), (6, 9), (9, 15), (10, 1)),
    }


def test_the_table_raises_where_chinesecalendar_ends():
    with pytest.raises(CalendarUnknownError):
        SEED.is_workday(date(2028, 1, 3))
