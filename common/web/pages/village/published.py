"""What a station publishes: readable while the box is locked, since the catalogue is nobody's secret."""

from datetime import date

from aiohttp import web

from common.casework.rules import Rules, load_rules
from common.domain.item import Item
from common.domain.times import china_day
from common.store import ledger
from common.web.context import context_of
from common.web.office import office_of
from common.web.views.public import ItemLink

MOST_USED = 6


async def rules_of(request: web.Request) -> Rules:
    """Return the rules in force here, locked or not."""
    office = office_of(request)
    desk = office.desk_now()
    return desk.rules if desk is not None else await load_rules(office.open)


def today(request: web.Request) -> date:
    """Return the China day by this device."""
    desk = office_of(request).desk_now()
    return desk.clock.today() if desk is not None else china_day(context_of(request).now())


async def most_used(request: web.Request) -> tuple[ItemLink, ...]:
    """Return the six items asked for most here, filled up in the catalogue's order.

    Sensitive ones are found by searching only: what is asked for most must not tell of anybody.
    """
    rules = await rules_of(request)
    items = {code: one for code, one in rules.in_force(today(request)).items() if not one.sensitive}
    desk = office_of(request).desk_now()
    asked = await desk.vault.read(lambda tx: ledger.most_asked(tx, 2 * MOST_USED)) if desk else []
    codes = dict.fromkeys([*(code for code in asked if code in items), *items])
    return tuple(link(items[code]) for code in list(codes)[:MOST_USED])


def link(item: Item) -> ItemLink:
    """Return an item to choose."""
    return ItemLink(item.code, item.name, item.department)
