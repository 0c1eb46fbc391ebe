"""What a visitor of a folder puts there and for whom, and what may go: from what each node says it has."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from common.domain.audience import PUBLIC, Audience
from common.domain.node import NodeId
from common.exchange.believing import Belief, Heard, belief
from common.exchange.exchange import Exchange
from common.exchange.inventory import Inventory
from common.exchange.offering import compare_with, lacks_of, offers_for
from common.exchange.scope import Shared, lower_of, shared
from common.journal.ids import JournalId
from common.store import exchange_queries, receipts
from common.store.engine import Tx
from common.store.rows import JournalRow, ParcelRow, ReceiptRow
from common.sync.have import Lack, receipts_lacking
from common.sync.limits import Limits
from common.sync.listed import Head, Offer, ReceiptMark

_KEPT = frozenset({"held", "opened"})
_ASKED_MAX = Limits().asked
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
    """

    offers: tuple[Offer, ...]
    audiences: Mapping[bytes, str]
    receipts: tuple[bytes, ...]
    for_whom: Mapping[NodeId, int]
    forks: tuple[JournalId, ...] = ()


@dataclass(slots=True)
class Views:
    """What everybody has, as one visit knows it.

    Attributes:
        exchange: the visitor.
        mine: what it has itself.
        heard: the words of others, by node.
        given: the receipts known here, by receiver.
    """

    exchange: Exchange
    mine: Inventory
    heard: Mapping[NodeId, Heard]
    given: Mapping[str, list[ReceiptRow]]
    _believed: dict[NodeId, Belief] = field(default_factory=dict)

    def of(self, node: NodeId) -> Belief:
        """Return what a node has."""
        if node not in self._believed:
            by_key = {row.id: row for row in self.mine.rows.values()}
            self._believed[node] = belief(
                self.exchange.network, node, self.heard.get(node), self.given.get(str(node), ()), by_key
            )
        return self._believed[node]


async def view(exchange: Exchange, mine: Inventory, heard: Mapping[NodeId, Heard]) -> Views:
    """Return what everybody has: this node by ``mine``, the others by their words and receipts."""
    keys = [row.id for row in mine.rows.values()]
    given: dict[str, list[ReceiptRow]] = defaultdict(list)
    for row in await exchange.open.read(lambda tx: receipts.of_journals(tx, keys)):
        given[row.receiver].append(row)
    return Views(exchange, mine, heard, given)


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
        lacking[node] = lacks_of(mine, compared)
        forks |= {fork.journal for fork in compared.forks}
        asked |= known.heard.asked if known.heard else set()
        theirs = known.heard.marks if known.heard else ()
        passing = [
            mark
            for name in common.audiences
            for mark in marks.get(name, ())
            if mark.receiver != node and common.receipt(name, mark.receiver)
        ]
        brought |= set(receipts_lacking(passing, theirs, exchange.network.earlier))
    offers = await offers_for(tx, mine, _merged(lacking.values()), asked, most)
    # A carrier that reads none of it needs it no more than the folder does, once every reader has it.
    gone = await _spent(tx, views, {offer.name for offer in offers})
    offers = tuple(one for one in offers if one.journal in mine.rows and one.name not in gone)
    return Load(
        offers,
        {digest: row.audience for digest, row in mine.rows.items()},
        tuple(mine.receipts[mark] for mark in sorted(brought, key=_mark_place)),
        {node: count for node, lacks in lacking.items() if (count := _count(offers, lacks))},
        tuple(sorted(forks, key=JournalId.digest)),
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


async def spent(views: Views, names: Collection[bytes]) -> set[bytes]:
    """Return those of the parcels that every destination is known to hold: they may go (folder.md §4)."""
    return await views.exchange.open.read(lambda tx: _spent(tx, views, names))


async def _spent(tx: Tx, views: Views, names: Collection[bytes]) -> set[bytes]:
    rows = await exchange_queries.parcels_named(tx, names)
    by_key = {row.id: row for row in views.mine.rows.values()}
    held = [
        (row, by_key[row.journal_id])
        for row in rows.values()
        if row.state in _KEPT and row.journal_id is not None and row.journal_id in by_key
    ]
    journals = {journal.id: journal for _, journal in held}
    destinations = {key: _destinations(views.exchange, journal) for key, journal in journals.items()}
    points = await _points(tx, views, journals, destinations)
    return {
        row.name
        for row, journal in held
        if all(_has(views, node, row, journal, points) for node in destinations[journal.id])
    }


def _destinations(exchange: Exchange, journal: JournalRow) -> frozenset[NodeId]:
    network, audience, writer = exchange.network, Audience(journal.audience), NodeId(journal.writer)
    if audience.is_public:
        current = {node for node in network.nodes() if network.current(node) is not None}
        return frozenset(current | {writer.hub()}) - {writer}
    revoked = {node for node in audience.readers(writer.county) if _is_gone(exchange, node)}
    return audience.readers(writer.county) - {writer} - revoked


def _is_gone(exchange: Exchange, node: NodeId) -> bool:
    """Whether every certificate of a node is revoked; one never heard of is not gone."""
    network = exchange.network
    return node in network.nodes() and network.current(node) is None


async def _points(
    tx: Tx,
    views: Views,
    journals: Mapping[int, JournalRow],
    destinations: Mapping[int, frozenset[NodeId]],
) -> dict[tuple[int, int], bytes]:
    """Return our chain hashes at the numbers the destinations name, by journal key and number."""
    found: dict[tuple[int, int], bytes] = {}
    for key, journal in journals.items():
        heads = [views.of(node).heads.get(journal.digest) for node in destinations[key]]
        numbers = {head.number for head in heads if head is not None}
        for number, chained in (await exchange_queries.chain_points(tx, journal, numbers)).items():
            found[key, number] = chained
    return found


def _has(
    views: Views,
    node: NodeId,
    parcel: ParcelRow,
    journal: JournalRow,
    points: Mapping[tuple[int, int], bytes],
) -> bool:
    if node == views.exchange.node:
        return journal.held_number >= parcel.last_number
    known = views.of(node)
    head = known.heads.get(journal.digest)
    if head is None or head.number < parcel.last_number:
        return False
    if points.get((journal.id, head.number)) != head.hash:
        return False
    return parcel.kind == "batch" or _has_file(known, parcel, journal)


def _has_file(known: Belief, parcel: ParcelRow, journal: JournalRow) -> bool:
    """Whether a word that has the batch does not ask for the attachment; a list that is full may be cut."""
    heard = known.heard
    if heard is None or known.said.get(journal.digest, 0) < parcel.last_number:
        return False
    return parcel.name not in heard.asked and len(heard.asked) < _ASKED_MAX


def _by_audience(items: Iterable[T], audience: Callable[[T], str]) -> Mapping[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for item in items:
        found[audience(item)].append(item)
    return found


def _mark_place(mark: ReceiptMark) -> tuple[bytes, str]:
    return mark.journal, mark.receiver.text
