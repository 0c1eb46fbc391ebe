"""What to offer a peer, computed from what it says it has and never from past receipts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from common.crypto.wire import Reader
from common.domain.audience import Audience
from common.exchange.exchange import Exchange
from common.exchange.inventory import Inventory
from common.journal.batch import BatchHeader
from common.journal.batch_parse import MAGIC
from common.journal.limits import BATCH_HEADER_MAX
from common.store import exchange_queries, parcels
from common.store.engine import Tx
from common.store.rows import ParcelRow
from common.sync.have import Comparison, ForkSeen, Lack, compare
from common.sync.listed import Head, Offer, ParcelKind, Priority
from common.sync.offers import plan_offers, ranked

_KEPT = frozenset({"held", "opened"})
_SMALL = 65_536
"""Bytes up to which a batch counts as small: one chunk."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a peer is offered, and where its history is another.

    Attributes:
        gone: what it lacks and was let go of here: to be asked for again from above.
    """

    offers: tuple[Offer, ...]
    forks: tuple[ForkSeen, ...] = ()
    behind: tuple[Head, ...] = ()
    gone: tuple[bytes, ...] = ()


async def plan(
    exchange: Exchange, mine: Inventory, theirs: Sequence[Head], asked: Collection[bytes], most: int
) -> Plan:
    """Return what to offer.

    Args:
        exchange: this node.
        mine: what it has.
        theirs: what the peer has, within the scope; equal to ours where the digests were.
        asked: parcels the peer asks for by name.
        most: how many parcels one session may offer; the rest waits.
    """
    return await exchange.open.read(lambda tx: _plan(tx, mine, theirs, asked, most))


async def _plan(tx: Tx, mine: Inventory, theirs: Sequence[Head], asked: Collection[bytes], most: int) -> Plan:
    compared = await compare_with(tx, mine, theirs)
    lacks = lacks_of(mine, compared)
    offers = await offers_for(tx, mine, lacks, asked, most)
    return Plan(offers, compared.forks, compared.behind, await gone_of(tx, mine, lacks, asked, most))


def lacks_of(mine: Inventory, compared: Comparison) -> list[Lack]:
    """Return what the other side lacks; of a fork it lacks our branch."""
    branches = [Lack(fork.journal, fork.number - 1, _last(mine, fork)) for fork in compared.forks]
    return [*compared.lacks, *branches]


async def offers_for(
    tx: Tx, mine: Inventory, lacks: Collection[Lack], asked: Collection[bytes], most: int
) -> tuple[Offer, ...]:
    """Return the parcels that bring what is lacking and asked for, in the order they should travel."""
    batches = {lack.journal.digest(): await _batches(tx, mine, lack) for lack in lacks}
    chosen = plan_offers(lacks, batches)[:most]
    files = await _named(tx, mine, chosen, asked)
    return tuple(ranked([*chosen, *files])[:most])


async def gone_of(
    tx: Tx, mine: Inventory, lacks: Collection[Lack], asked: Collection[bytes], most: int
) -> tuple[bytes, ...]:
    """Return what is lacking or asked for and was let go of here."""
    gone = [one for lack in lacks for one in await _gone(tx, mine, lack)]
    gone += [
        name for name, one in (await exchange_queries.parcels_named(tx, asked)).items() if one.state == "gone"
    ]
    return tuple(gone[:most])


async def _gone(tx: Tx, mine: Inventory, lack: Lack) -> list[bytes]:
    rows = await parcels.of_journal(tx, mine.rows[lack.journal.digest()].id, {"gone"})
    return [one.name for one in rows if one.last_number > lack.after]


async def compare_with(tx: Tx, mine: Inventory, theirs: Sequence[Head]) -> Comparison:
    """Compare what this node has with another's heads, our hashes at their numbers looked up."""
    points: dict[tuple[bytes, int], bytes] = {}
    ours = {head.journal.digest(): head for head in mine.heads}
    for head in theirs:
        digest = head.journal.digest()
        if digest in ours and head.number < ours[digest].number:
            found = await exchange_queries.chain_points(tx, mine.rows[digest], {head.number})
            points |= {(digest, number): chained for number, chained in found.items()}
    return compare(mine.heads, theirs, lambda journal, number: points.get((journal.digest(), number)))


def _last(mine: Inventory, fork: ForkSeen) -> int:
    return next(head.number for head in mine.heads if head.journal == fork.journal)


async def _batches(tx: Tx, mine: Inventory, lack: Lack) -> list[Offer]:
    row = mine.rows[lack.journal.digest()]
    kept = await exchange_queries.batches_from(tx, row.id, lack.after)
    public = lack.journal.audience.is_public
    return [_offer(parcel, row.digest, urgent=public) for parcel in kept]


def _offer(parcel: ParcelRow, journal: bytes, *, urgent: bool = False) -> Offer:
    normal = Priority.NORMAL if parcel.size <= _SMALL else Priority.BULK
    return Offer(
        parcel.name,
        parcel.size,
        ParcelKind(("batch", "attachment").index(parcel.kind)),
        journal,
        parcel.first_number,
        parcel.last_number,
        Priority.URGENT if urgent else normal,
    )


async def _named(tx: Tx, mine: Inventory, chosen: Iterable[Offer], asked: Collection[bytes]) -> list[Offer]:
    """Return the whole attachments that the chosen batches name, and what was asked for in the scope."""
    batch_of: dict[bytes, Offer] = {}
    listed = {offer.name for offer in chosen}
    for offer in chosen:
        for name in attachment_names(await parcels.content(tx, offer.name)):
            batch_of.setdefault(name, offer)
    found = await exchange_queries.parcels_named(tx, {*batch_of, *asked} - listed)
    whole = [one for one in found.values() if one.state in _KEPT and one.kind != "letter"]
    offers = [_of_batch(one, batch_of[one.name]) for one in whole if one.name in batch_of]
    digests = {row.id: row.digest for row in mine.rows.values()}
    others = [one for one in whole if one.name not in batch_of]
    return offers + [_offer(one, digests[key]) for one in others if (key := one.journal_id) in digests]


def _of_batch(parcel: ParcelRow, batch: Offer) -> Offer:
    return Offer(
        parcel.name, parcel.size, ParcelKind.ATTACHMENT, batch.journal, batch.first, batch.last, Priority.BULK
    )


def attachment_names(batch: bytes | None) -> tuple[bytes, ...]:
    """Return the names of the attachments a batch held here names; nothing of it is checked again."""
    return () if batch is None else tuple(ref.name for ref in _header(batch).attachments)


def audience_of_batch(batch: bytes) -> Audience:
    """Return for whom a batch says it is; ``FormatError`` where it is none. Nothing more is checked."""
    return _header(batch).binding.journal.audience


def _header(batch: bytes) -> BatchHeader:
    reader = Reader(batch)
    reader.fixed(len(MAGIC))
    return BatchHeader.decode(reader.blob(BATCH_HEADER_MAX))
