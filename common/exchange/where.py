"""Where cases are, in bulk: what signed receipts say of the intake node's own entries, and nothing else."""

from collections.abc import Collection, Mapping
from uuid import UUID

from common.domain.audience import Audience
from common.domain.node import NodeId
from common.domain.times import from_milliseconds
from common.domain.whereabouts import NOT_YET, Reached
from common.exchange.exchange import Exchange
from common.store import exchange_queries, receipts
from common.store.engine import Tx
from common.store.exchange_queries import Place
from common.store.rows import ReceiptRow

Whereabouts = tuple[Reached, Reached]
"""How far the township, and how far the county."""


async def whereabouts(exchange: Exchange, case_ids: Collection[UUID]) -> dict[UUID, Whereabouts]:
    """Return for each case how far its submission reached township and county.

    Unknown cases are left out. The box must be unlocked: which entry is a case's is told by the vault alone.
    """
    if exchange.unlocked is None:
        return {}
    places = await exchange.unlocked.desk.vault.read(lambda tx: exchange_queries.submissions(tx, case_ids))
    digests = {place.digest for place in places.values()}
    given = await exchange.open.read(lambda tx: _receipts(tx, digests))
    return {
        UUID(case_id): (_township(exchange, place, given), _reached(place, exchange.node.hub(), given))
        for case_id, place in places.items()
    }


async def _receipts(tx: Tx, digests: Collection[bytes]) -> Mapping[tuple[bytes, str], ReceiptRow]:
    heads = await exchange_queries.journals_by_digest(tx, digests)
    by_id = {head.id: head.digest for head in heads.values()}
    rows = await receipts.of_journals(tx, by_id)
    return {(by_id[row.journal_id], row.receiver): row for row in rows}


def _township(exchange: Exchange, place: Place, given: Mapping[tuple[bytes, str], ReceiptRow]) -> Reached:
    intake = NodeId(place.writer)
    above = exchange.network.townships_of(intake) | set(_named(place, intake))
    reached = [_reached(place, node, given) for node in sorted(above) if not node.is_hub]
    return next((one for one in reached if one != NOT_YET), NOT_YET)


def _named(place: Place, intake: NodeId) -> list[NodeId]:
    members = Audience(place.audience).members(intake.county)
    return [node for node in members if node != intake and not node.is_hub]


def _reached(place: Place, node: NodeId, given: Mapping[tuple[bytes, str], ReceiptRow]) -> Reached:
    row = given.get((place.digest, str(node)))
    if row is None or row.held_number < place.number:
        return NOT_YET
    return Reached(from_milliseconds(row.issued_ms), row.applied_number >= place.number)
