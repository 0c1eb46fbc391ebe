"""A node's new epoch: after a clone or a roll-back nothing is written into the one before (design §1).

The open database changes at once, locked or not. The vault follows when it is unlocked: one transaction
closes the old epoch there and notes where it ended, so that a verb still running has written before it or is
refused. Then what was not sealed yet is sealed under its own epoch.
"""

from dataclasses import replace

from common.casework.writing import EPOCHS_LEFT, LINEAGE
from common.domain.bodies.records import EpochOpened
from common.exchange.exchange import Exchange, Unlocked
from common.exchange.sealing import seal_due
from common.exchange.standing import Identity, identity, keep_identity
from common.journal.body import to_plain
from common.journal.ids import new_epoch
from common.store import journals, serials, settings
from common.store.engine import Tx

CLONE, ROLLED_BACK = "clone", "restore"
SERIAL_GAP = 500
"""Receipt numbers left out: the other box, or this one before, may have given them."""
_LEFT = "epoch_left"


async def leave_epoch(tx: Tx, reason: str) -> Identity | None:
    """Take a new random epoch in the open database; None where the box is not enrolled.

    Left twice before the vault was unlocked, the first is the one that has entries.
    """
    who = await identity(tx)
    if who is None:
        return None
    if await settings.get(tx, _LEFT) is None:
        await settings.put(tx, _LEFT, {"epoch": who.epoch.hex(), "reason": reason})
    renewed = replace(who, epoch=new_epoch())
    await keep_identity(tx, renewed)
    return renewed


async def enter_epoch(exchange: Exchange, unlocked: Unlocked) -> None:
    """Settle in the vault what an epoch left behind, before anything is written; again it changes nothing."""
    left = await exchange.open.read(lambda tx: settings.get(tx, _LEFT))
    if left is None:
        return
    old, reason = bytes.fromhex(left["epoch"]), str(left["reason"])
    await unlocked.desk.vault.write(lambda tx: _close(tx, unlocked, old, reason))
    await seal_due(replace(exchange, epoch=old, unlocked=unlocked))
    await exchange.open.write(lambda tx: settings.drop(tx, _LEFT))


async def _close(tx: Tx, unlocked: Unlocked, old: bytes, reason: str) -> None:
    desk = unlocked.desk
    closed = await settings.get(tx, EPOCHS_LEFT, [])
    if old.hex() in closed:
        return
    await settings.put(tx, EPOCHS_LEFT, [*closed, old.hex()])
    heads = await journals.heads(tx, writer=str(desk.seat.node))
    lineage = await settings.get(tx, LINEAGE, {})
    for head in heads:
        if head.epoch == old and head.applied_number:
            known = EpochOpened(reason, old.hex(), head.applied_number, head.applied_hash.hex())
            lineage[head.audience] = to_plain(known)
    await settings.put(tx, LINEAGE, lineage)
    await serials.skip(tx, desk.clock.today().year, SERIAL_GAP)
