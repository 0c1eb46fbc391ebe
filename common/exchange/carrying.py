"""What a visitor of a folder puts there and for whom: computed from what each node says it has."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from common.domain.audience import PUBLIC
from common.domain.node import NodeId
from common.exchange.believing import Heard
from common.exchange.exchange import Exchange
from common.exchange.inventory import Inventory
from common.exchange.offering import compare_with, gone_of, lacks_of, offers_for
from common.exchange.scope import Shared, lower_of, shared
from common.exchange.spending import destinations, held_by_all, points_of, spent_in
from common.exchange.views import Views
from common.journal.ids import JournalId
from common.store.engine import Tx
from common.sync.have import Lack, receipts_lacking
from common.sync.listed import Head, Offer, ReceiptMark

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Load:
    """What one visit writes.

    Attributes:
        offers: the parcels, in the order they should be written.
        audiences: of each journal they are of, by its digest.
        receipts: the receipt statements for the own word.
        for_whom: how many of the parcels each node lacks.
        forks: journals of which a node has another history.
        gone: what a node lacks and was let go of here: to be asked for again.
    """

    offers: tuple[Offer, ...]
    audiences: Mapping[bytes, str]
    receipts: tuple[bytes, ...]
    for_whom: Mapping[NodeId, int]
    forks: tuple[JournalId, ...] = ()
    gone: tuple[bytes, ...] = ()


async def load(views: Views, most: int) -> Load:
    """Return what to write for the nodes that spoke here, and for those this one would meet on a line.

    At most ``most`` parcels: the rest waits for the next visit.
    """
    return await views.exchange.open.read(lambda tx: _load(tx, views, most))


async def _load(tx: Tx, views: Views, most: int) -> Load:
    exchange, mine = views.exchange, views.mine
    heads = _by_audience(mine.heads, lambda head: head.journal.audience.text)
    marks = _by_audience(mine.receipts, lambda mark: mine.rows[mark.journal].audience)
    lacking: dict[NodeId, list[Lack]] = {}
    asked: set[bytes] = set()
    brought: set[ReceiptMark] = set()
    forks: set[JournalId] = set()
    for node in _served(exchange, views.heard):
        known, common = views.of(node), shared(exchange.node, node, exchange.network)
        compared = await compare_with(
            tx, _to_compare(views, node, common, heads), tuple(known.heads.values())
        )
        lacking[node] = await _still_needed(tx, views, node, lacks_of(mine, compared))
        forks |= {fork.journal for fork in compared.forks}
        asked |= known.heard.asked if known.heard else set()
        theirs = known.heard.marks if known.heard else ()
        passing = [
            mark
            for name in common.audiences
            for mark in marks.get(name, ())
            if mark.receiver != node and common.receipt(name, mark.receiver)
        ]
        brought |= set(receipts_lacking(passing, theirs, exchange.network.precedes))
    lacks = _merged(lacking.values())
    offers = await offers_for(tx, mine, lacks, asked, most)
    spent = await spent_in(tx, views, {offer.name for offer in offers})
    offers = tuple(one for one in offers if one.journal in mine.rows and one.name not in spent)
    return Load(
        offers,
        {digest: row.audience for digest, row in mine.rows.items()},
        tuple(mine.receipts[mark] for mark in sorted(brought, key=_mark_place)),
        {node: count for node, lacks in lacking.items() if (count := _count(offers, lacks))},
        tuple(sorted(forks, key=JournalId.digest)),
        await gone_of(tx, mine, lacks, asked, most),
    )


def _served(exchange: Exchange, heard: Mapping[NodeId, Heard]) -> list[NodeId]:
    network, me = exchange.network, exchange.node
    met = {node for node in network.nodes() | {me.hub()} if lower_of(me, node, network) is not None}
    return sorted(node for node in (met | heard.keys()) - {me} if network.current(node) is not None)


def _to_compare(views: Views, node: NodeId, common: Shared, heads: Mapping[str, Sequence[Head]]) -> Inventory:
    """Return what of ours the other may have; an unseen one is taken to have its own journals."""
    exchange = views.exchange
    names, unseen = common.audiences, views.of(node).heard is None
    if unseen and lower_of(exchange.node, node, exchange.network) != node:
        names -= {PUBLIC.text}
    offered = [
        head for name in names for head in heads.get(name, ()) if not (unseen and head.journal.writer == node)
    ]
    return Inventory(tuple(offered), views.mine.rows, {}, ())


async def _still_needed(tx: Tx, views: Views, node: NodeId, lacks: Iterable[Lack]) -> list[Lack]:
    """Return what to bring: who only carries a journal needs no more of it than its destinations lack."""
    listed = [(lack, views.mine.rows[lack.journal.digest()]) for lack in lacks]
    carried = [row for _, row in listed if node not in destinations(views, row)]
    points = await points_of(tx, views, carried)
    reached = {row.id: held_by_all(views, row, points) for row in carried}
    needed = [replace(lack, after=max(lack.after, reached.get(row.id, 0))) for lack, row in listed]
    return [lack for lack in needed if lack.after < lack.last]


def _merged(lacking: Iterable[Iterable[Lack]]) -> list[Lack]:
    """Return one lack a journal: from where the node that has least of it goes on."""
    least: dict[bytes, Lack] = {}
    for lack in (one for lacks in lacking for one in lacks):
        digest = lack.journal.digest()
        if digest not in least or lack.after < least[digest].after:
            least[digest] = lack
    return list(least.values())


def _count(offers: Iterable[Offer], lacks: Iterable[Lack]) -> int:
    after = {lack.journal.digest(): lack.after for lack in lacks}
    return sum(offer.journal in after and offer.last > after[offer.journal] for offer in offers)


def _by_audience(items: Iterable[T], audience: Callable[[T], str]) -> Mapping[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for item in items:
        found[audience(item)].append(item)
    return found


def _mark_place(mark: ReceiptMark) -> tuple[bytes, str]:
    return mark.journal, mark.receiver.text
