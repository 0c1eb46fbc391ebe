"""Checkpoints: the hub's signed time and heads; made at the hub, kept and compared everywhere."""

from datetime import datetime, timedelta

from common.casework.writing import append
from common.crypto.certificates import HubCertificate
from common.crypto.errors import BadSignatureError
from common.crypto.hashing import digest
from common.crypto.symmetric import random_bytes
from common.crypto.wire import FormatError
from common.domain.audience import PUBLIC
from common.domain.bodies.hub import CheckpointMade
from common.domain.times import from_milliseconds, to_milliseconds
from common.exchange import node_register
from common.exchange.covering import leaves, make_covers
from common.exchange.exchange import Exchange, Unlocked
from common.exchange.network import Network
from common.journal.checkpoint import Checkpoint, checked_checkpoint, read_checkpoint
from common.journal.merkle import LEAF_SALT_BYTES
from common.journal.statement import Statement
from common.store import journals, receipts, settings
from common.store.engine import Tx
from common.store.rows import CheckpointRow, JournalRow

SOONEST = timedelta(minutes=10)
"""How long after one checkpoint changed heads make the next."""
LATEST = timedelta(hours=1)
"""How old the newest checkpoint grows where nothing changes: leases are renewed by it."""
CONTRADICTION = "two_checkpoints:"
"""Settings in which the second of two checkpoints for one place is kept, as evidence."""
TWO_CHECKPOINTS = "two_checkpoints"
"""What the alarm is called."""
_SEED = "checkpoint_seed"
_HEADS = "checkpoint_heads"
_CHANGED = b"jiujin/heads-seen/1\0"


async def make_checkpoint(
    exchange: Exchange, *, soonest: timedelta = SOONEST, latest: timedelta = LATEST
) -> bool:
    """At the hub, sign the heads into ``public`` if they changed, or time went on; say whether it was due."""
    unlocked = exchange.unlocked
    if unlocked is None or not exchange.node.is_hub:
        return False
    now = exchange.clock.corrected()
    epoch = exchange.network.hub.epoch

    async def due(tx: Tx) -> bool:
        return await _is_due(tx, now, epoch, _seen(unlocked, await journals.heads(tx)), soonest, latest)

    async def work(tx: Tx) -> bool:
        # Asked again, alone: of several processes the first one makes it.
        return await due(tx) and await _make(tx, exchange, unlocked, now)

    return await exchange.open.read(due) and await exchange.open.write(work)


def _seen(unlocked: Unlocked, heads: list[JournalRow]) -> str:
    """Return what changes with any head; a checkpoint itself moves the public one, which does not count."""
    own = unlocked.desk.journal(PUBLIC).digest()
    return digest(_CHANGED, *(head.digest + head.held_hash for head in heads if head.digest != own)).hex()


async def _is_due(
    tx: Tx, now: datetime, epoch: bytes, seen: str, soonest: timedelta, latest: timedelta
) -> bool:
    last = await receipts.newest_checkpoint(tx)
    if last is None or last.epoch != epoch:  # a new epoch shows itself at once
        return True
    changed = seen != await settings.get(tx, _HEADS, "")
    return now - from_milliseconds(last.hub_time_ms) >= (soonest if changed else latest)


async def _make(tx: Tx, exchange: Exchange, unlocked: Unlocked, now: datetime) -> bool:
    heads = await journals.heads(tx)
    last = await receipts.newest_checkpoint(tx)
    hub = exchange.network.hub
    counter = last.counter + 1 if last is not None and last.epoch == hub.epoch else 1
    tree = leaves(heads, await _secret(tx), hub.epoch, counter)
    checkpoint = Checkpoint(hub.epoch, hub.order, counter, now, tree.tree.root, len(heads))
    statement = checkpoint.sign(exchange.node, exchange.generation, unlocked.keys.signing).encode()
    await append(tx, unlocked.desk, PUBLIC, "checkpoint_made", CheckpointMade(statement.hex()))
    await receipts.save_checkpoint(tx, _row(checkpoint, statement))
    await make_covers(tx, exchange.node, checkpoint, statement, tree)
    await settings.put(tx, _HEADS, _seen(unlocked, heads))
    return True


async def _secret(tx: Tx) -> bytes:
    """Return the seed of the leaves' salts, made once and kept at the hub."""
    kept = await settings.get(tx, _SEED, "")
    seed = bytes.fromhex(kept) if kept else random_bytes(LEAF_SALT_BYTES)
    if not kept:
        await settings.put(tx, _SEED, seed.hex())
    return seed


async def keep_checkpoint(tx: Tx, network: Network, encoded: bytes) -> bool:
    """Keep a checkpoint the hub signed; say whether it is newer than any known.

    A second one for the same place in the same epoch, with other content, is kept apart and alarms a person.
    Refusals are those of ``checked_checkpoint``.
    """
    checkpoint = checked_checkpoint(encoded, network.hubs())
    new = _row(checkpoint, encoded)
    same = await receipts.checkpoint(tx, new.epoch, new.counter)
    if same is not None and same.statement != encoded:
        await _keep_apart(tx, network, new)
        return False
    known = await receipts.newest_checkpoint(tx)
    await receipts.save_checkpoint(tx, new)
    return known is None or (checkpoint.order, checkpoint.counter) > (known.epoch_order, known.counter)


async def _keep_apart(tx: Tx, network: Network, second: CheckpointRow) -> None:
    key = f"{CONTRADICTION}{second.epoch_order}:{second.counter}"
    if await settings.get(tx, key) is None:
        await settings.put(tx, key, second.statement.hex())
        await node_register.alarm(tx, TWO_CHECKPOINTS, str(network.hub.node), second.hub_time_ms)


async def hear_checkpoint(exchange: Exchange, encoded: bytes) -> bool:
    """Keep the checkpoint a peer shows in its HELLO; say whether it is news. A bad one changes nothing."""
    newest = await exchange.open.read(receipts.newest_checkpoint)
    if not encoded or (newest is not None and newest.statement == encoded):
        return False
    try:
        return await exchange.open.write(lambda tx: keep_checkpoint(tx, exchange.network, encoded))
    except (FormatError, BadSignatureError):
        return False


def is_superseded(network: Network, encoded: bytes) -> bool:
    """At the hub: whether a checkpoint shows a later epoch than its own, signed with keys it has itself."""
    if not encoded:
        return False
    try:
        statement = Statement.decode(encoded)
        cert = network.signer(statement.signer, statement.generation)
        if not isinstance(cert, HubCertificate):
            return False
        statement.verify(cert.signing)
        return read_checkpoint(statement).order > network.hub.order
    except (FormatError, BadSignatureError):
        return False


def _row(checkpoint: Checkpoint, encoded: bytes) -> CheckpointRow:
    return CheckpointRow(
        epoch=checkpoint.hub_epoch,
        epoch_order=checkpoint.order,
        counter=checkpoint.counter,
        hub_time_ms=to_milliseconds(checkpoint.hub_time),
        root=checkpoint.root,
        leaf_count=checkpoint.leaf_count,
        statement=encoded,
    )
