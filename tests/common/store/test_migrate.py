"""Promises of the tables' history that only SQLite could break."""

from typing import Any


async def test_every_index_is_over_real_columns(db):
    async def strange(tx: Any) -> Any:
        query = (
            "SELECT m.name FROM sqlite_master m, pragma_index_info(m.name) i "
            "WHERE m.type = 'index' AND (i.cid < 0 OR i.name IS NULL)"
        )
        return (await tx.client.execute_query(query))[1]

    assert list(await db.read(strange)) == []
