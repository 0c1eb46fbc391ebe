"""How near the last day is: a pure function of last day, calendar and today.

Nothing here is a card for anybody.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.domain.calendar import WorkCalendar
from common.domain.clocks import DueDate


class Light(StrEnum):
    """What the list shows."""

    STILL = "still"
    GREEN = "green"
    WARNING = "warning"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When lights change; settings of the county, no national rule.

    Attributes:
        warning: workdays before the last day from which a case warns, 0 for the last day itself.
        overdue: workdays past the last day from which a case is overdue, 0 for the day after it.

    Raises:
        ValueError: a number below 0.
    """

    warning: int = 2
    overdue: int = 0

    def __post_init__(self) -> None:
        if self.warning < 0 or self.overdue < 0:
            raise ValueError("thresholds are 0 or more workdays")


DEFAULT_THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Lateness:
    """One clock as it looks today.

    Attributes:
        light: STILL while a clock has not begun or is paused.
        workdays: left after today, the last day included; negative for those past it; 0 when STILL.
        provisional: the last day may still change, or today lies beyond what has been published.
    """

    light: Light
    workdays: int
    provisional: bool


def lateness(
    due: DueDate | None,
    today: date,
    calendar: WorkCalendar,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Lateness:
    """Return how a clock looks on ``today``; beyond the calendar weekends alone count, marked provisional.

    Args:
        due: the last day, or None for a clock that stands still.
        today: the day in China.
        calendar: the work calendar in force.
        thresholds: when the light changes.

    Returns:
        Light, workdays left or past, and whether they may still change.
    """
    if due is None:
        return Lateness(Light.STILL, 0, provisional=False)
    left = calendar.guess_between(today, due.day)
    late = today > due.day
    if late and -left >= thresholds.overdue:
        colour = Light.OVERDUE
    else:
        colour = Light.WARNING if left <= thresholds.warning else Light.GREEN
    return Lateness(colour, left, provisional=due.provisional or calendar.is_provisional(today))


def light(
    due: DueDate | None,
    today: date,
    calendar: WorkCalendar,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Light:
    """Return only the light of ``lateness``."""
    return lateness(due, today, calendar, thresholds).light
