"""Versions of items and of the catalogue."""

from datetime import date

from tortoise.expressions import Q

from common.store import bulk, marks
from common.store.engine import Tx
from common.store.rows import ItemRow, VersionRow
from common.store.tables import CatalogueVersion, ItemVersion


async def save(tx: Tx, item: ItemRow) -> None:
    """Add or overwrite one version of an item."""
    await save_many(tx, [item])


async def save_many(tx: Tx, items: list[ItemRow]) -> None:
    """Add or overwrite versions of items."""
    await bulk.upsert(tx, ItemVersion, items, ("code", "version"))
    await marks.change(tx, marks.RULES)


async def version(tx: Tx, code: str, version_hash: str) -> ItemRow | None:
    """Return one version of an item, or None."""
    query = ItemVersion.filter(code=code, version=version_hash).using_db(tx.client)
    return await bulk.fetch_one(query, ItemRow)


async def in_force(tx: Tx, code: str, on: date) -> ItemRow | None:
    """Return the published version of an item in force on a day, or None (unknown, not begun, ended)."""
    query = ItemVersion.filter(code=code).filter(_in_force(on)).using_db(tx.client)
    return await bulk.fetch_one(query.order_by("-effective_from", "-id"), ItemRow)


async def all_in_force(tx: Tx, on: date) -> list[ItemRow]:
    """Return the versions in force on a day, one an item, in order of code."""
    query = ItemVersion.filter(_in_force(on)).using_db(tx.client).order_by("code", "effective_from", "id")
    return list({item.code: item for item in await bulk.fetch(query, ItemRow)}.values())


def _in_force(on: date) -> Q:
    return Q(state="published", effective_from__lte=on) & (Q(ended_on__isnull=True) | Q(ended_on__gte=on))


async def versions(tx: Tx, code: str | None = None, state: str | None = None) -> list[ItemRow]:
    """Return versions of one item or of all, in one state or any, in order of (code, effective_from)."""
    query = ItemVersion.all().using_db(tx.client).order_by("code", "effective_from", "id")
    chosen = {"code": code, "state": state}
    query = query.filter(**{name: value for name, value in chosen.items() if value is not None})
    return await bulk.fetch(query, ItemRow)


async def set_state(tx: Tx, code: str, version_hash: str, state: str, ended_on: date | None = None) -> None:
    """Set a version's state (draft, published, ended) and its last day in force."""
    query = ItemVersion.filter(code=code, version=version_hash).using_db(tx.client)
    await query.update(state=state, ended_on=ended_on)
    await marks.change(tx, marks.RULES)


async def save_catalogue(tx: Tx, catalogue: VersionRow) -> None:
    """Keep a published catalogue; one of that hash that is here already stays."""
    await bulk.insert_new(tx, CatalogueVersion, [catalogue], ("version",))
    await marks.change(tx, marks.RULES)


async def newest_catalogue(tx: Tx) -> VersionRow | None:
    """Return the catalogue with the highest number, or None."""
    return await bulk.fetch_one(CatalogueVersion.all().using_db(tx.client).order_by("-number"), VersionRow)


async def catalogues(tx: Tx) -> list[VersionRow]:
    """Return every published catalogue held, in order of number."""
    return await bulk.fetch(CatalogueVersion.all().using_db(tx.client).order_by("number"), VersionRow)
