"""The clocks of one case: pure functions of its facts, its item version and the calendar (design §7)."""

from dataclasses import dataclass, replace
from datetime import date

from common.domain.calendar import CalendarUnknownError, WorkCalendar
from common.domain.case import Case
from common.domain.clocks import DueDate, Limit, Pause, due
from common.domain.course import State
from common.domain.item import Item

_BEFORE = frozenset({State.SUBMITTED, State.RECEIVED})
_RUNNING = frozenset({State.ACCEPTED, State.UNDER_REVIEW, State.SUSPENDED})


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """Last days of a case's clocks; None where a clock does not run (yet, any more, or for this item).

    Attributes:
        correction: until when the receiver may still tell what is missing.
        deemed: the day of acceptance by law, where silence has already led to it.
        statutory: what the law gives; None while a special procedure holds it.
        promised: what the county promised.
        held: a special procedure holds the statutory and promised clocks.
    """

    correction: DueDate | None = None
    deemed: date | None = None
    statutory: DueDate | None = None
    promised: DueDate | None = None
    held: bool = False

    @property
    def next_due(self) -> DueDate | None:
        """The earliest day somebody has to have acted by."""
        days = [day for day in (self.correction, self.promised, self.statutory) if day is not None]
        return min(days, key=lambda one: one.day, default=None)


def clocks_of(case: Case, item: Item, calendar: WorkCalendar, today: date) -> CaseClocks:
    """Return the clocks of ``case`` on ``today`` (China day)."""
    if case.state in _BEFORE and case.lawful_on is not None:
        return _before_acceptance(case.lawful_on, item, calendar, today)
    if case.state in _RUNNING and case.accepted_on is not None:
        statutory, promised = _extended(item.statutory, case), _extended(item.promised, case)
        return CaseClocks(
            statutory=_day(statutory, case.accepted_on, case.pauses, calendar),
            promised=_day(promised, case.accepted_on, case.pauses, calendar),
            held=any(pause.end is None for pause in case.pauses),
        )
    return CaseClocks()


def _before_acceptance(lawful: date, item: Item, calendar: WorkCalendar, today: date) -> CaseClocks:
    last = _day(item.correction, lawful, (), calendar)
    silent = item.deemed_acceptance and last is not None and today > last.day
    return CaseClocks(correction=last, deemed=lawful if silent else None)


def _extended(limit: Limit | None, case: Case) -> Limit | None:
    if limit is None or not case.extended_days:
        return limit
    return replace(limit, days=limit.days + case.extended_days)


def _day(
    limit: Limit | None, start: date, pauses: tuple[Pause, ...], calendar: WorkCalendar
) -> DueDate | None:
    if limit is None:
        return None
    try:
        return due(limit, start, pauses, calendar)
    except CalendarUnknownError as unknown:
        return DueDate(unknown.provisional, provisional=True)
