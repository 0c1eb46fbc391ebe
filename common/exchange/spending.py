"""Which parcels of a folder are spent: every destination is known, by its own signed words, to hold them."""

from collections.abc import Collection, Iterable, Mapping

from common.domain.audience import Audience
from common.domain.node import NodeId
from common.exchange.believing import Belief
from common.exchange.exchange import Exchange
from common.exchange.views import Views
from common.store import exchange_queries
from common.store.engine import Tx
from common.store.rows import JournalRow, ParcelRow
from common.sync.limits import Limits

_KEPT = frozenset({"held", "opened"})
_ASKED_MAX = Limits().asked
Points = Mapping[tuple[int, int], bytes]


def destinations(views: Views, journal: JournalRow) -> frozenset[NodeId]:
    """Return who is to hold a journal (folder.md §4): its readers, and its writer where that spoke here.

    A node whose certificates are all revoked is none; one never heard of is one.
    """
    network, audience, writer = views.exchange.network, Audience(journal.audience), NodeId(journal.writer)
    readers = audience.readers(writer.county) or network.nodes() | {writer.hub()}
    gone = {node for node in readers if _is_gone(views.exchange, node)}
    return (readers - gone) | {writer} if views.of(writer).heard else readers - gone - {writer}


def _is_gone(exchange: Exchange, node: NodeId) -> bool:
    network = exchange.network
    return node in network.nodes() and network.current(node) is None


async def points_of(tx: Tx, views: Views, journals: Iterable[JournalRow]) -> Points:
    """Return our chain hashes at the numbers the destinations name, by journal key and number."""
    found: dict[tuple[int, int], bytes] = {}
    for journal in journals:
        heads = [views.of(node).heads.get(journal.digest) for node in destinations(views, journal)]
        numbers = {head.number for head in heads if head is not None}
        for number, chained in (await exchange_queries.chain_points(tx, journal, numbers)).items():
            found[journal.id, number] = chained
    return found


def held_by_all(views: Views, journal: JournalRow, points: Points) -> int:
    """Return up to which number every destination is known to hold a journal, in our own history of it."""
    return min((_holds(views, node, journal, points) for node in destinations(views, journal)), default=0)


def _holds(views: Views, node: NodeId, journal: JournalRow, points: Points) -> int:
    if node == views.exchange.node:
        return journal.held_number
    head = views.of(node).heads.get(journal.digest)
    return head.number if head is not None and points.get((journal.id, head.number)) == head.hash else 0


async def spent(views: Views, names: Collection[bytes]) -> set[bytes]:
    """Return those of the parcels that are spent: they may go."""
    return await views.exchange.open.read(lambda tx: spent_in(tx, views, names))


async def spent_in(tx: Tx, views: Views, names: Collection[bytes]) -> set[bytes]:
    """Return ``spent`` inside a transaction."""
    rows = await exchange_queries.parcels_named(tx, names)
    by_key = {row.id: row for row in views.mine.rows.values()}
    held = [
        (row, by_key[row.journal_id])
        for row in rows.values()
        if row.state in _KEPT and row.journal_id is not None and row.journal_id in by_key
    ]
    journals = {journal.id: journal for _, journal in held}
    points = await points_of(tx, views, journals.values())
    reached = {key: held_by_all(views, journal, points) for key, journal in journals.items()}
    return {
        row.name
        for row, journal in held
        if row.last_number <= reached[journal.id] and _all_have_it_whole(views, row, journal)
    }


def _all_have_it_whole(views: Views, parcel: ParcelRow, journal: JournalRow) -> bool:
    if parcel.kind == "batch":
        return True
    others = destinations(views, journal) - {views.exchange.node}
    return all(_has_file(views.of(node), parcel, journal) for node in others)


def _has_file(known: Belief, parcel: ParcelRow, journal: JournalRow) -> bool:
    """Whether a word that has the batch does not ask for the attachment; a list that is full may be cut."""
    heard = known.heard
    if heard is None or known.said.get(journal.digest, 0) < parcel.last_number:
        return False
    return parcel.name not in heard.asked and len(heard.asked) < _ASKED_MAX
