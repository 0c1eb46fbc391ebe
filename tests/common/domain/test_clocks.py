"""Last days, by law and against a walk day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.calendar import CalendarUnknownError, seed_calendar
from common.domain.clocks import (
    DayUnit,
    DueDate,
    ExtensionError,
    Limit,
    Pause,
    PauseReason,
    Whose,
    deemed_accepted_on,
    due,
)
from tests.common.domain.slow_calendar import FAR, last_day

SEED = seed_calendar()
CORRECTION = Limit(5, DayUnit.WORKING)
DECISION = Limit(20, DayUnit.WORKING, extension=10)
POSTING = Limit(7, DayUnit.CALENDAR)


def pause(start: date, end: date | None, reason: PauseReason = PauseReason.SPECIAL_PROCEDURE) -> Pause:
    return Pause(start, end, reason)


@pytest.mark.parametrize(
    ("limit", "start", "last"),
    [
        # 行政许可法 32(4): five working days, the day of receipt not counted.
        (CORRECTION, date(2026, 11, 23), date(2026, 11, 30)),
        # Friday before Spring Festival 2026: Saturday the 14th is worked, the 15th to 23rd are not.
        (CORRECTION, date(2026, 2, 13), date(2026, 2, 27)),
        # The make-up Saturday 28 February counts.
        (CORRECTION, date(2026, 2, 24), date(2026, 3, 2)),
        # 行政许可法 42: twenty working days over the festival.
        (DECISION, date(2026, 2, 12), date(2026, 3, 18)),
        # 民法典 203: the seventh calendar day is 2 October, and moves on past the holidays.
        (POSTING, date(2026, 9, 25), date(2026, 10, 8)),
        # A calendar limit may end on a make-up Saturday.
        (POSTING, date(2026, 2, 21), date(2026, 2, 28)),
        (POSTING, date(2026, 11, 16), date(2026, 11, 23)),
    ],
)
def test_law_examples(limit, start, last):
    assert due(limit, start, (), SEED) == DueDate(last, provisional=False)


def test_a_special_procedure_takes_its_days_out_of_the_count():
    # 行政许可法 45: accepted Monday 2 November; inspection told on Wednesday 4, result in on Tuesday 10.
    inspection = pause(date(2026, 11, 4), date(2026, 11, 10))
    without = due(CORRECTION, date(2026, 11, 2), (), SEED)
    assert without == DueDate(date(2026, 11, 9), provisional=False)
    assert due(CORRECTION, date(2026, 11, 2), (inspection,), SEED) == DueDate(
        date(2026, 11, 13), provisional=False
    )


def test_an_open_pause_leaves_no_last_day_unless_the_time_had_run_out():
    start = date(2026, 11, 2)
    assert due(CORRECTION, start, (pause(date(2026, 11, 4), None),), SEED) is None
    assert due(CORRECTION, start, (pause(date(2026, 10, 1), None),), SEED) is None
    assert due(CORRECTION, start, (pause(date(2026, 11, 9), None),), SEED) == due(CORRECTION, start, (), SEED)


def test_a_last_day_does_not_move_into_a_pause():
    # Day 7 is Saturday 21 November; a pause from that day holds Monday to Wednesday.
    start, saturday = date(2026, 11, 14), date(2026, 11, 21)
    held = pause(saturday, date(2026, 11, 25), PauseReason.CORRECTION)
    assert due(POSTING, start, (held,), SEED) == DueDate(date(2026, 11, 26), provisional=False)
    assert due(POSTING, start, (pause(saturday, None),), SEED) is None


@st.composite
def pauses(draw):
    begin = draw(st.dates(date(2025, 12, 1), date(2026, 10, 31)))
    length = draw(st.one_of(st.none(), st.integers(0, 60), st.integers(0, 60)))
    return pause(begin, None if length is None else begin + timedelta(days=length))


@given(
    st.integers(1, 60),
    st.sampled_from(DayUnit),
    st.dates(date(2026, 1, 1), date(2026, 9, 30)),
    st.lists(pauses(), max_size=4),
)
def test_last_days_agree_with_a_walk_day_by_day(days, unit, start, several):
    expected = last_day(days, unit, start, several, SEED, horizon=date(2027, 12, 31))
    found = due(Limit(days, unit), start, several, SEED)
    assert found == (None if expected is None else DueDate(expected, provisional=expected.year > 2026))


@given(st.integers(1, 400), st.sampled_from(DayUnit), st.dates(date(2026, 6, 1), date(2029, 1, 1)))
def test_past_the_published_year_days_are_provisional_and_past_the_table_only_guessed(days, unit, start):
    expected = last_day(days, unit, start, (), SEED, horizon=FAR)
    assert expected is not None
    if max(start, expected).year > 2027:
        with pytest.raises(CalendarUnknownError) as caught:
            due(Limit(days, unit), start, (), SEED)
        assert caught.value.provisional == expected
    else:
        assert due(Limit(days, unit), start, (), SEED) == DueDate(expected, provisional=expected.year > 2026)


@pytest.mark.parametrize("unit", DayUnit)
def test_a_count_to_the_end_of_time_is_only_a_guess(unit):
    with pytest.raises(CalendarUnknownError):
        due(Limit(3650, unit), date.max - timedelta(days=3), (pause(date.max, date.max),), SEED)


def test_a_limit_is_extended_once_and_within_bounds():
    # 行政许可法 42: ten days more, once.
    longer = DECISION.extended(10)
    assert longer == Limit(30, DayUnit.WORKING)
    with pytest.raises(ExtensionError) as again:
        longer.extended(1)
    assert "已经延长过" in again.value.sentence
    for days in (0, 11):
        with pytest.raises(ExtensionError) as beyond:
            DECISION.extended(days)
        assert "最多只能延长10" in beyond.value.sentence


def test_an_extension_keeps_unit_and_owner():
    limit = Limit(7, DayUnit.CALENDAR, Whose.APPLICANT, extension=3)
    assert limit.extended(2) == Limit(9, DayUnit.CALENDAR, Whose.APPLICANT)


@pytest.mark.parametrize(("days", "extension"), [(0, 0), (-1, 0), (3651, 0), (5, -1), (5, 3651)])
def test_a_limit_no_law_could_mean_cannot_be_built(days, extension):
    with pytest.raises(ValueError, match="a limit is"):
        Limit(days, DayUnit.WORKING, extension=extension)


def test_a_pause_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="a pause cannot"):
        pause(date(2026, 2, 2), date(2026, 2, 1))


def test_silence_means_acceptance_from_the_day_of_receipt():
    # 行政许可法 32(4): received Friday 13 February 2026, last day to tell is the 27th.
    received = date(2026, 2, 13)
    silent = deemed_accepted_on(received, CORRECTION, SEED, rule=True)
    assert silent is not None
    assert silent.accepted == received
    assert silent.last_day == DueDate(date(2026, 2, 27), provisional=False)
    assert not silent.reached(date(2026, 2, 27))
    assert silent.reached(date(2026, 2, 28))
    assert not silent.reached(date(2026, 3, 9), told=date(2026, 2, 27))
    assert silent.reached(date(2026, 3, 9), told=date(2026, 2, 28))


def test_silence_means_nothing_where_the_rule_does_not_say_so():
    assert deemed_accepted_on(date(2026, 2, 13), CORRECTION, SEED, rule=False) is None
