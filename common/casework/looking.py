"""Looking behind masks and at pictures: a look and its reason are written down before anything shows."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from common.casework.desk import Desk
from common.domain.grants import Actor
from common.domain.times import to_milliseconds
from common.store import grants
from common.store.rows import UnmaskRow

LONGEST_REASON = 100
LASTS = timedelta(minutes=30)
"""How long somebody goes on looking at a case's pictures for one reason given."""


class Look(StrEnum):
    """What is looked at."""

    EVERYTHING = "everything"
    """Names, numbers, telephone, address."""
    PICTURES = "pictures"


async def note_look(desk: Desk, actor: Actor, case_id: UUID, look: Look, reason: str) -> bool:
    """Write a look down; False, and nothing written, where no reason is given."""
    why = reason.strip()[:LONGEST_REASON]
    if not why:
        return False
    row = UnmaskRow(actor.login, str(case_id), look, why, to_milliseconds(desk.clock.now()))
    await desk.vault.write(lambda tx: grants.note_unmask(tx, row))
    return True


async def may_look(desk: Desk, actor: Actor, case_id: UUID, look: Look) -> bool:
    """Whether the person gave a reason for this look a short while ago."""
    now = desk.clock.now()
    since, until = to_milliseconds(now - LASTS), to_milliseconds(now)
    return await desk.vault.read(
        lambda tx: grants.unmasked(tx, str(case_id), actor.login, look, since, until)
    )
