"""Rows in and out, whole dataclasses at a time; the only place that writes statements by hand."""

import dataclasses
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar

from tortoise.models import Model
from tortoise.queryset import QuerySet

from common.store.engine import Tx
from common.store.errors import UnfitError

Row = TypeVar("Row")
_BATCH = 500
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


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
    query = f'INSERT INTO "{_name(table)}" ({_columns(names)}) VALUES ({places}) {conflict}'  # noqa: S608 - our own names
    values = _values(table, names)
    for start in range(0, len(rows), _BATCH):
        some = [values(row) for row in rows[start : start + _BATCH]]
        await tx.client.execute_many(tx.dialect.placed(query), some)


def _values(table: type[Model], names: Sequence[str]) -> Callable[[Any], list[Any]]:
    """Return what takes a row apart: all columns at once, then those that are checked or converted."""
    converters = [(place, _converter(table, name)) for place, name in enumerate(names)]
    changed = [(place, convert) for place, convert in converters if convert is not None]
    take = attrgetter(*names)

    def values(row: Any) -> list[Any]:
        taken = list(take(row))
        for place, convert in changed:
            taken[place] = convert(taken[place])
        return taken

    return values


async def delete(tx: Tx, table: type[Model], column: str, keys: Sequence[Any]) -> None:
    """Delete the rows whose ``column`` is one of the keys."""
    if keys:
        query = f'DELETE FROM "{_name(table)}" WHERE "{column}" = ?'  # noqa: S608 - our own names
        await tx.client.execute_many(tx.dialect.placed(query), [[key] for key in keys])


def _name(table: type[Model]) -> str:
    return table._meta.db_table  # noqa: SLF001 - tortoise's only word for it


def _converter(table: type[Model], name: str) -> Callable[[Any], Any] | None:
    """Return what makes a column's value of a field's; what one engine would refuse both refuse."""
    column = table._meta.fields_map[name]  # noqa: SLF001 - tortoise's only list of columns
    if column.field_type in {bytes, bool, date}:
        return None
    if column.field_type is str:
        return partial(_fitting_text, name, getattr(column, "max_length", None) or sys.maxsize)
    if column.field_type is int:
        return partial(_fitting_number, name, int(column.constraints["le"]))
    return lambda value: _fitting_json(name, column.to_db_value(value, table))


def _fitting_text(name: str, longest: int, text: str | None) -> str | None:
    if text is not None and (len(text) > longest or "\0" in text):
        raise UnfitError(name)
    return text


def _fitting_number(name: str, largest: int, number: int | None) -> int | None:
    if number is not None and not -largest <= number <= largest:
        raise UnfitError(name)
    return number


def _fitting_json(name: str, value: Any) -> Any:
    # A JSON text with the character that is none; other kinds of columns (days) are never such a text.
    if isinstance(value, str) and "\\u0000" in value and _NUL.search(value):
        raise UnfitError(name)
    return value


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
