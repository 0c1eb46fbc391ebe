"""Rows in and out, whole dataclasses at a time; the only place that writes INSERT statements."""

import dataclasses
from collections.abc import Sequence
from typing import Any, TypeVar

from tortoise.models import Model
from tortoise.queryset import QuerySet

from common.store.engine import Tx

Row = TypeVar("Row")
_BATCH = 500


async def fetch(query: QuerySet[Any], row_type: type[Row]) -> list[Row]:
    """Return the query's rows as ``row_type``, whose fields name the columns."""
    names = [item.name for item in dataclasses.fields(row_type)]  # type: ignore[arg-type]
    return [row_type(**values) for values in await query.values(*names)]


async def fetch_one(query: QuerySet[Any], row_type: type[Row]) -> Row | None:
    """Return the query's first row, or None."""
    rows = await fetch(query.limit(1), row_type)
    return rows[0] if rows else None


async def insert(tx: Tx, table: type[Model], rows: Sequence[Any]) -> None:
    """Insert dataclasses of one kind; a row that is there already is a ``ConflictError`` and undoes all."""
    await _put(tx, table, rows, "")


async def insert_new(tx: Tx, table: type[Model], rows: Sequence[Any], key: Sequence[str]) -> None:
    """Insert the rows whose ``key`` columns are not there yet; leave the others as they are."""
    await _put(tx, table, rows, f"ON CONFLICT ({_columns(key)}) DO NOTHING")


async def upsert(tx: Tx, table: type[Model], rows: Sequence[Any], key: Sequence[str]) -> None:
    """Insert rows, or overwrite those with the same ``key`` columns."""
    if rows:
        others = [item.name for item in dataclasses.fields(rows[0]) if item.name not in key]
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in others)
        await _put(tx, table, rows, f"ON CONFLICT ({_columns(key)}) DO UPDATE SET {changes}")


async def _put(tx: Tx, table: type[Model], rows: Sequence[Any], conflict: str) -> None:
    if not rows:
        return
    names = [item.name for item in dataclasses.fields(rows[0])]
    places = ", ".join("?" for _ in names)
    name = table._meta.db_table  # noqa: SLF001 - tortoise's only word for it
    query = f'INSERT INTO "{name}" ({_columns(names)}) VALUES ({places}) {conflict}'  # noqa: S608 - our own names
    converters = [(name, _converter(table, name)) for name in names]
    for start in range(0, len(rows), _BATCH):
        values = [
            [convert(getattr(row, name)) if convert else getattr(row, name) for name, convert in converters]
            for row in rows[start : start + _BATCH]
        ]
        await tx.client.execute_many(tx.dialect.placed(query), values)


def _converter(table: type[Model], name: str) -> Any:
    column = table._meta.fields_map[name]  # noqa: SLF001 - tortoise's only list of columns
    if column.field_type in {int, str, bytes, bool}:
        return None
    return lambda value: column.to_db_value(value, table)


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
