"""What the hub publishes: items, the catalogue naming their versions, the calendar, and dated grants."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from common.casework import grants_known
from common.casework.desk import Desk
from common.casework.errors import CaseworkError
from common.casework.recovering import insist_publishing
from common.casework.rules import load_rules
from common.casework.writing import append
from common.crypto.hashing import digest
from common.crypto.symmetric import random_bytes
from common.domain.audience import PUBLIC, Audience
from common.domain.bodies.hub import (
    CalendarPublished,
    CataloguePublished,
    GrantEnded,
    GrantGiven,
    ItemPublished,
)
from common.domain.calendar import WorkCalendar, to_json
from common.domain.grants import Actor, Power, authorise
from common.domain.item import Item
from common.domain.node import NodeId
from common.domain.times import to_milliseconds
from common.journal.body import encode_body, from_plain, to_plain
from common.store import calendars, grants, items, serials
from common.store.engine import Tx
from common.store.rows import ItemRow, VersionRow

CATALOGUES, CALENDARS = "catalogue", "calendar"
"""Series of the numbers of publications."""
_ITEM = b"jiujin/item/1\0"
_CATALOGUE = b"jiujin/catalogue/1\0"


def version_of(item: Item) -> str:
    """Return an item version's name: the hex hash of its content."""
    return digest(_ITEM, encode_body(item)).hex()


async def import_items(desk: Desk, actor: Actor, drafts: Sequence[Item]) -> int:
    """Keep items as drafts at the hub, to be published together; return how many differ from what is out."""
    authorise(actor, Power.KEEP_CATALOGUE, "*", desk.clock.today())
    rows = [_row(item, "draft", date.max) for item in drafts]

    async def work(tx: Tx) -> int:
        held = {(row.code, row.version) for row in await items.versions(tx)}
        new = [row for row in rows if (row.code, row.version) not in held]
        await items.save_many(tx, new)
        return len(new)

    return await desk.open.write(work)


def _row(item: Item, state: str, effective: date) -> ItemRow:
    return ItemRow(
        code=item.code,
        version=version_of(item),
        name=item.name,
        effective_from=effective,
        ended_on=None,
        state=state,
        content=to_plain(item),
    )


async def publish_catalogue(desk: Desk, actor: Actor, effective: date) -> str:
    """Publish every draft together with what is out already; return the catalogue's version.

    While the hub recovers nothing is published (``PublishingWaitsError``).
    """
    authorise(actor, Power.KEEP_CATALOGUE, "*", desk.clock.today())

    async def work(tx: Tx) -> str:
        await insist_publishing(tx, desk)
        drafts = await items.versions(tx, state="draft")
        newest = await items.newest_catalogue(tx)
        if not drafts:
            raise CaseworkError("nothing to publish", "没有新的事项可以发布，请先导入或修改。")
        listed: dict[str, str] = dict(newest.content["items"]) if newest else {}
        for row in drafts:
            listed[row.code] = row.version
        number = await _next_number(tx, CATALOGUES, newest)
        name = digest(_CATALOGUE, *(f"{code}={held};".encode() for code, held in sorted(listed.items())))
        published = CataloguePublished(name.hex(), number, effective, listed)
        for row in drafts:
            body = ItemPublished(row.version, from_plain(Item, row.content))
            await append(tx, desk, PUBLIC, "item_published", body)
            await keep_item(tx, body)
        await append(tx, desk, PUBLIC, "catalogue_published", published)
        await keep_catalogue(tx, desk, published)
        return published.version

    version = await desk.open.write(work)
    desk.rules = await load_rules(desk.open)
    return version


async def keep_item(tx: Tx, published: ItemPublished) -> None:
    """Keep a published item version; its content must be what its name says.

    Raises:
        CaseworkError: the name is not the content's hash.
    """
    if version_of(published.item) != published.version:
        raise CaseworkError(
            "an item's version is not its content's hash", "事项内容和版本号对不上，没有采用。"
        )
    await items.save(tx, _row(published.item, "published", published.item.effective_from or date.min))


async def keep_catalogue(tx: Tx, desk: Desk, published: CataloguePublished) -> None:
    """Keep a published catalogue."""
    content = {"effective": published.effective.isoformat(), "items": published.items}
    now = to_milliseconds(desk.clock.now())
    await items.save_catalogue(tx, VersionRow(published.version, published.number, now, content))


async def publish_calendar(desk: Desk, actor: Actor | None, calendar: WorkCalendar) -> None:
    """Publish a calendar to every node; ``actor`` is None at the hub's start, which publishes the first.

    While the hub recovers nothing is published (``PublishingWaitsError``).
    """
    if actor is not None:
        authorise(actor, Power.KEEP_CATALOGUE, "*", desk.clock.today())

    async def work(tx: Tx) -> None:
        await insist_publishing(tx, desk)
        newest = await calendars.newest(tx)
        if newest is not None and actor is None:
            return  # another process of the hub, started at the same time, was first
        number = await _next_number(tx, CALENDARS, newest)
        body = CalendarPublished(calendar.version, number, to_json(calendar))
        await append(tx, desk, PUBLIC, "calendar_published", body)
        await keep_calendar(tx, desk, body)

    await desk.open.write(work)
    desk.rules = await load_rules(desk.open)


async def keep_calendar(tx: Tx, desk: Desk, published: CalendarPublished) -> None:
    """Keep a published calendar."""
    now = to_milliseconds(desk.clock.now())
    await calendars.save(tx, VersionRow(published.version, published.number, now, published.calendar))


async def give_grant(desk: Desk, actor: Actor, given: GrantGiven) -> str:
    """Give a dated grant to an account of a node; it travels to that node. Returns the grant's id.

    Raises:
        CaseworkError: it names no power, no item, an unknown power, or ends before it begins.
    """
    authorise(actor, Power.KEEP_GRANTS, "*", desk.clock.today())
    unknown = [power for power in given.powers if power not in set(Power)]
    late = given.until is not None and given.until <= given.since
    if unknown or late or not given.powers or not given.items:
        raise CaseworkError("an unusable grant", "授权要写明权限、事项和起止日期，截止日期要晚于开始日期。")
    body = given if given.grant else replace(given, grant=random_bytes(6).hex())

    async def work(tx: Tx) -> None:
        await append(tx, desk, _audience(body.node), "grant_given", body)
        await grants_known.keep(tx, body)

    await desk.vault.write(work)
    return body.grant


async def end_grant(desk: Desk, actor: Actor, grant: str, on: date, reason: str) -> None:
    """End a grant from ``on`` on."""
    authorise(actor, Power.KEEP_GRANTS, "*", desk.clock.today())

    async def work(tx: Tx) -> None:
        held = await grants.find(tx, grant)
        if held is None:
            raise CaseworkError("unknown grant", "没有这个授权，请核对授权编号。")
        body = GrantEnded(grant, on, reason)
        await append(tx, desk, _audience(held.node), "grant_ended", body)
        await grants_known.end(tx, body)

    await desk.vault.write(work)


async def leave_numbers(tx: Tx, gap: int) -> None:
    """Leave numbers of publications out, after a restore: the hub before may have given them."""
    for series, newest in (
        (CATALOGUES, await items.newest_catalogue(tx)),
        (CALENDARS, await calendars.newest(tx)),
    ):
        await serials.raise_to(tx, 0, newest.number if newest else 0, series)
        await serials.skip(tx, 0, gap, series)


async def _next_number(tx: Tx, series: str, newest: VersionRow | None) -> int:
    await serials.raise_to(tx, 0, newest.number if newest else 0, series)
    return await serials.next_serial(tx, 0, series)


def _audience(node: str) -> Audience:
    return Audience.county(NodeId(node))
