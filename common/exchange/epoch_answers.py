"""Another node began a new epoch: it is told what lies here of its earlier ones, so that it need not guess.

What is due is noted with the entry that opened the epoch (in ``public`` a locked box applies it too); it is
written when the box is unlocked, as a record of its own journal: it travels by session, stick and relay.
"""

from collections.abc import Collection, Sequence

from common.casework import recovering
from common.casework.answering import catch_up
from common.casework.writing import append
from common.domain.audience import Audience
from common.domain.bodies.records import EpochAnswered, EpochOpened
from common.domain.node import NodeId, Tier
from common.exchange.exchange import Exchange, Unlocked
from common.exchange.network import keep_lineage
from common.journal.body import decode_body
from common.journal.ids import JournalId
from common.store import journals, settings
from common.store.engine import Tx
from common.store.rows import EntryRow, JournalRow

_DUE = "epochs_to_answer"
_ANSWERED = "epochs_answered"


async def keep_lineages(exchange: Exchange, journal: JournalId, rows: Sequence[EntryRow]) -> None:
    """Keep in the open database which of another node's epochs follows which: it orders its receipts."""
    told = [before for row in rows if (before := _epoch_before(row))]
    if journal.writer == exchange.node or not told:
        return
    earlier = bytes.fromhex(told[0])
    await exchange.open.write(lambda tx: keep_lineage(tx, journal.writer, journal.epoch, earlier))
    await exchange.refresh()


async def note_opened(tx: Tx, me: NodeId, journal: JournalId, rows: Sequence[EntryRow]) -> None:
    """Note that a run of another node's journal opens an epoch after an earlier one."""
    if journal.writer == me or not any(_epoch_before(row) for row in rows):
        return
    name = f"{journal.writer}/{journal.epoch.hex()}"
    if name in await settings.get(tx, _ANSWERED, []):
        return
    due = await settings.get(tx, _DUE, {})
    await settings.put(tx, _DUE, {name: str(journal.audience), **due})


def _epoch_before(row: EntryRow) -> str:
    """Return the epoch, as hex, that an entry says came before its own; empty where it says none."""
    if row.kind != "epoch_opened" or row.body is None or row.status == "refused":
        return ""
    body = decode_body(row.kind, row.body)
    return body.old_epoch if isinstance(body, EpochOpened) else ""


async def answer_due(exchange: Exchange) -> int:
    """Write what is due; return how many answers were written."""
    unlocked = exchange.unlocked
    if unlocked is None:
        return 0
    due = dict(await unlocked.desk.vault.read(lambda tx: settings.get(tx, _DUE, {})))
    if not exchange.one_database:
        due |= await exchange.open.read(lambda tx: settings.get(tx, _DUE, {}))
    for name, audience in due.items():
        await _answer(exchange, unlocked, name, Audience(audience))
    if due and not exchange.one_database:
        await exchange.open.write(lambda tx: _forget(tx, due))
    return len(due)


async def _answer(exchange: Exchange, unlocked: Unlocked, name: str, seen: Audience) -> None:
    text, epoch = name.split("/")
    node = NodeId(text)
    heads = await exchange.open.read(lambda tx: journals.heads(tx, writer=text))
    held = {
        head.digest.hex(): head.held_number
        for head in heads
        if head.epoch.hex() != epoch and head.held_number and _reads(node, head)
    }
    audience = Audience.county(exchange.node) if seen.is_public else seen

    async def work(tx: Tx) -> None:
        answered = await settings.get(tx, _ANSWERED, [])
        if name not in answered:
            mine = await journals.heads(tx, writer=str(exchange.node))
            written = {head.digest.hex(): head.applied_number for head in mine if _reads(node, head)}
            body = EpochAnswered(text, epoch, held, written)
            await append(tx, unlocked.desk, audience, "epoch_answered", body)
            await settings.put(tx, _ANSWERED, [*answered, name])
        await _forget(tx, {name: ""})

    await unlocked.desk.vault.write(work)


async def _forget(tx: Tx, done: dict[str, str]) -> None:
    due = await settings.get(tx, _DUE, {})
    await settings.put(tx, _DUE, {name: where for name, where in due.items() if name not in done})


def _reads(node: NodeId, head: JournalRow) -> bool:
    audience = Audience(head.audience)
    return audience.is_public or node in audience.readers(node.county)


async def take_answers(tx: Tx, unlocked: Unlocked, journal: JournalId, rows: Sequence[EntryRow]) -> None:
    """Keep the answers to this node's own new epoch."""
    for row in rows:
        if row.kind == "epoch_answered" and row.body is not None and row.status != "refused":
            body = decode_body(row.kind, row.body)
            if isinstance(body, EpochAnswered):
                await recovering.note_answer(tx, unlocked.desk, journal.writer, body)


async def go_on_recovering(exchange: Exchange) -> None:
    """See whom this node waits for still; where it is fewer, do what could not be done before."""
    unlocked = exchange.unlocked
    if (
        unlocked is None
        or await unlocked.desk.vault.read(lambda tx: recovering.hold(tx, unlocked.desk)) is None
    ):
        return
    expected = waited_for(exchange)
    answered = await unlocked.desk.vault.write(lambda tx: recovering.review(tx, unlocked.desk, expected))
    if answered:
        await catch_up(unlocked.desk, with_what_they_carry(exchange, answered))


def with_what_they_carry(exchange: Exchange, nodes: Collection[NodeId]) -> frozenset[NodeId]:
    """Return the nodes and the villages they carry for: whose cases waited for them, and this node's own."""
    carried = (exchange.network.villages_of(node) for node in nodes)
    return frozenset({exchange.node, *nodes}.union(*carried))


def waited_for(exchange: Exchange) -> frozenset[NodeId]:
    """Return who may hold entries of this node: who shares an audience, or carries for one that does."""
    network, me = exchange.network, exchange.node
    tier = exchange.seat.tier
    if tier is Tier.COUNTY:
        known = frozenset(node for node, _ in network.certificates)
    elif tier is Tier.TOWNSHIP:
        known = network.villages_of(me) | {me.hub()}
    else:
        known = network.townships_of(me) | {me.hub()}
    gone = {node for node in known if not node.is_hub and network.current(node) is None}
    return frozenset(known - gone - {me})
