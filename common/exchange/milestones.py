"""Since when a node holds what: kept as its receipts advance, because a newer one forgets the older time."""

from collections.abc import Collection, Mapping

from common.store import exchange_queries, settings
from common.store.engine import Tx
from common.store.rows import ReceiptRow

MOST = 512
"""Advances remembered for one journal and receiver; of what lies before them the earliest time is told."""
_Steps = list[list[int]]


async def note_advance(tx: Tx, journal: bytes, receipt: ReceiptRow) -> None:
    """Remember the time of a receipt that says more is held than any before."""
    key = _key(journal, receipt.receiver)
    steps: _Steps = await settings.get(tx, key, [])
    if not steps or steps[-1][0] < receipt.held_number:
        await settings.put(tx, key, [*steps[1 - MOST :], [receipt.held_number, receipt.issued_ms]])


async def milestones(tx: Tx, places: Collection[tuple[bytes, str]]) -> Mapping[tuple[bytes, str], _Steps]:
    """Return, for each journal digest and receiver, the advances as [number, ms], rising."""
    keys = {_key(*place): place for place in places}
    found = await exchange_queries.settings_named(tx, keys)
    return {keys[key]: steps for key, steps in found.items()}


def since(steps: _Steps, number: int) -> int | None:
    """Return when ``number`` was first said to be held, in ms since 1970, None while it was not."""
    return next((at for held, at in steps if held >= number), None)


def _key(journal: bytes, receiver: str) -> str:
    return f"held/{journal.hex()[:40]}/{receiver}"
