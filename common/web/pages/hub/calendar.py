"""日历: which table of working days is in force, and which of its years are still a guess."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from aiohttp import web

from common.domain.calendar import WorkCalendar
from common.domain.grants import Power
from common.domain.sentence import Sentence
from common.domain.times import from_milliseconds
from common.store import calendars
from common.web.office import desk_of
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.views.catalogue import CalendarView, CalendarYear

CALENDAR = "/desk/catalogue/calendar"
_MONTHS = ("1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月")


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (page("GET", CALENDAR, Power.KEEP_CATALOGUE, _calendar),)


async def _calendar(request: web.Request) -> web.StreamResponse:
    desk = desk_of(request)
    calendar, this = desk.rules.calendar, desk.clock.today().year
    newest = await desk.open.read(calendars.newest)
    shown = [year for year in (this, this + 1) if year in calendar.published | calendar.provisional]
    return show(
        request,
        CalendarView(
            version=calendar.version,
            first=min(calendar.published | calendar.provisional),
            last=max(calendar.published | calendar.provisional),
            provisional=tuple(sorted(calendar.provisional)),
            years=tuple(_year(calendar, year) for year in shown),
            number=newest.number if newest else 0,
            published_at=from_milliseconds(newest.published_ms) if newest else None,
        ),
    )


def _year(calendar: WorkCalendar, year: int) -> CalendarYear:
    off = _months(day for day in calendar.off if day.year == year)
    work = _months(day for day in calendar.work if day.year == year)
    return CalendarYear(year, year in calendar.provisional, off, work)


def _months(days: Iterable[date]) -> tuple[Sentence, ...]:
    """Return the days month by month, ``10月1日、2日、5日``."""
    by_month = groupby(sorted(days), key=lambda day: day.month)
    return tuple(
        Sentence(
            "{month}{days}",
            month=Sentence(_MONTHS[month - 1]),
            days=tuple(Sentence("{day}日", day=one.day) for one in of),
        )
        for month, of in by_month
    )
