"""Marks of change: who keeps a snapshot of tables that rarely change sees by one row whether it is old."""

from collections.abc import Mapping
from secrets import token_hex

from common.store import bulk
from common.store.rows import SettingRow
from common.store.tables import Setting
from common.store.transaction import Tx

NETWORK = "mark/network"
"""Certificates and revocations."""
RULES = "mark/rules"
"""Items, catalogues and calendars."""


async def change(tx: Tx, mark: str) -> None:
    """Note that what the mark stands for changes with this transaction."""
    await bulk.upsert(tx, Setting, [SettingRow(mark, token_hex(8))], ("key",))


async def current(tx: Tx) -> Mapping[str, str]:
    """Return the marks as they are; one that never changed is missing."""
    query = Setting.filter(key__in=[NETWORK, RULES]).using_db(tx.client)
    return {row.key: row.value for row in await bulk.fetch(query, SettingRow)}
