"""The rules a node works by: the items and the calendar it holds, as one unchanging snapshot."""

from dataclasses import dataclass, field
from datetime import date

from common.casework.errors import ItemClosedError, UnknownItemError
from common.domain.calendar import WorkCalendar, from_json, seed_calendar
from common.domain.item import Item
from common.journal.body import from_plain
from common.store import calendars, items, marks
from common.store.engine import Database, Tx


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One published list of items: version by code, in force from a day on."""

    version: str
    effective: date
    items: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """What is published and held here.

    Attributes:
        calendar: the newest calendar.
        versions: every item version held, by (code, version).
        catalogues: published lists, oldest first.
        mark: which state of the tables this is, to see when it is old.
    """

    calendar: WorkCalendar = field(default_factory=seed_calendar)
    versions: dict[tuple[str, str], Item] = field(default_factory=dict)
    catalogues: tuple[Catalogue, ...] = ()
    mark: str = ""

    def catalogue(self, day: date) -> Catalogue | None:
        """Return the list in force on ``day``, None before the first."""
        return next((one for one in reversed(self.catalogues) if one.effective <= day), None)

    def in_force(self, day: date) -> dict[str, Item]:
        """Return the items that take applications on ``day``, by code, in the list's order."""
        listed = self.catalogue(day)
        found = {
            code: self.versions.get((code, version))
            for code, version in (listed.items if listed else {}).items()
        }
        return {code: item for code, item in found.items() if item is not None and item.open_on(day)}

    def to_apply_for(self, code: str, day: date) -> tuple[str, Item]:
        """Return (version, item) to take an application under.

        Raises ``UnknownItemError`` where no version of the item is held, and ``ItemClosedError`` where one
        was or will be open but takes nothing on ``day``.
        """
        item = self.in_force(day).get(code)
        if item is None:
            known = any(held == code for held, _ in self.versions)
            raise ItemClosedError if known else UnknownItemError
        listed = self.catalogue(day)
        return (listed.items[code] if listed else "", item)

    def version(self, code: str, version: str) -> Item | None:
        """Return one version of an item, None where this node does not hold it."""
        return self.versions.get((code, version))


async def load_rules(database: Database) -> Rules:
    """Return the rules held in ``database`` (the node's open one)."""
    return await database.read(_load)


async def _load(tx: Tx) -> Rules:
    kept = await items.versions(tx)
    lists = await items.catalogues(tx)
    newest = await calendars.newest(tx)
    return Rules(
        calendar=from_json(newest.content) if newest else seed_calendar(),
        versions={(row.code, row.version): from_plain(Item, row.content) for row in kept},
        catalogues=tuple(
            Catalogue(row.version, date.fromisoformat(row.content["effective"]), row.content["items"])
            for row in lists
        ),
        mark=(await marks.current(tx)).get(marks.RULES, ""),
    )
