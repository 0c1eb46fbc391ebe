"""Taking in: a complete batch is judged and durable before anything is opened; a locked box does it too."""

from dataclasses import replace

from common.domain.times import to_milliseconds
from common.exchange.exchange import Exchange
from common.journal.attachment import sealed_length
from common.journal.batch import ParsedBatch
from common.journal.ids import parcel_name
from common.journal.taking_in import (
    Accept,
    Duplicate,
    Fork,
    Hold,
    KnownFacts,
    KnownSigner,
    Quarantine,
    Reason,
    Refuse,
    Verdict,
    examine,
    judge,
)
from common.store import exchange_queries, journals, parcels, receipts
from common.store.engine import Tx
from common.store.rows import JournalRow, ParcelRow

FORK = "fork"
"""Reason with which both branches of a fork are kept."""
AGAIN = frozenset({Reason.SIGNER_UNKNOWN.value})
"""Reasons of refusal that may be over when the parcel is offered again."""


async def take_in(exchange: Exchange, data: bytes) -> Verdict:
    """Judge a complete batch and make it durable, with the verdict's reason; nothing is opened.

    A batch held beyond a gap joins what is held as soon as the gap closes.
    """
    batch = examine(data)
    if isinstance(batch, Refuse):
        refusal = batch
        await exchange.open.write_beside(lambda tx: _note_refusal(tx, exchange, data, refusal))
        return refusal
    parsed = batch
    return await exchange.open.write_beside(lambda tx: _take(tx, exchange, parsed, data))


def proves_roll_back(exchange: Exchange, verdict: Verdict) -> bool:
    """Whether this node signed the batch in its current epoch and did not have it: it was rolled back."""
    if not isinstance(verdict, Accept | Hold):
        return False
    journal = verdict.batch.journal
    return journal.writer == exchange.node and journal.epoch == exchange.epoch


async def _take(tx: Tx, exchange: Exchange, batch: ParsedBatch, data: bytes) -> Verdict:
    await journals.hold(tx, batch.journal.digest())
    head = await journals.find(tx, batch.journal.digest())
    verdict = judge(batch, await known_of(tx, exchange, batch, head))
    if isinstance(verdict, Refuse):
        await _note_refusal(tx, exchange, data, verdict)
    elif not isinstance(verdict, Duplicate):
        await keep(tx, exchange, verdict, data)
    elif (row := await parcels.find(tx, batch.name)) is not None and row.state == "recalled":
        again = replace(row, state="opened", reason="recalled", size=len(data))
        await parcels.stage_batch(tx, again, data, held=False)
    return verdict


async def known_of(tx: Tx, exchange: Exchange, batch: ParsedBatch, head: JournalRow | None) -> KnownFacts:
    """Return what the rules of taking in ask about a batch."""
    signers = [batch.writer] + ([batch.reseal.signer] if batch.reseal else [])
    network = exchange.network
    known = {one: network.signer(*one) for one in signers}
    facts = KnownFacts(
        county=exchange.node.county,
        signers={
            one: KnownSigner(cert.signing, network.revoked(*one))
            for one, cert in known.items()
            if cert is not None
        },
    )
    if head is None:
        return facts
    run = batch.header.binding
    return replace(
        facts,
        held_number=head.held_number,
        hashes=await exchange_queries.chain_points(tx, head, {run.first - 1, run.last}),
        witnessed=await _witnessed(tx, exchange, batch, head),
        stopped=head.state == "quarantined",
    )


async def _witnessed(tx: Tx, exchange: Exchange, batch: ParsedBatch, head: JournalRow) -> dict[int, bytes]:
    """What receipts given before the revocation say of the journal; the thief's clock is no witness."""
    revoked = exchange.network.revocations.get(batch.writer)
    if revoked is None:
        return {}
    given = [row for row in await receipts.of_journal(tx, head.id) if row.issued_ms < revoked]
    return {row.held_number: row.held_hash for row in given if row.receiver != str(batch.journal.writer)}


async def keep(tx: Tx, exchange: Exchange, verdict: Accept | Hold | Fork | Quarantine, data: bytes) -> None:
    """Make a batch durable as judged."""
    batch = verdict.batch
    journal = batch.journal
    head = await journals.get_or_create(
        tx, journal.digest(), str(journal.writer), journal.epoch, str(journal.audience)
    )
    row = _row(exchange, batch, head.id, len(data))
    match verdict:
        case Accept():
            await parcels.stage_batch(tx, row, data, held=True)
            await _name_attachments(tx, row, batch)
            await _join(tx, head.id, row.last_number)
        case Hold():
            await parcels.stage_batch(tx, replace(row, reason="gap"), data, held=False)
            await _name_attachments(tx, row, batch)
        case Fork():
            await parcels.stage_batch(tx, replace(row, state="quarantined", reason=FORK), data, held=False)
            await journals.set_state(tx, head.id, "quarantined")
        case Quarantine(reason=reason):
            await parcels.stage_batch(tx, replace(row, state="quarantined", reason=reason), data, held=False)


async def _join(tx: Tx, journal_id: int, held: int) -> None:
    """Move the head over batches that were held beyond the gap that closed now."""
    while (following := await parcels.next_unopened(tx, journal_id, held)) is not None:
        head = await journals.by_id(tx, journal_id)
        if following.first_number == held + 1 and following.chain_before != head.held_hash:
            await parcels.set_state(tx, following.name, "quarantined", FORK)
            await journals.set_state(tx, journal_id, "quarantined")
            return
        held = following.last_number
        await parcels.set_state(tx, following.name, "held")
        await journals.set_held(tx, journal_id, held, following.chain_after or head.held_hash)


async def _name_attachments(tx: Tx, row: ParcelRow, batch: ParsedBatch) -> None:
    """Note the attachments a batch names and that are not here, so that they are asked for."""
    refs = {ref.name: ref for ref in batch.header.attachments}
    known = await exchange_queries.parcels_named(tx, refs)
    for name in refs.keys() - known.keys():
        lacking = replace(
            row,
            name=name,
            kind="attachment",
            size=sealed_length(refs[name].length),
            chain_before=None,
            chain_after=None,
            state="partial",
        )
        await parcels.name_file(tx, lacking)


def _row(exchange: Exchange, batch: ParsedBatch, journal_id: int, size: int) -> ParcelRow:
    run = batch.header.binding
    return ParcelRow(
        name=batch.name,
        kind="batch",
        size=size,
        journal_id=journal_id,
        first_number=run.first,
        last_number=run.last,
        chain_before=run.before,
        chain_after=run.after,
        state="held",
        staged_ms=to_milliseconds(exchange.clock.now()),
    )


async def _note_refusal(tx: Tx, exchange: Exchange, data: bytes, refusal: Refuse) -> None:
    """Keep the name and the reason, not the bytes: what is refused is not asked for again."""
    now = to_milliseconds(exchange.clock.now())
    row = ParcelRow(
        parcel_name(data), "batch", len(data), None, 0, 0, None, None, "refused", now, refusal.reason.value
    )
    await parcels.stage_file(tx, row)
