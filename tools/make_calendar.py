"""Write the seed calendar from chinesecalendar: ``python tools/make_calendar.py``.

Published years are copied. The year after them gets the holidays of the 全国年节及纪念日放假办法 (2024) that
fall on weekdays, without any make-up days: a guess, marked provisional until the notice is out.
"""

import json
from datetime import date
from importlib.metadata import version
from pathlib import Path

from chinese_calendar import constants

from common.domain.calendar import WorkCalendar, to_json

TARGET = Path(__file__).parent.parent / "common" / "domain" / "data" / "calendar.json"
SATURDAY = 5
# New Year, the eve and first three days of Spring Festival (2027-02-06), Qingming, Labour Day (2),
# Dragon Boat, Mid-Autumn, National Day (3).
PROVISIONAL_HOLIDAYS = (
    date(2027, 1, 1),
    *(date(2027, 2, day) for day in (5, 6, 7, 8)),
    date(2027, 4, 5),
    *(date(2027, 5, day) for day in (1, 2)),
    date(2027, 6, 9),
    date(2027, 9, 15),
    *(date(2027, 10, day) for day in (1, 2, 3)),
)


def make_calendar() -> WorkCalendar:
    """Return the seed calendar: every published year of chinesecalendar, and the next year provisional."""
    published = frozenset(day.year for day in constants.holidays)
    provisional = frozenset(day.year for day in PROVISIONAL_HOLIDAYS)
    holidays = {*constants.holidays, *PROVISIONAL_HOLIDAYS}
    return WorkCalendar(
        version=f"chinesecalendar-{version('chinesecalendar')}+{max(provisional)}-provisional",
        published=published,
        provisional=provisional,
        off=frozenset(day for day in holidays if day.weekday() < SATURDAY),
        work=frozenset(day for day in constants.workdays if day.weekday() >= SATURDAY),
    )


def write(target: Path) -> None:
    """Write the seed calendar to ``target`` as sorted JSON, one line per key."""
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in to_json(make_calendar()).items()]
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    write(TARGET)
