"""A node's new epoch: after a restore, clone or roll-back nothing is written into the one before (design §1).

The open database changes at once, locked or not. The vault follows when it is unlocked: one transaction
closes the old epoch there and notes where it ended, so that a verb still running has written before it or is
refused. The same transaction begins the new epoch's journals, so that their readers hear of it and answer;
from then on the node recovers. Then what was not sealed yet is sealed under its own epoch.
"""

from dataclasses import replace

from common.casework import recovering
from common.casework.desk import Desk
from common.casework.issue import SERIES as PAPERS
from common.casework.writing import ANYWHERE, EPOCHS_LEFT, HUB_STOPPED, LINEAGE, append, open_journal
from common.crypto.certificates import read_certificate
from common.domain.audience import PUBLIC, Audience
from common.domain.bodies.hub import NodeCertified
from common.domain.bodies.records import EpochOpened
from common.domain.times import to_milliseconds
from common.exchange.exchange import Exchange, Unlocked
from common.exchange.network import hub_epochs
from common.exchange.node_register import alarm
from common.exchange.sealing import seal_due
from common.exchange.standing import Identity, identity, keep_identity
from common.journal.body import to_plain
from common.journal.ids import new_epoch
from common.store import journals, serials, settings
from common.store.engine import Tx

CLONE, RESTORED = "clone", "restore"
SERIAL_GAP = 500
"""Receipt and paper numbers left out: the other box, or this one before, may have given them."""
SUPERSEDED, ROLLED_BACK = "superseded", "rolled_back"
"""Why a hub may not write: only the county root opens its next epoch."""
_LEFT = "epoch_left"


async def leave_epoch(tx: Tx, reason: str) -> Identity | None:
    """Take a new random epoch in the open database; None where the box is not enrolled.

    Left twice before the vault was unlocked, the first is the one that has entries.
    """
    who = await identity(tx)
    if who is None:
        return None
    await note_left(tx, who.epoch, reason)
    renewed = replace(who, epoch=new_epoch())
    await keep_identity(tx, renewed)
    return renewed


async def note_left(tx: Tx, epoch: bytes, reason: str) -> None:
    """Note which epoch is to be closed in the vault."""
    if await settings.get(tx, _LEFT) is None:
        await settings.put(tx, _LEFT, {"epoch": epoch.hex(), "reason": reason})


async def enter_epoch(exchange: Exchange, unlocked: Unlocked) -> None:
    """Settle in the vault what an epoch left behind, before anything is written; again it changes nothing."""
    old = await close_epoch(exchange, unlocked.desk)
    if old is None:
        return
    await seal_due(replace(exchange, epoch=old, unlocked=unlocked))
    await exchange.open.write(lambda tx: settings.drop(tx, _LEFT))


async def close_epoch(exchange: Exchange, desk: Desk) -> bytes | None:
    """Close in the vault the epoch that was left, and return it; None where none was. No key is needed."""
    left = await exchange.open.read(lambda tx: settings.get(tx, _LEFT))
    if left is None:
        return None
    old, reason = bytes.fromhex(left["epoch"]), str(left["reason"])
    audiences = _audiences(exchange)
    await desk.vault.write(lambda tx: _close(tx, desk, old, reason, audiences))
    return old


def _audiences(exchange: Exchange) -> frozenset[Audience]:
    """Return where everybody who may hold entries of this node hears of its epoch."""
    seat = exchange.seat
    if seat.node.is_hub:
        return frozenset({PUBLIC})
    between = {Audience.township(seat.node, village) for village in exchange.network.villages_of(seat.node)}
    if seat.township is not None:
        between = {Audience.township(seat.township, seat.node)}
    return frozenset({Audience.county(seat.node), *between})


async def _close(tx: Tx, desk: Desk, old: bytes, reason: str, audiences: frozenset[Audience]) -> None:
    closed = await settings.get(tx, EPOCHS_LEFT, [])
    if old.hex() in closed and not await _is_stopped(tx):
        return
    await settings.put(tx, EPOCHS_LEFT, [*closed, old.hex()])
    await settings.drop(tx, HUB_STOPPED)
    heads = await journals.heads(tx, writer=str(desk.seat.node))
    known = {
        head.audience: EpochOpened(reason, old.hex(), head.applied_number, head.applied_hash.hex())
        for head in heads
        if head.epoch == old and head.applied_number
    }
    lineage = {ANYWHERE: EpochOpened(reason, old.hex()), **known}
    await settings.put(tx, LINEAGE, {audience: to_plain(body) for audience, body in lineage.items()})
    year = desk.clock.today().year
    await serials.skip(tx, year, SERIAL_GAP)
    await serials.skip(tx, year, SERIAL_GAP, PAPERS)
    await recovering.begin(tx, desk)
    if desk.seat.node.is_hub:
        for encoded in await hub_epochs(tx):
            await append(tx, desk, PUBLIC, "node_certified", _certified(encoded))
    for audience in sorted(audiences):
        await open_journal(tx, desk, audience)


def _certified(encoded: bytes) -> NodeCertified:
    cert = read_certificate(encoded).cert
    return NodeCertified(str(cert.node), cert.generation, encoded.hex())


async def stop_hub(exchange: Exchange, reason: str) -> None:
    """Let a hub write no more until the county root signs its next epoch; below, a new one begins by itself.

    Args:
        exchange: the hub's.
        reason: ``SUPERSEDED`` or ``ROLLED_BACK``.
    """
    now = to_milliseconds(exchange.clock.now())

    async def work(tx: Tx) -> None:
        if await _is_stopped(tx):
            return
        await settings.put(tx, HUB_STOPPED, reason)
        await settings.put(tx, EPOCHS_LEFT, [*await settings.get(tx, EPOCHS_LEFT, []), exchange.epoch.hex()])
        await alarm(tx, f"hub_{reason}", str(exchange.node), now)

    await exchange.open.write(work)


async def hub_stopped(exchange: Exchange) -> str:
    """Return why this hub may not write, empty where it may."""
    return str(await exchange.open.read(lambda tx: settings.get(tx, HUB_STOPPED, "")))


async def _is_stopped(tx: Tx) -> bool:
    return await settings.get(tx, HUB_STOPPED) is not None
