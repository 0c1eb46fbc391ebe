"""Where cases are, in bulk: what signed receipts say of the intake node's own entries, and nothing else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from common.casework.acting import item_of
from common.casework.book import load
from common.casework.desk import Desk
from common.domain.audience import Audience
from common.domain.node import NodeId, Tier
from common.domain.times import from_milliseconds
from common.domain.whereabouts import NOT_YET, Reached, StepShown, steps_shown
from common.exchange.exchange import Exchange
from common.exchange.milestones import milestones, since
from common.store import entries, exchange_queries, journals, receipts
from common.store.engine import Tx
from common.store.exchange_queries import Place
from common.store.rows import ReceiptRow

Whereabouts = tuple[Reached, Reached]
"""How far the township, and how far the county."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What receipts say of a journal, by its digest and the receiver: the newest, and how they advanced."""

    newest: Mapping[tuple[bytes, str], ReceiptRow]
    steps: Mapping[tuple[bytes, str], list[list[int]]]


async def whereabouts(exchange: Exchange, case_ids: Collection[UUID]) -> dict[UUID, Whereabouts]:
    """Return for each case how far its submission reached township and county.

    Unknown cases are left out. The box must be unlocked: which entry is a case's is told by the vault alone.
    """
    if exchange.unlocked is None:
        return {}
    places = await exchange.unlocked.desk.vault.read(lambda tx: exchange_queries.submissions(tx, case_ids))
    every = await exchange.open.read(lambda tx: _said(tx, {place.digest for place in places.values()}))
    said = await exchange.unlocked.desk.vault.read(lambda tx: _of_our_history(tx, every))
    return {
        UUID(case_id): (_township(exchange, place, said), _reached(place, exchange.node.hub(), said))
        for case_id, place in places.items()
    }


async def steps_of(exchange: Exchange, desk: Desk, case_id: UUID) -> tuple[StepShown, ...]:
    """Return the four steps of one case; an unknown case is an ``UnknownCaseError``."""
    case = await desk.vault.read(lambda tx: load(tx, case_id))
    township, county = (await whereabouts(exchange, [case_id])).get(case_id, (NOT_YET, NOT_YET))
    intake = exchange.network.tier_of(case.intake) if case.intake else None
    return steps_shown(
        case, item_of(desk, case), intake=intake or Tier.VILLAGE, township=township, county=county
    )


async def waiting_cases(exchange: Exchange) -> int:
    """Return how many applications taken in here the upper node has not receipted yet; 0 while locked."""
    if exchange.unlocked is None:
        return 0
    upper = str(exchange.seat.township or exchange.node.hub())
    vault = exchange.unlocked.desk.vault
    own = await vault.read(lambda tx: journals.heads(tx, writer=str(exchange.node)))
    said = await exchange.open.read(lambda tx: _said(tx, {head.digest for head in own}))
    held = {
        head.id: said.newest[head.digest, upper].held_number if (head.digest, upper) in said.newest else 0
        for head in own
    }
    return await vault.read(lambda tx: exchange_queries.submitted_beyond(tx, held))


async def _said(tx: Tx, digests: Collection[bytes]) -> _Said:
    heads = await exchange_queries.journals_by_digest(tx, digests)
    by_id = {head.id: head.digest for head in heads.values()}
    newest = {(by_id[row.journal_id], row.receiver): row for row in await receipts.of_journals(tx, by_id)}
    return _Said(newest, await milestones(tx, newest))


async def _of_our_history(tx: Tx, said: _Said) -> _Said:
    """Leave out receipts that name a hash which is not ours: of a cloned box's entries they say nothing."""
    heads = await exchange_queries.journals_by_digest(tx, {digest for digest, _ in said.newest})
    ours = {
        at: row
        for at, row in said.newest.items()
        if at[0] in heads and await entries.hash_at(tx, heads[at[0]].id, row.held_number) == row.held_hash
    }
    return _Said(ours, said.steps)


def _township(exchange: Exchange, place: Place, said: _Said) -> Reached:
    intake = NodeId(place.writer)
    members = Audience(place.audience).members(intake.county)
    above = exchange.network.townships_of(intake) | (members - {intake})
    reached = [_reached(place, node, said) for node in sorted(above) if not node.is_hub]
    return next((one for one in reached if one != NOT_YET), NOT_YET)


def _reached(place: Place, node: NodeId, said: _Said) -> Reached:
    at = place.digest, str(node)
    row = said.newest.get(at)
    if row is None or row.held_number < place.number:
        return NOT_YET
    held = since(said.steps.get(at, []), place.number) or row.issued_ms
    return Reached(from_milliseconds(held), row.applied_number >= place.number)
