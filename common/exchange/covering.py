"""Covers: made at the hub with each checkpoint, asked for and handed down, kept by whom they are about."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from common.crypto.certificates import HubCertificate
from common.crypto.errors import BadSignatureError
from common.crypto.hashing import digest
from common.crypto.wire import FormatError, Writer
from common.domain.audience import Audience
from common.domain.node import NodeId
from common.exchange.exchange import Exchange
from common.exchange.inventory import Inventory
from common.exchange.scope import in_scope
from common.journal.checkpoint import Checkpoint
from common.journal.cover import Cover, Covered, NotCoveredError, beside
from common.journal.ids import JournalId
from common.journal.merkle import LEAF_SALT_BYTES, MerkleTree, merkle_leaf
from common.store import covers, exchange_queries, journals
from common.store.engine import Tx
from common.store.rows import CoverRow, JournalRow
from common.sync.extensions import UncoveredHead

_SALT = b"jiujin/leaf-salt/1\0"


@dataclass(frozen=True, slots=True)
class Leaves:
    """The heads of one checkpoint in their order, with their salts and the tree over them."""

    heads: Sequence[JournalRow]
    salts: Sequence[bytes]
    tree: MerkleTree


def leaves(heads: Sequence[JournalRow], seed: bytes, epoch: bytes, counter: int) -> Leaves:
    """Return the leaves of a checkpoint over heads in order of digest; ``seed`` is the hub's own secret."""
    place = Writer().fixed(epoch, len(epoch)).uint(counter).done()
    salts = [digest(_SALT, seed, place, head.digest)[:LEAF_SALT_BYTES] for head in heads]
    hashed = [
        merkle_leaf(salt, head.digest, head.held_number, head.held_hash)
        for salt, head in zip(salts, heads, strict=True)
    ]
    return Leaves(heads, salts, MerkleTree(hashed))


async def make_covers(tx: Tx, hub: NodeId, checkpoint: Checkpoint, encoded: bytes, of: Leaves) -> None:
    """Keep the covers by which a checkpoint says more of other nodes' journals than those before it."""
    known = await covers.numbers(tx, checkpoint.order)
    rows = []
    for index, head in enumerate(of.heads):
        if head.writer == str(hub) or head.held_number <= known.get(head.id, 0):
            continue
        salt, path = of.salts[index], of.tree.path(index)
        cover = Cover(encoded, journal_of(head), head.held_number, head.held_hash, salt, path)
        rows.append(_row(head.id, checkpoint, cover))
    await covers.save_latest(tx, rows)


async def uncovered(exchange: Exchange, mine: Inventory) -> list[UncoveredHead]:
    """Return the journals of a session's scope held here beyond the covers of the hub's present epoch."""
    order = exchange.network.hub.order
    numbers = await exchange.open.read(lambda tx: covers.numbers(tx, order))
    listed = []
    for head in mine.heads:
        if not head.journal.writer.is_hub:
            row = mine.rows[head.journal.digest()]
            number = numbers.get(row.id, 0)
            if number < head.number:
                listed.append(UncoveredHead(row.digest, number))
    return listed


async def answers(
    exchange: Exchange, lower: NodeId, asked: Sequence[UncoveredHead], most: int
) -> list[bytes]:
    """Return the covers, ``most`` at most, that say more than a peer has of the journals it asked about."""
    if not asked:
        return []
    order = exchange.network.hub.order
    has = {one.journal: one.number for one in asked}

    async def work(tx: Tx) -> list[bytes]:
        rows = await exchange_queries.journals_by_digest(tx, has)
        heads = {
            row.id: row for row in rows.values() if in_scope(Audience(row.audience), lower, exchange.network)
        }
        found = await covers.of_journals(tx, heads, order)
        best = {at: max(kept, key=lambda one: one.number) for at, kept in found.items()}
        return [one.cover for at, one in best.items() if one.number > has[heads[at].digest]]

    return (await exchange.open.read(work))[:most]


async def keep_covers(exchange: Exchange, lower: NodeId, came: Sequence[bytes]) -> int:
    """Keep the covers that are good, of journals in scope known here, and news; return how many."""
    if not came:
        return 0
    checked = await asyncio.to_thread(_checked, exchange.network.hubs(), came)
    good = {
        cover: checkpoint
        for cover, checkpoint in checked.items()
        if not cover.journal.writer.is_hub and in_scope(cover.journal.audience, lower, exchange.network)
    }
    return await exchange.open.write(lambda tx: _keep(tx, good)) if good else 0


def _checked(hubs: tuple[HubCertificate, ...], came: Iterable[bytes]) -> dict[Cover, Checkpoint]:
    found = {}
    for data in came:
        try:
            cover = Cover.decode(data)
            found[cover] = cover.check(hubs)
        except (FormatError, BadSignatureError, NotCoveredError):
            continue
    return found


async def _keep(tx: Tx, good: Mapping[Cover, Checkpoint]) -> int:
    heads = await exchange_queries.journals_by_digest(tx, {cover.journal.digest() for cover in good})
    kept = await covers.of_journals(tx, {head.id for head in heads.values()})
    news = 0
    for cover, checkpoint in good.items():
        head = heads.get(cover.journal.digest())
        if head is None:
            continue
        new = _row(head.id, checkpoint, cover)
        present = [row for row in kept.get(head.id, ()) if row.epoch_order == new.epoch_order]
        rows = {covered(row): row for row in (*present, new)}
        staying = beside([covered(row) for row in present], covered(new))
        if staying is not None:
            await covers.replace(tx, head.id, new.epoch_order, [rows[one] for one in staying])
            others = [row for row in kept.get(head.id, ()) if row.epoch_order != new.epoch_order]
            kept[head.id] = [*others, *(rows[one] for one in staying)]
            news += 1
    return news


async def covers_of_own(tx: Tx, node: NodeId) -> list[tuple[JournalRow, list[CoverRow]]]:
    """Return a node's own journals, as the open database has them, with every cover of each."""
    heads = [head for head in await journals.heads(tx, writer=str(node)) if head.held_number]
    found = await covers.of_journals(tx, [head.id for head in heads])
    return [(head, found.get(head.id, [])) for head in heads]


def covered(row: CoverRow) -> Covered:
    """Return what a kept cover says."""
    return Covered(row.epoch_order, row.counter, row.number, row.hash)


def journal_of(head: JournalRow) -> JournalId:
    """Return the journal a head is of."""
    return JournalId(NodeId(head.writer), head.epoch, Audience(head.audience))


def _row(journal_id: int, checkpoint: Checkpoint, cover: Cover) -> CoverRow:
    encoded = cover.encode()
    return CoverRow(journal_id, checkpoint.order, checkpoint.counter, cover.number, cover.hash, encoded)
