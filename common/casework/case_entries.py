"""Entries of a case written here: facts at their places, requests and records beside them."""

from collections.abc import Sequence

from common.casework import book
from common.casework.desk import Desk
from common.casework.errors import NotPossibleError
from common.casework.recovering import insist_recovered
from common.casework.writing import append
from common.domain.audience import Audience
from common.domain.case import Case
from common.domain.course import STATE_NAMES, next_state
from common.domain.entries import FactPosition
from common.domain.times import to_milliseconds
from common.store import settings
from common.store.engine import Tx

LATEST = "latest_time_ms"
"""Setting: the latest device time ever stored, against a clock set back."""


async def audience_here(tx: Tx, desk: Desk, case: Case) -> Audience:
    """Return whom this node writes to about a case: its readers, or the hub, which cites it to them."""
    audience = Audience(await book.audience_of_case(tx, case.case_id))
    return audience if audience.may_write(desk.seat.node) else Audience.county(desk.seat.node)


async def write_facts(tx: Tx, desk: Desk, case: Case, facts: Sequence[tuple[str, object]]) -> None:
    """Append facts to a case this node is the custodian of, each checked against the course.

    A node that recovers may not yet: a ``RecoveringError``.

    Raises:
        NotPossibleError: the course does not allow one of them where it would stand.
    """
    await insist_recovered(tx, desk, case)
    audience = await audience_here(tx, desk, case)
    state = case.state
    for number, (kind, body) in enumerate(facts, start=case.last + 1):
        after = next_state(state, kind)
        if after is None:
            raise NotPossibleError(STATE_NAMES[state])
        state = after
        position = FactPosition(case.fence, number)
        await append(tx, desk, audience, kind, body, case_id=case.case_id, position=position)
    await note_time(tx, desk)


async def note_time(tx: Tx, desk: Desk) -> None:
    """Keep the latest time this node ever wrote at, against a clock set back."""
    now = to_milliseconds(desk.clock.corrected())
    await settings.put(tx, LATEST, max(await settings.get(tx, LATEST, 0), now))


async def write_other(tx: Tx, desk: Desk, case: Case, kind: str, body: object) -> None:
    """Append a request or a record of a case."""
    audience = await audience_here(tx, desk, case)
    await append(tx, desk, audience, kind, body, case_id=case.case_id, position=case.position)
