"""Quarantine: batches kept apart because their signer is revoked wait for a named person (design §3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from common.casework.desk import Desk
from common.casework.writing import append
from common.crypto.errors import CannotOpenError
from common.crypto.sealing import SealingKey
from common.crypto.wire import FormatError
from common.domain.audience import Audience
from common.domain.bodies.hub import QuarantineSettled
from common.domain.bodies.officer import Officer
from common.domain.bodies.requests import Submitted
from common.domain.grants import Actor, Power, authorise
from common.domain.masking import mask_name
from common.domain.receipt_number import grouped
from common.domain.spoken_error import SpokenError
from common.exchange.exchange import Exchange
from common.exchange.intake import keep, known_of
from common.journal.batch import open_batch, parse_batch
from common.journal.body import decode_body
from common.journal.entry import EntryHeader
from common.journal.errors import BodyError, ChainBrokenError, PackingError
from common.journal.taking_in import Accept, Hold, Reason, judge
from common.store import journals, parcels
from common.store.engine import Tx
from common.store.rows import ParcelRow


class QuarantineError(SpokenError):
    """A batch in quarantine cannot be settled that way."""


BY_HAND = "refused_by_hand"
"""Reason of a batch a person refused."""
_UNOPENABLE = (CannotOpenError, FormatError, PackingError, ChainBrokenError, BodyError)


@dataclass(frozen=True, slots=True)
class Apart:
    """A batch in quarantine, and the cases that begin in it as far as this node can read them.

    Attributes:
        cases: receipt number and masked name of each; None where the batch cannot be opened here and now.
    """

    parcel: ParcelRow
    writer: str
    cases: tuple[tuple[str, str], ...] | None


async def kept_apart(exchange: Exchange) -> list[Apart]:
    """Return the batches that wait for a person, oldest first; what a fork stopped is not among them."""
    rows = await exchange.open.read(lambda tx: parcels.in_state(tx, {"quarantined"}, "batch"))
    return [await _shown(exchange, row) for row in rows if row.reason == Reason.REVOKED]


async def settle_by_hand(
    exchange: Exchange, desk: Desk, actor: Actor, name: bytes, reason: str, *, released: bool
) -> None:
    """At the hub, settle one by an operator, on record for every other holder.

    The hub's keys are not needed: whoever has them open applies what is released.

    Raises:
        QuarantineError: no reason, no such batch, or one that contradicts what is held.
    """
    if not reason.strip():
        raise QuarantineError("no reason", "请写明怎么核实的。")
    authorise(actor, Power.KEEP_NODES, "*", desk.clock.today())

    async def work(tx: Tx) -> None:
        data = await parcels.content(tx, name)
        if data is None or not await settle_quarantine(tx, exchange, name, released=released):
            raise QuarantineError("nothing to settle", "没有这个等人处理的包裹，或它和已有的记录矛盾。")
        journal = parse_batch(data).journal
        audience = (
            journal.audience if journal.audience.may_write(exchange.node) else Audience.county(journal.writer)
        )
        by = Officer(actor.login, actor.name)
        body = QuarantineSettled(name.hex(), released, reason.strip(), desk.clock.today(), by)
        await append(tx, desk, audience, "quarantine_settled", body)

    await desk.vault.write(work)


async def settle_quarantine(tx: Tx, exchange: Exchange, name: bytes, *, released: bool) -> bool:
    """Take a batch in as if its signer were not revoked, or refuse it for ever; say whether that was done.

    One that contradicts what is held, or of a journal that a fork stopped, stays where it is.
    """
    row, data = await parcels.find(tx, name), await parcels.content(tx, name)
    if row is None or row.state != "quarantined" or row.reason != Reason.REVOKED or data is None:
        return False
    if not released:
        await parcels.stage_file(tx, replace(row, state="refused", reason=BY_HAND))
        return True
    batch = parse_batch(data)
    head = await journals.find(tx, batch.journal.digest())
    known = await known_of(tx, exchange, batch, head)
    trusted = {who: replace(signer, revoked=False) for who, signer in known.signers.items()}
    verdict = judge(batch, replace(known, signers=trusted))
    if not isinstance(verdict, Accept | Hold):
        return False
    await keep(tx, exchange, verdict, data)
    return True


async def _shown(exchange: Exchange, row: ParcelRow) -> Apart:
    data = await exchange.open.read(lambda tx: parcels.content(tx, row.name)) or b""
    writer = str(parse_batch(data).journal.writer)
    keys = exchange.unlocked.keys.keyring() if exchange.unlocked else {}
    try:
        return Apart(row, writer, tuple(_cases(data, keys)))
    except _UNOPENABLE:
        return Apart(row, writer, None)


def _cases(data: bytes, keys: Mapping[bytes, SealingKey]) -> Iterator[tuple[str, str]]:
    for entry in open_batch(parse_batch(data), keys).entries:
        body = decode_body(EntryHeader.decode(entry.header).kind, entry.body) if entry.body else None
        if isinstance(body, Submitted):
            yield grouped(body.number), mask_name(body.application.applicant.name)
