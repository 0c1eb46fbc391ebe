"""Small values the program itself keeps, as JSON."""

from typing import Any

from common.store import bulk
from common.store.engine import Tx
from common.store.rows import SettingRow
from common.store.tables import Setting


async def get(tx: Tx, key: str, default: Any = None) -> Any:
    """Return a value, or ``default`` if there is none."""
    row = await bulk.fetch_one(Setting.filter(key=key).using_db(tx.client), SettingRow)
    return default if row is None else row.value


async def put(tx: Tx, key: str, value: Any) -> None:
    """Set a value: a JSON object or list, text, number or truth value; never None."""
    await bulk.upsert(tx, Setting, [SettingRow(key, value)], ("key",))


async def drop(tx: Tx, key: str) -> None:
    """Forget a value."""
    await Setting.filter(key=key).using_db(tx.client).delete()
