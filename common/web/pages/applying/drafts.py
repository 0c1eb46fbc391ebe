"""Applications being written: kept in the vault from the first step, under an id that says nothing."""

import secrets
from collections.abc import Callable
from datetime import timedelta

from common.casework.desk import Desk
from common.casework.errors import AlreadyHandedInError, CaseworkError
from common.domain.application import Application, IntakeMode, Person
from common.domain.times import to_milliseconds
from common.journal.body import from_plain, to_plain
from common.store import drafts
from common.store.engine import Tx
from common.store.rows import DraftRow

KEPT = timedelta(days=14)
"""How long an untouched draft is kept; what it holds is about people."""
_ID_BYTES = 18


class DraftGoneError(CaseworkError):
    """There is no such draft (any more)."""

    def __init__(self) -> None:
        """Say why that can be, and where to begin."""
        super().__init__(
            "no such draft", "这份草稿不在了：可能放了太久，或者已经取消。请从首页重新选择要办的事。"
        )


async def start(desk: Desk, item: str, owner: str = "") -> str:
    """Begin a draft for an item that is open today and return its id; refusals are ``to_apply_for``'s.

    Args:
        desk: the station's desk.
        item: the item's code.
        owner: the helper's login, empty for a villager.
    """
    now = desk.clock.now()
    desk.rules.to_apply_for(item, desk.clock.today())
    mode = IntakeMode.HELPER if owner else IntakeMode.SELF
    empty = Application(item, Person("", ""), mode=mode)
    row = DraftRow(secrets.token_urlsafe(_ID_BYTES), owner, item, to_plain(empty), to_milliseconds(now))

    async def work(tx: Tx) -> None:
        await drafts.sweep(tx, to_milliseconds(now - KEPT))
        await drafts.save(tx, row)

    await desk.vault.write(work)
    return row.id


async def find(desk: Desk, draft_id: str, *, helper: bool) -> DraftRow:
    """Return a draft; a helper may go on with anybody's, a villager only with one begun here in public.

    Raises:
        DraftGoneError: there is none.
    """
    row = await desk.vault.read(lambda tx: drafts.find(tx, draft_id))
    if row is None or (row.owner and not helper):
        raise DraftGoneError
    return row


def application_of(row: DraftRow) -> Application:
    """Return what a draft says so far."""
    return from_plain(Application, row.content)


async def change(desk: Desk, draft_id: str, altered: Callable[[Application], Application]) -> Application:
    """Change a draft in one transaction, so that two windows lose nothing of each other's pictures.

    One thrown away meanwhile is a ``DraftGoneError``, one handed in an ``AlreadyHandedInError``.
    """
    now = to_milliseconds(desk.clock.now())

    async def work(tx: Tx) -> Application:
        row = await drafts.find(tx, draft_id)
        if row is None:
            raise DraftGoneError
        if row.confirmed_case is not None:
            raise AlreadyHandedInError(row.confirmed_case)
        after = altered(application_of(row))
        await drafts.save(tx, DraftRow(row.id, row.owner, row.item, to_plain(after), now))
        return after

    return await desk.vault.write(work)


async def drop(desk: Desk, draft_id: str) -> None:
    """Throw a draft away; its pictures' keys go with it."""
    await desk.vault.write(lambda tx: drafts.drop(tx, draft_id))
