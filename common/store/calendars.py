"""Published calendars of working days."""

from common.store import bulk, marks
from common.store.engine import Tx
from common.store.rows import VersionRow
from common.store.tables import CalendarVersion


async def save(tx: Tx, calendar: VersionRow) -> None:
    """Keep a calendar; one of that hash that is here already stays."""
    await bulk.insert_new(tx, CalendarVersion, [calendar], ("version",))
    await marks.change(tx, marks.RULES)


async def newest(tx: Tx) -> VersionRow | None:
    """Return the calendar with the highest number, or None."""
    return await bulk.fetch_one(CalendarVersion.all().using_db(tx.client).order_by("-number"), VersionRow)


async def find(tx: Tx, version: str) -> VersionRow | None:
    """Return one calendar by its hash, or None."""
    return await bulk.fetch_one(CalendarVersion.filter(version=version).using_db(tx.client), VersionRow)
