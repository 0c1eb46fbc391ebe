"""An independent oracle: every count made day by day, with nothing borrowed from the product but its data."""

from collections.abc import Sequence
from datetime import date, timedelta

from common.domain.calendar import WorkCalendar
from common.domain.clocks import DayUnit, Pause

DAY = timedelta(days=1)


def worked(calendar: WorkCalendar, day: date) -> bool:
    return day in calendar.work or (day.weekday() < 5 and day not in calendar.off)


def nth_workday(calendar: WorkCalendar, start: date, count: int) -> date:
    day = start
    while count:
        day += DAY
        count -= worked(calendar, day)
    return day


def count_workdays(calendar: WorkCalendar, start: date, end: date) -> int:
    if end < start:
        return -count_workdays(calendar, end, start)
    return sum(worked(calendar, start + DAY * step) for step in range(1, (end - start).days + 1))


def held(pauses: Sequence[Pause], day: date) -> bool:
    return any(pause.start < day and (pause.end is None or day <= pause.end) for pause in pauses)


def last_day(
    days: int,
    unit: DayUnit,
    start: date,
    pauses: Sequence[Pause],
    calendar: WorkCalendar,
    horizon: date,
) -> date | None:
    """Walk from the day after ``start``; None when the horizon is reached under an open pause."""
    day, left = start, days
    while left:
        day += DAY
        if day > horizon:
            return None
        counts = unit is DayUnit.CALENDAR or worked(calendar, day)
        left -= counts and not held(pauses, day)
    while not worked(calendar, day) or held(pauses, day):
        day += DAY
        if day > horizon:
            return None
    return day


FAR = date(2040, 12, 31)
