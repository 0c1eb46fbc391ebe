"""Lights: pure, and never a crash on a page."""

from datetime import date

import pytest

from common.domain.calendar import seed_calendar
from common.domain.clocks import DueDate
from common.domain.lateness import Lateness, Light, Thresholds, lateness, light

SEED = seed_calendar()
FRIDAY = DueDate(date(2026, 11, 27), provisional=False)


@pytest.mark.parametrize(
    ("today", "colour", "left"),
    [
        (date(2026, 11, 24), Light.GREEN, 3),
        (date(2026, 11, 25), Light.WARNING, 2),
        (date(2026, 11, 27), Light.WARNING, 0),
        (date(2026, 11, 28), Light.OVERDUE, 0),
        (date(2026, 11, 30), Light.OVERDUE, -1),
    ],
)
def test_two_workdays_before_it_warns_and_the_day_after_it_is_overdue(today, colour, left):
    assert lateness(FRIDAY, today, SEED) == Lateness(colour, left, provisional=False)
    assert light(FRIDAY, today, SEED) is colour


def test_a_holiday_between_does_not_bring_the_warning_early():
    after_festival = DueDate(date(2026, 2, 25), provisional=False)
    assert light(after_festival, date(2026, 2, 13), SEED) is Light.GREEN
    assert light(after_festival, date(2026, 2, 14), SEED) is Light.WARNING


def test_thresholds_are_settings():
    patient = Thresholds(warning=0, overdue=1)
    assert light(FRIDAY, date(2026, 11, 26), SEED, patient) is Light.GREEN
    assert light(FRIDAY, date(2026, 11, 28), SEED, patient) is Light.WARNING
    assert light(FRIDAY, date(2026, 11, 30), SEED, patient) is Light.OVERDUE


@pytest.mark.parametrize("wrong", [{"warning": -1}, {"overdue": -1}])
def test_thresholds_below_zero_cannot_be_built(wrong):
    with pytest.raises(ValueError, match="thresholds"):
        Thresholds(**wrong)


def test_a_clock_that_stands_still_is_never_late():
    assert lateness(None, date(2026, 11, 27), SEED) == Lateness(Light.STILL, 0, provisional=False)


def test_beyond_the_calendar_the_light_is_provisional_not_a_crash():
    assert lateness(FRIDAY, date(2029, 1, 1), SEED).provisional
    assert lateness(DueDate(date(2027, 1, 4), provisional=True), date(2026, 12, 31), SEED).provisional
