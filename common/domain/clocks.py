"""How long an office or a person has: pure functions of limits, days and the calendar.

The day something happens never counts; counting begins the day after (民法典 201). A last day on a holiday
moves on to the next workday (民法典 203). Days inside a pause do not count (行政许可法 45).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.domain.calendar import CalendarUnknownError, WorkCalendar
from common.domain.spoken_error import SpokenError

MAX_DAYS = 3650


class ExtensionError(SpokenError):
    """The limit may not be extended, not again, or not by so much."""


class DayUnit(StrEnum):
    """What a limit counts; belongs to each limit (低保 posting is 7 calendar days)."""

    WORKING = "working"
    CALENDAR = "calendar"


class Whose(StrEnum):
    """Whose time a limit is."""

    OFFICE = "office"
    APPLICANT = "applicant"


class PauseReason(StrEnum):
    """Why a clock stands still."""

    SPECIAL_PROCEDURE = "special_procedure"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long somebody has.

    Attributes:
        days: 1 to 3650.
        unit: working or calendar days.
        whose: the office's time or the applicant's.
        extension: days it may be extended by, once (行政许可法 42: 10; joint handling 15); 0 for never.

    Raises:
        ValueError: days or extension out of range.
    """

    days: int
    unit: DayUnit
    whose: Whose = Whose.OFFICE
    extension: int = 0

    def __post_init__(self) -> None:
        if not (1 <= self.days <= MAX_DAYS and 0 <= self.extension <= MAX_DAYS):
            raise ValueError(f"a limit is 1 to {MAX_DAYS} days, its extension 0 to {MAX_DAYS}")

    def extended(self, days: int) -> "Limit":
        """Return the limit after its one extension; the result allows none.

        Args:
            days: 1 to ``extension``, in the limit's own unit.

        Returns:
            A limit that is longer by ``days``.

        Raises:
            ExtensionError: the limit allows no extension (any more), or not by so many days.
        """
        if not self.extension:
            raise ExtensionError(
                "limit allows no extension", "这个时限不能延长，或者已经延长过一次，请按原时限办理。"
            )
        if not 1 <= days <= self.extension:
            raise ExtensionError(
                "extension out of range",
                "最多只能延长{most}天，请改成1到{most}之间的天数。",
                most=self.extension,
            )
        return Limit(self.days + days, self.unit, self.whose)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock stands still: the days after ``start`` up to and including ``end``.

    The day a pause begins still counts and the day it ends does not, as with every other event.

    Attributes:
        start: the day the notice was given.
        end: the day the procedure ended or the correction came in; None while it lasts.
        reason: special procedure or correction.

    Raises:
        ValueError: it ends before it begins.
    """

    start: date
    end: date | None
    reason: PauseReason

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("a pause cannot end before it begins")


@dataclass(frozen=True, slots=True)
class DueDate:
    """The last day of a limit.

    Attributes:
        day: the last day in time; late is after it.
        provisional: the year's notice is not out, so the day may still change and is shown as such.
    """

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class DeemedAcceptance:
    """What silence leads to where the item's rule says so (行政许可法 32(4)).

    Attributes:
        accepted: the day of acceptance by law: the day of receipt.
        last_day: the last day on which something could be told in time.
    """

    accepted: date
    last_day: DueDate

    def reached(self, today: date, told: date | None = None) -> bool:
        """Return whether the case is accepted by law on ``today``.

        Args:
            today: the day in China.
            told: the day of the one-time notice, or None while there is none.
        """
        in_time = told is not None and told <= self.last_day.day
        return today > self.last_day.day and not in_time


def due(limit: Limit, start: date, pauses: Iterable[Pause], calendar: WorkCalendar) -> DueDate | None:
    """Return the last day of a limit, counting from the day after ``start``.

    Args:
        limit: how long.
        start: the day of the event that starts the clock (receipt, acceptance, notice).
        pauses: in any order, overlapping or not; those outside the count change nothing.
        calendar: the work calendar in force.

    Returns:
        The last day, or None while an open pause holds the clock.

    Raises:
        CalendarUnknownError: the count leaves the years of the calendar; ``.provisional`` holds the guess.
    """
    ordered = sorted(pauses, key=lambda pause: pause.start)
    last = _count_out(limit, start, ordered, calendar)
    if last is not None and limit.unit is DayUnit.CALENDAR and calendar.guess_workday(last) != last:
        last = _count_out(Limit(1, DayUnit.WORKING), last, ordered, calendar)
    if last is None:
        return None
    if not (calendar.knows(start) and calendar.knows(last)):
        raise CalendarUnknownError(last)
    return DueDate(last, calendar.is_provisional(last))


def deemed_accepted_on(
    received: date, limit: Limit, calendar: WorkCalendar, *, rule: bool
) -> DeemedAcceptance | None:
    """Return when silence means acceptance, and from which day (行政许可法 32(4)).

    Args:
        received: the day a lawful receiver took the application in.
        limit: the correction limit, 5 working days for permits.
        calendar: the work calendar in force. A count that leaves its years ends in ``CalendarUnknownError``.
        rule: whether the item's rule says so; permits do by law, others only by their own rule.

    Returns:
        The acceptance by law that follows if nothing is told in time, or None where the rule does not say so.
    """
    last_day = due(limit, received, (), calendar) if rule else None
    return DeemedAcceptance(received, last_day) if last_day else None


def _count_out(limit: Limit, start: date, pauses: Iterable[Pause], calendar: WorkCalendar) -> date | None:
    """Return the day the last counted day falls on; ``pauses`` are sorted by start."""
    at, left = start, limit.days
    for pause in pauses:
        if _add(limit.unit, at, left, calendar) <= pause.start:
            break
        if pause.end is None:
            return None
        if pause.start > at:
            left -= _between(limit.unit, at, pause.start, calendar)
        at = max(at, pause.end)
    return _add(limit.unit, at, left, calendar)


def _add(unit: DayUnit, start: date, days: int, calendar: WorkCalendar) -> date:
    if unit is DayUnit.WORKING:
        return calendar.guess_workdays(start, days)
    return date.fromordinal(min(start.toordinal() + days, date.max.toordinal()))


def _between(unit: DayUnit, start: date, end: date, calendar: WorkCalendar) -> int:
    return calendar.guess_between(start, end) if unit is DayUnit.WORKING else (end - start).days
