"""Applications being written; each becomes one case at most."""

from common.store import bulk
from common.store.engine import Tx
from common.store.rows import DraftRow
from common.store.tables import Draft


async def save(tx: Tx, draft: DraftRow) -> bool:
    """Add or overwrite a draft; return False, changing nothing, if it was handed in already."""
    stored = await find(tx, draft.id)
    if stored is not None and stored.confirmed_case is not None:
        return False
    await bulk.upsert(tx, Draft, [draft], ("id",))
    return True


async def find(tx: Tx, draft_id: str) -> DraftRow | None:
    """Return a draft, or None."""
    return await bulk.fetch_one(Draft.filter(id=draft_id).using_db(tx.client), DraftRow)


async def unconfirmed(tx: Tx, owner: str | None = None) -> list[DraftRow]:
    """Return drafts not handed in, newest first, of one login or of all."""
    query = Draft.filter(confirmed_case__isnull=True).using_db(tx.client).order_by("-updated_ms", "id")
    return await bulk.fetch(query if owner is None else query.filter(owner=owner), DraftRow)


async def confirm(tx: Tx, draft_id: str, case_id: str) -> str | None:
    """Bind the draft to its case and return the case it is bound to: another's, if that was first.

    None says that there is no such draft.
    """
    free = Draft.filter(id=draft_id, confirmed_case__isnull=True).using_db(tx.client)
    if await free.update(confirmed_case=case_id):
        return case_id
    stored = await find(tx, draft_id)
    return None if stored is None else stored.confirmed_case


async def drop(tx: Tx, draft_id: str) -> None:
    """Throw a draft away."""
    await Draft.filter(id=draft_id).using_db(tx.client).delete()


async def sweep(tx: Tx, before_ms: int) -> None:
    """Throw away drafts not touched since ``before_ms``, handed in or not."""
    await Draft.filter(updated_ms__lt=before_ms).using_db(tx.client).delete()


async def drop_of_case(tx: Tx, case_id: str) -> None:
    """Throw away what a case was written as before it was handed in."""
    await Draft.filter(confirmed_case=case_id).using_db(tx.client).delete()
