"""The clocks of one case: correction from receipt, statutory and promised from acceptance (行政许可法 32, 42)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common.domain.calendar import WorkCalendar
from common.domain.clocks import DueDate, Limit, Pause, due


@dataclass(frozen=True, slots=True)
class Arrival:
    """An application reached somebody.

    Attributes:
        day: the day, in China.
        lawful: whether that place is a published lawful receiver 收件点 for the item.
    """

    day: date
    lawful: bool


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What has happened, as far as clocks care.

    Attributes:
        received: the day a lawful receiver took it in, or None.
        accepted: the day of acceptance, by hand or by law, or None.
        pauses: special procedures whose time does not count, and corrections.
        extended_by: days of the one extension, 0 for none.
    """

    received: date | None
    accepted: date | None = None
    pauses: tuple[Pause, ...] = ()
    extended_by: int = 0


@dataclass(frozen=True, slots=True)
class CaseLimits:
    """The limits of the item version that rules the case; None where the item gives none."""

    correction: Limit
    statutory: Limit | None = None
    promised: Limit | None = None


@dataclass(frozen=True, slots=True)
class CaseDues:
    """Last days of a case; None for a clock without limit, not begun, or held by an open pause."""

    correction: DueDate | None
    statutory: DueDate | None
    promised: DueDate | None


def lawful_receipt(arrivals: Iterable[Arrival]) -> date | None:
    """Return the first day at a lawful receiver, which starts the correction clock, or None before that."""
    return min((arrival.day for arrival in arrivals if arrival.lawful), default=None)


def case_dues(limits: CaseLimits, facts: ClockFacts, calendar: WorkCalendar) -> CaseDues:
    """Return the last days of every clock of a case.

    A count that leaves the calendar ends in ``CalendarUnknownError``. An extension lengthens each of the two
    limits by what its own data allow, at most ``extended_by``: a promise may stand though the law would give more.

    Args:
        limits: of the item version that rules.
        facts: what has happened.
        calendar: the work calendar in force.

    Returns:
        The three last days.
    """
    correction = due(limits.correction, facts.received, (), calendar) if facts.received else None
    return CaseDues(
        correction,
        _from_acceptance(limits.statutory, facts, calendar),
        _from_acceptance(limits.promised, facts, calendar),
    )


def _from_acceptance(limit: Limit | None, facts: ClockFacts, calendar: WorkCalendar) -> DueDate | None:
    if limit is None or facts.accepted is None:
        return None
    days = min(facts.extended_by, limit.extension)
    ruling = limit.extended(days) if days else limit
    return due(ruling, facts.accepted, facts.pauses, calendar)
