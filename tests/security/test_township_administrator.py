"""The township's administrator: everything the township has, its password and its keys included.

That a village's parcel signed again by the township is refused is shown in
``tests/common/journal/test_taking_in.py``; swapped keys in ``tests/common/crypto/test_enrolment.py``.
"""

import pytest

from common.crypto.errors import CryptoError
from common.crypto.keyring import LockedKeys
from common.domain.node import Tier
from common.journal.batch import open_batch, parse_batch
from common.program import house_accounts
from common.program.directory import NodeDirectory
from common.program.house import House
from common.store import journals, parcels
from common.store.engine import Database, Tx
from demo.county import PASSWORD
from demo.story import ORPHAN, until
from tests.security.used_county import UsedCounty, texts_of

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("used_county"),
    pytest.mark.timeout(900),
]


async def _everything_in(database: Database) -> bytes:
    """Every value of every table, as bytes, one after another."""

    async def work(tx: Tx) -> bytes:
        named = await tx.client.execute_query_dict("SELECT name FROM sqlite_master WHERE type = 'table'")
        values = list[bytes]()
        for table in named:
            rows = await tx.client.execute_query_dict(f'SELECT * FROM "{table["name"]}"')  # noqa: S608
            for row in rows:
                values += [one if isinstance(one, bytes) else str(one).encode() for one in dict(row).values()]
        return b"\0".join(values)

    return await database.read(work)


async def test_a_sensitive_case_is_nowhere_to_be_read_in_the_township(used: UsedCounty) -> None:
    await until("乡镇带着敏感件", lambda: _township_carries(used))
    house = await House.open(NodeDirectory(used.county.township.data), Tier.TOWNSHIP)
    try:
        await house_accounts.sign_in(house, "admin", PASSWORD)
        assert house.vault is not None
        vault, opened = await _everything_in(house.vault), await _everything_in(house.opened)
        assert "王桂芳".encode() in vault, "what it reads by right is there"
        for text in texts_of(ORPHAN):
            assert text.encode() not in vault + opened
        assert used.numbers["orphan"].replace("-", "").encode() not in vault + opened
        await _opens_no_parcel_of_the_county(house)
    finally:
        await house.close()


async def _township_carries(used: UsedCounty) -> bool:
    return used.numbers["disabled"] in await used.numbers_at(used.county.township, "clerk")


async def _opens_no_parcel_of_the_county(house: House) -> None:
    who, _ = house.enrolled()
    keys = house.locked_keys
    assert isinstance(keys, LockedKeys)

    async def carried(tx: Tx) -> list[bytes]:
        heads = [head for head in await journals.heads(tx) if head.audience.startswith("county:")]
        rows = await parcels.in_state(tx, {"held"}, "batch")
        mine = {head.id for head in heads if head.writer != str(who.node)}
        return [await parcels.content(tx, row.name) or b"" for row in rows if row.journal_id in mine]

    lying = await house.opened.read(carried)
    assert lying, "the sensitive case's parcel lies here"
    for data in lying:
        batch = parse_batch(data)
        with pytest.raises(CryptoError):
            open_batch(batch, {ref.key_id: keys.sealing for ref in batch.binding.readers})
