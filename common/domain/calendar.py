"""Working days by the State Council's yearly notice 部分节假日安排的通知, make-up workdays included.

The table is data: signed, versioned, and replaced when the next notice arrives. A notice may still move a
day of the last week of the December before it, so open dates are counted again with every new table.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files

from common.domain.spoken_error import SpokenError

MAX_COUNT = 10_000
_WEEK, _WEEKDAYS = 7, 5
_LAST_ORDINAL = date.max.toordinal()


class CalendarError(ValueError):
    """The table contradicts itself or its JSON form is not one; it must not be put in force."""


class CalendarUnknownError(SpokenError):
    """The count leaves the years the table knows.

    Attributes:
        provisional: the day weekends alone would give beyond the table; a guess to show as such, never law.
    """

    def __init__(self, provisional: date) -> None:
        """Keep the guess.

        Args:
            provisional: the day weekends alone would give.
        """
        super().__init__(
            f"work calendar does not cover {provisional.year}",
            "工作日历里没有{year}年，这个日期还算不准；请等县里下发新的工作日历。",
            year=provisional.year,
        )
        self.provisional = provisional


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked, for one unbroken run of years.

    Attributes:
        version: name of the table, shown wherever a date is explained.
        published: years whose notice is out.
        provisional: years after them, filled by a guess until their notice is out.
        off: holidays from Monday to Friday.
        work: Saturdays and Sundays that are worked.

    Raises:
        CalendarError: years with a gap, or a day where no exception is needed or outside the years.
    """

    version: str
    published: frozenset[int]
    provisional: frozenset[int]
    off: frozenset[date]
    work: frozenset[date]
    _off: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _work: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_years(self.published, self.provisional)
        years = self.published | self.provisional
        if any(_at_weekend(day) or day.year not in years for day in self.off):
            raise CalendarError("a holiday must be a weekday of a known year")
        if any(not _at_weekend(day) or day.year not in years for day in self.work):
            raise CalendarError("a make-up workday must be a weekend day of a known year")
        object.__setattr__(self, "_off", tuple(sorted(day.toordinal() for day in self.off)))
        object.__setattr__(self, "_work", tuple(sorted(day.toordinal() for day in self.work)))

    def knows(self, day: date) -> bool:
        """Return whether the table covers ``day``, published or provisional."""
        return day.year in self.published or day.year in self.provisional

    def is_provisional(self, day: date) -> bool:
        """Return whether no notice covers ``day`` yet, so that what is counted to it may still change."""
        return day.year not in self.published

    def is_workday(self, day: date) -> bool:
        """Return whether offices work on ``day``, or raise CalendarUnknownError outside the table."""
        return self.next_workday(day) == day

    def next_workday(self, day: date) -> date:
        """Return the first workday on or after ``day``, or raise CalendarUnknownError outside the table.

        It is where a last day on a holiday moves on to (民法典 203).
        """
        return self._known(day, self.guess_workday(day))

    def add_workdays(self, start: date, count: int) -> date:
        """Return the ``count``-th workday after ``start``, or raise CalendarUnknownError outside the table.

        The day of ``start`` never counts (民法典 201).

        Args:
            start: any day.
            count: 0 (``start`` itself) to 10,000.

        Returns:
            A workday, or ``start`` for 0.
        """
        return self._known(start, self.guess_workdays(start, count))

    def workdays_between(self, start: date, end: date) -> int:
        """Return how many workdays lie after ``start`` up to and including ``end``.

        Negative when ``end`` is first. Raises CalendarUnknownError outside the table.
        """
        self._known(start, end)
        return self.guess_between(start, end)

    def guess_workday(self, day: date) -> date:
        """Return what ``next_workday`` says, with weekends alone beyond the table (never raises)."""
        return date.fromordinal(self._find(self._total(day.toordinal() - 1) + 1, day.toordinal()))

    def guess_workdays(self, start: date, count: int) -> date:
        """Return what ``add_workdays`` says, with weekends alone beyond the table.

        Raises:
            ValueError: the count is not 0 to 10,000.
        """
        if not 0 <= count <= MAX_COUNT:
            raise ValueError(f"a count of workdays is 0 to {MAX_COUNT}, not {count}")
        first = start.toordinal()
        return date.fromordinal(self._find(self._total(first) + count, first))

    def guess_between(self, start: date, end: date) -> int:
        """Return what ``workdays_between`` says, with weekends alone beyond the table (never raises)."""
        return self._total(end.toordinal()) - self._total(start.toordinal())

    def _known(self, start: date, answer: date) -> date:
        if not (self.knows(start) and self.knows(answer)):
            raise CalendarUnknownError(answer)
        return answer

    def _total(self, ordinal: int) -> int:
        """Count workdays from 0001-01-01, a Monday: weeks by arithmetic, exceptions by bisection."""
        weekdays = ordinal // _WEEK * _WEEKDAYS + min(ordinal % _WEEK, _WEEKDAYS)
        return weekdays - bisect_right(self._off, ordinal) + bisect_right(self._work, ordinal)

    def _find(self, total: int, first: int) -> int:
        """Return the first ordinal from ``first`` on with ``total`` workdays up to it."""
        days = range(first, _LAST_ORDINAL)
        return first + bisect_left(days, total, key=self._total)


def to_json(calendar: WorkCalendar) -> dict[str, object]:
    """Return the table as JSON values, all sorted, so that equal tables look equal."""
    return {
        "version": calendar.version,
        "published": sorted(calendar.published),
        "provisional": sorted(calendar.provisional),
        "off": [day.isoformat() for day in sorted(calendar.off)],
        "work": [day.isoformat() for day in sorted(calendar.work)],
    }


def from_json(values: Mapping[str, object]) -> WorkCalendar:
    """Return the table that ``to_json`` wrote.

    Args:
        values: the five keys of ``to_json``.

    Returns:
        The checked table.

    Raises:
        CalendarError: a key is missing, has another shape, or the table contradicts itself.
    """
    version = values.get("version")
    if not isinstance(version, str) or not version:
        raise CalendarError("a calendar needs a version")
    return WorkCalendar(
        version=version,
        published=frozenset(_years(values.get("published"))),
        provisional=frozenset(_years(values.get("provisional"))),
        off=frozenset(_days(values.get("off"))),
        work=frozenset(_days(values.get("work"))),
    )


@cache
def seed_calendar() -> WorkCalendar:
    """Return the table that ships with the program (2004 to 2026 published, 2027 provisional)."""
    text = files("common.domain").joinpath("data", "calendar.json").read_text(encoding="utf-8")
    return from_json(json.loads(text))


def _at_weekend(day: date) -> bool:
    return day.weekday() >= _WEEKDAYS


def _check_years(published: frozenset[int], provisional: frozenset[int]) -> None:
    if not published or published & provisional:
        raise CalendarError("a calendar needs published years, and none of them provisional")
    years = published | provisional
    if max(years) - min(years) + 1 != len(years) or max(published) > min(provisional, default=max(years) + 1):
        raise CalendarError("years must be one unbroken run, the provisional ones last")
    if not date.min.year < min(years) <= max(years) < date.max.year:
        raise CalendarError("years must be years of the common calendar")


def _years(values: object) -> Iterable[int]:
    if not isinstance(values, list):
        raise CalendarError("years must be a list")
    for year in values:
        if type(year) is not int:
            raise CalendarError("a year must be a whole number")
        yield year


def _days(values: object) -> Iterable[date]:
    if not isinstance(values, list):
        raise CalendarError("days must be a list")
    for text in values:
        try:
            yield date.fromisoformat(text)
        except (TypeError, ValueError) as not_a_day:
            raise CalendarError("a day must be a text like 2026-11-22") from not_a_day
