"""One step of one case by one person: authorised once, checked against the course, written as facts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from common.casework import book, grants_known
from common.casework.answering import settle
from common.casework.case_entries import LATEST, write_facts
from common.casework.desk import Desk
from common.casework.errors import (
    LeaseExpiredError,
    NotCustodianError,
    StoppedError,
    UnansweredError,
    UnknownItemError,
)
from common.domain.bodies.officer import Officer
from common.domain.case import Case
from common.domain.grants import Actor, Power, authorise
from common.domain.item import Item
from common.domain.lease import LeaseStanding, standing
from common.domain.node import NodeId, Tier
from common.domain.sentence import Sentence
from common.domain.times import from_milliseconds, to_milliseconds
from common.store import receipts, settings
from common.store.engine import Tx

_LEASED = frozenset({Power.DECIDE, Power.ISSUE})


@dataclass(frozen=True, slots=True)
class Situation:
    """What a verb sees: the case, its item, who acts and the China day."""

    case: Case
    item: Item
    by: Officer
    day: date


Moves = Callable[[Situation], Sequence[tuple[str, object]]]
"""From the situation to the facts to write, in order, as (kind, body)."""


async def act(desk: Desk, actor: Actor, power: Power, case_id: UUID, moves: Moves) -> Case:
    """Write the facts ``moves`` gives, all or none, and return the case after them.

    Every refusal is a ``SpokenError``: not allowed, not the custodian, not possible now, lease over, unknown.
    """
    hub_time = await newest_hub_time(desk)

    async def work(tx: Tx) -> Case:
        case = await book.load(tx, case_id)
        item = item_of(desk, case)
        known = await grants_known.every(tx)
        grant = authorise(actor, power, item.code, desk.clock.today(), known)
        _check(desk, case)
        if power in _LEASED and desk.seat.tier is not Tier.COUNTY:
            await _check_lease(tx, desk, item, hub_time)
        if power in _LEASED and case.unanswered:
            raise UnansweredError([node.digits for node in case.unanswered])
        by = Officer(actor.login, actor.name, *((grant.post, grant.grant) if grant else ()))
        await write_facts(tx, desk, case, moves(Situation(case, item, by, desk.clock.today())))
        return (await settle(tx, desk, [case_id]))[0]

    return await desk.vault.write(work)


def item_of(desk: Desk, case: Case) -> Item:
    """Return the item version the case was taken in under.

    Raises:
        UnknownItemError: this node does not hold that version.
    """
    application = case.submitted.application if case.submitted else None
    item = desk.rules.version(application.item, application.version) if application else None
    if item is None:
        raise UnknownItemError
    return item


async def newest_hub_time(desk: Desk) -> datetime | None:
    """Return the newest hub-signed time held here."""
    row = await desk.open.read(receipts.newest_checkpoint)
    return from_milliseconds(row.hub_time_ms) if row else None


def _check(desk: Desk, case: Case) -> None:
    if case.stopped:
        raise StoppedError
    if case.custodian != desk.seat.node:
        raise NotCustodianError(_holder(case.custodian))


def _holder(node: NodeId | None) -> Sentence:
    if node is None:
        return Sentence("收件站点")
    return Sentence("县里") if node.is_hub else Sentence("{number}号站点", number=node.digits)


async def _check_lease(tx: Tx, desk: Desk, item: Item, hub_time: datetime | None) -> None:
    """Refuse where the lease is over; a clock measured against the network may undo a jump it once made.

    Raises:
        LeaseExpiredError: hub-signed time is too old, or the clock was set back.
    """
    now, stored = desk.clock.corrected(), await settings.get(tx, LATEST, 0)
    if desk.clock.reading.offset_ms is not None and stored > to_milliseconds(now):
        stored = to_milliseconds(now)
        await settings.put(tx, LATEST, stored)
    last = from_milliseconds(stored) if stored else None
    if standing(item.lease_days, hub_time, now, last) is LeaseStanding.EXPIRED:
        raise LeaseExpiredError
