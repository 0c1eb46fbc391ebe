"""The catalogue's desk: the list, an item, a sheet brought in, publishing; and the calendar."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from common.domain.item import Item
from common.web.views.form import EMPTY, ONE_PAGE, Form, Paging


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """One item of the catalogue; ``path`` is empty where it has no page of its own."""

    code: str
    name: str
    department: str
    decides: str
    limits: str
    materials: int
    state: str
    effective: date | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueView:
    """事项: what is published and what is not yet, with search ``q``.

    Attributes:
        version: of the newest published list.
        effective: from when that list is in force.
        drafts: items brought in and not published.
        done: what was just done.
    """

    template: ClassVar[str] = "staff/catalogue.html"

    items: tuple[CatalogueLine, ...]
    form: Form = EMPTY
    version: str = ""
    effective: date | None = None
    drafts: int = 0
    paging: Paging = ONE_PAGE
    done: str = ""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of an item: the first of its name's digits, and from when it counts."""

    version: str
    state: str
    effective: date | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item as it is now or will be, with its versions."""

    template: ClassVar[str] = "staff/item.html"

    item: Item
    facts: tuple[tuple[str, str], ...]
    materials: tuple[tuple[str, str, str], ...]
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """What is wrong in a sheet, by row as a spreadsheet counts it."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class SheetView:
    """Bringing in a sheet: file field ``sheet``; after it what was refused.

    Attributes:
        kept: items kept as drafts; None before a sheet was sent.
        new: how many of them differ from what was there.
        more: refused rows that are not listed any more.
    """

    template: ClassVar[str] = "staff/sheet.html"

    columns: tuple[str, ...]
    kept: int | None = None
    new: int = 0
    refused: tuple[RefusedRow, ...] = ()
    more: int = 0
    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class PublishView:
    """Publishing the drafts: field ``effective``."""

    template: ClassVar[str] = "staff/publish.html"

    drafts: tuple[tuple[str, str], ...]
    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year's exceptions: weekdays off, weekend days worked, month by month."""

    year: int
    provisional: bool
    off: tuple[str, ...]
    work: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CalendarView:
    """日历: which table is in force.

    Attributes:
        published_at: when the hub published it; None where the table that came with the program is used.
    """

    template: ClassVar[str] = "staff/calendar.html"

    version: str
    first: int
    last: int
    provisional: tuple[int, ...]
    years: tuple[CalendarYear, ...]
    number: int = 0
    published_at: datetime | None = None
