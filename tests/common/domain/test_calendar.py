"""Working days: exact on the published years, honest beyond them."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.calendar import (
    CalendarError,
    CalendarUnknownError,
    WorkCalendar,
    from_json,
    seed_calendar,
    to_json,
)
from tests.common.domain.slow_calendar import count_workdays, nth_workday

SEED = seed_calendar()
known_days = st.dates(date(2004, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        # Spring Festival 2026: off 15–23 February, worked on Saturdays 14 and 28 February.
        (date(2026, 2, 10), 5, date(2026, 2, 24)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 2, 24), 5, date(2026, 3, 2)),
        (date(2026, 2, 12), 20, date(2026, 3, 18)),
        # National Day 2026: off 1–7 October, worked on Sunday 20 September and Saturday 10 October.
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 18), 1, date(2026, 9, 20)),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
    ],
)
def test_worked_examples_of_2026(start, count, last):
    assert SEED.add_workdays(start, count) == last
    assert SEED.workdays_between(start, last) == count


def test_make_up_saturdays_are_worked_and_holidays_are_not():
    assert SEED.is_workday(date(2026, 2, 28))
    assert not SEED.is_workday(date(2026, 2, 23))
    assert not SEED.is_workday(date(2026, 11, 21))
    assert SEED.next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    assert SEED.next_workday(date(2026, 10, 10)) == date(2026, 10, 10)


@given(known_days, st.integers(0, 300))
def test_counting_agrees_with_a_walk_day_by_day(start, count):
    last = nth_workday(SEED, start, count)
    assert SEED.guess_workdays(start, count) == last
    if SEED.knows(last):
        assert SEED.add_workdays(start, count) == last


@given(known_days, st.integers(-700, 700))
def test_days_between_agree_with_a_walk_in_both_directions(start, step):
    end = start + timedelta(days=step)
    assert SEED.guess_between(start, end) == count_workdays(SEED, start, end)
    assert SEED.guess_between(start, end) == -SEED.guess_between(end, start)


@given(known_days)
def test_the_next_workday_is_the_first_worked_day_from_the_day_on(day):
    following = SEED.next_workday(day)
    assert SEED.is_workday(following)
    assert count_workdays(SEED, day - timedelta(days=1), following) == 1


def test_2027_is_provisional_and_2026_is_not():
    assert SEED.is_provisional(date(2027, 1, 4))
    assert not SEED.is_provisional(date(2026, 12, 31))
    assert SEED.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("ask", "guess"),
    [
        (lambda: SEED.add_workdays(date(2027, 12, 30), 3), date(2028, 1, 4)),
        (lambda: SEED.is_workday(date(2028, 1, 1)), date(2028, 1, 3)),
        (lambda: SEED.next_workday(date(2003, 12, 27)), date(2003, 12, 29)),
        (lambda: SEED.workdays_between(date(2027, 12, 30), date(2028, 1, 3)), date(2028, 1, 3)),
        (lambda: SEED.add_workdays(date.max - timedelta(days=1), 9), date.max),
        (lambda: SEED.next_workday(date.max), date.max),
    ],
)
def test_beyond_the_table_there_is_only_a_guess(ask, guess):
    with pytest.raises(CalendarUnknownError) as caught:
        ask()
    assert caught.value.provisional == guess
    assert "工作日历" in caught.value.sentence


@pytest.mark.parametrize("count", [-1, 10_001])
def test_an_absurd_count_is_refused(count):
    with pytest.raises(ValueError, match="count of workdays"):
        SEED.add_workdays(date(2026, 1, 5), count)


def test_a_table_comes_back_from_its_json():
    text = json.dumps(to_json(SEED))
    assert from_json(json.loads(text)) == SEED
    assert json.dumps(to_json(from_json(json.loads(text)))) == text


GOOD = {
    "version": "t1",
    "published": [2026],
    "provisional": [2027],
    "off": ["2026-10-01"],
    "work": ["2026-10-10"],
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": ""},
        {"version": 1},
        {"published": []},
        {"published": "2026"},
        {"published": ["2026"]},
        {"published": [True]},
        {"published": [2024, 2026]},
        {"published": [2026, 2027]},
        {"provisional": [2028]},
        {"provisional": [2025]},
        {"published": [9999], "provisional": []},
        {"published": [1], "provisional": []},
        {"off": None},
        {"off": [20261001]},
        {"off": ["2026-13-01"]},
        {"off": ["2026-10-03"]},
        {"off": ["2025-10-01"]},
        {"work": ["2026-10-09"]},
        {"work": ["2025-10-11"]},
    ],
)
def test_a_table_that_contradicts_itself_is_never_in_force(wrong):
    assert from_json(GOOD).version == "t1"
    with pytest.raises(CalendarError):
        from_json(GOOD | wrong)


def test_a_table_without_provisional_years_is_allowed():
    only = WorkCalendar("t2", frozenset({2026}), frozenset(), frozenset(), frozenset())
    assert not only.knows(date(2027, 1, 1))
    assert only.add_workdays(date(2026, 1, 1), 1) == date(2026, 1, 2)


def test_a_new_table_of_the_same_days_is_equal_but_for_its_version():
    assert replace(SEED, version="other") != SEED
    assert replace(SEED) == SEED
