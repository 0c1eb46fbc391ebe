"""The hub's *safe* mark: how far a verified backup covers each journal, attachments and all (statement.md §2).

Whoever makes a backup asks :func:`coverable` inside the very view that is backed up, and says :func:`mark_safe`
once that backup has been verified. Receipts then say it.
"""

from collections.abc import Mapping

from common.store import exchange_queries, journals, overview, settings
from common.store.engine import Tx

_PREFIX = "safe/"
_KEY_LETTERS = 64


async def coverable(tx: Tx) -> dict[bytes, int]:
    """Return how far each journal is whole in this view: applied, and no attachment of a run lacking."""
    lacking = await exchange_queries.first_lacking(tx)
    found = {
        head.digest: min(head.applied_number, lacking.get(head.id, head.applied_number + 1) - 1)
        for head in await journals.heads(tx)
    }
    return {digest: number for digest, number in found.items() if number}


async def mark_safe(tx: Tx, covered: Mapping[bytes, int]) -> None:
    """Note what a backup that was verified covers, by journal digest; a mark only grows."""
    marks = await safe_marks(tx)
    for digest, number in covered.items():
        if number > marks.get(digest, 0):
            await settings.put(tx, f"{_PREFIX}{digest.hex()}", number)


async def safe_marks(tx: Tx) -> dict[bytes, int]:
    """Return how far each journal is safe, by digest; without a mark nothing of it is."""
    found = await overview.settings_under(tx, _PREFIX)
    return {bytes.fromhex(key): int(number) for key, number in found.items() if len(key) == _KEY_LETTERS}
