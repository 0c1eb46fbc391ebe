"""Receipts: what this node says it holds and has applied, what others say; nothing else tells delivery."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from common.crypto.errors import BadSignatureError
from common.crypto.wire import FormatError
from common.domain.audience import Audience
from common.domain.node import NodeId
from common.domain.times import to_milliseconds
from common.exchange.exchange import Exchange, Said
from common.exchange.milestones import note_advance
from common.journal.ids import JournalId
from common.journal.limits import EXCEPTIONS_MAX
from common.journal.receipt import ExceptionState, Receipt, ReceiptException, read_receipt
from common.journal.statement import KeyRole, Statement
from common.store import entries, exchange_queries, journals, receipts, settings
from common.store.engine import Tx
from common.store.rows import EntryRow, JournalRow, ReceiptRow

_WAITING = frozenset({"waiting", "stopped"})


@dataclass(frozen=True, slots=True)
class _Unapplied:
    """What of a journal is held and not applied.

    Attributes:
        named: as many exceptions as a receipt has room for, the first ones.
        end: number and hash just before the first that is not named; nothing beyond reads as applied.
    """

    named: tuple[ReceiptException, ...] = ()
    end: tuple[int, bytes] | None = None


_Exceptions = Mapping[bytes, _Unapplied]


@dataclass(frozen=True, slots=True)
class _Due:
    head: JournalRow
    said: Said
    last: ReceiptRow | None


SAFE = "safe"
"""Setting of the hub: up to which number each journal, by digest in hex, is covered by a verified backup."""


async def give_due(exchange: Exchange) -> int:
    """Sign and keep a receipt for every journal of which there is something new to say; return how many."""
    async with exchange.receipting:
        before = {head.digest: head.applied_number for head in await exchange.open.read(journals.heads)}
        exceptions = await _exceptions(exchange)
        if not await exchange.open.read(lambda tx: _due(tx, exchange, before, exceptions)):
            return 0
        return await exchange.open.write(lambda tx: _give(tx, exchange, before, exceptions))


async def _give(tx: Tx, exchange: Exchange, before: Mapping[bytes, int], exceptions: _Exceptions) -> int:
    if exchange.one_database:  # another process may have judged an entry anew since
        exceptions = await _exceptional(tx)
    due = await _due(tx, exchange, before, exceptions)
    for one in due:
        row = _signed(exchange, one)
        await receipts.save_if_newer(tx, row, _always)
        await note_advance(tx, one.head.digest, row)
        exchange.said[one.head.id] = row.counter, one.said
    return len(due)


async def _due(
    tx: Tx, exchange: Exchange, before: Mapping[bytes, int], exceptions: _Exceptions
) -> list[_Due]:
    mine = await exchange_queries.receipts_by(tx, str(exchange.node))
    safe = await settings.get(tx, SAFE, {}) if exchange.node.is_hub else {}
    due = await _own_due(tx, exchange, mine, safe)
    for head in await journals.heads(tx):
        if head.writer == str(exchange.node) or not head.held_number:
            continue
        if head.applied_number != before.get(head.digest, 0):
            continue  # applied since: what was refused of it is not known here, its own round says so
        last = mine.get(head.id)
        said = _to_say(exchange, head, exceptions.get(head.digest, _Unapplied()), safe)
        if last is None or _is_news(exchange, head.id, last, said):
            due.append(_Due(head, said, last))
    return due


async def _own_due(
    tx: Tx, exchange: Exchange, mine: Mapping[int, ReceiptRow], safe: Mapping[str, int]
) -> list[_Due]:
    """Say of the hub's own journals how far they are safe: who reads them keeps them until then."""
    due = []
    may = safe and exchange.unlocked is not None
    for head in await journals.heads(tx, writer=str(exchange.node)) if may else ():
        number = min(safe.get(head.digest.hex(), 0), head.held_number)
        chained = await entries.hash_at(tx, head.id, number) if number else None
        if chained is None or Audience(head.audience).is_public:
            continue
        said, last = Said(number, number, chained, (), number), mine.get(head.id)
        if last is None or _is_news(exchange, head.id, last, said):
            due.append(_Due(replace(head, held_hash=chained), said, last))
    return due


def _to_say(exchange: Exchange, head: JournalRow, unapplied: _Unapplied, safe: Mapping[str, int]) -> Said:
    if exchange.unlocked is None or not exchange.reads(Audience(head.audience)):
        return Said(head.held_number, 0, head.digest, ())
    number, chained = unapplied.end or (head.applied_number, head.applied_hash)
    covered = min(safe.get(head.digest.hex(), 0), head.held_number)
    return Said(head.held_number, number, chained, unapplied.named, covered)


def _is_news(exchange: Exchange, journal_id: int, last: ReceiptRow, said: Said) -> bool:
    if last.epoch != exchange.epoch or last.held_number != said.held:
        return True
    if exchange.unlocked is None:
        return False
    counter, kept = exchange.said.get(journal_id, (0, None))
    if kept is None or counter != last.counter:
        before = read_receipt(Statement.decode(last.statement))
        kept = Said(
            before.held_number,
            before.applied_number,
            before.applied_hash,
            before.exceptions,
            before.safe_number,
        )
        exchange.said[journal_id] = last.counter, kept
    return kept != said


def _signed(exchange: Exchange, due: _Due) -> ReceiptRow:
    head, said, last = due.head, due.said, due.last
    journal = JournalId(NodeId(head.writer), head.epoch, Audience(head.audience))
    receipt = Receipt(
        journal=journal,
        receiver=exchange.node,
        receiver_epoch=exchange.epoch,
        counter=last.counter + 1 if last is not None and last.epoch == exchange.epoch else 1,
        held_number=said.held,
        held_hash=head.held_hash,
        applied_number=said.applied,
        applied_hash=said.applied_hash,
        safe_number=said.safe,
        issued=exchange.clock.corrected(),
        exceptions=said.exceptions,
    )
    unlocked = exchange.unlocked
    if unlocked is not None:
        statement = receipt.sign(exchange.generation, unlocked.keys.signing)
    else:
        statement = receipt.sign(exchange.generation, exchange.keys.receipt, KeyRole.RECEIPT)
    return _row(head.id, receipt, statement.encode())


async def _exceptions(exchange: Exchange) -> _Exceptions:
    """Return what is not applied though held, by journal digest."""
    found: dict[bytes, _Unapplied] = dict(await exchange.open.read(_exceptional))
    if exchange.unlocked is not None and not exchange.one_database:
        found |= await exchange.unlocked.desk.vault.read(_exceptional)
    return found


async def _exceptional(tx: Tx) -> _Exceptions:
    rows = await entries.with_status(tx, {*_WAITING, "refused"})
    digests = {head.id: head.digest for head in await journals.heads(tx)} if rows else {}
    by_journal: dict[bytes, list[EntryRow]] = {}
    for row in rows:
        by_journal.setdefault(digests[row.journal_id], []).append(row)
    return {digest: await _unapplied(tx, of) for digest, of in by_journal.items()}


async def _unapplied(tx: Tx, rows: Sequence[EntryRow]) -> _Unapplied:
    """Return what there is room for.

    Raises:
        LookupError: the database lacks an entry before one that it has.
    """
    named = tuple(map(_exception, rows[:EXCEPTIONS_MAX]))
    if len(rows) <= EXCEPTIONS_MAX:
        return _Unapplied(named)
    beyond = rows[EXCEPTIONS_MAX]
    chained = await entries.hash_at(tx, beyond.journal_id, beyond.number - 1)
    if chained is None:
        message = "a journal has a gap before an entry that is here"
        raise LookupError(message)
    return _Unapplied(named, (beyond.number - 1, chained))


def _exception(row: EntryRow) -> ReceiptException:
    if row.status == "refused":
        return ReceiptException(row.number, ExceptionState.REFUSED, row.reason or "refused")
    return ReceiptException(row.number, ExceptionState.WAITING, row.reason or row.status)


async def keep(exchange: Exchange, statements: Sequence[bytes]) -> int:
    """Verify and keep receipts that came, newer ones only; return how many were news."""
    verified = [one for one in (verify(exchange, data) for data in statements) if one is not None]
    if not verified:
        return 0
    return await exchange.open.write(lambda tx: _keep(tx, exchange, verified))


def verify(exchange: Exchange, data: bytes) -> tuple[Receipt, bytes] | None:
    """Return the receipt of a statement, None where it is none or its signer is unknown or revoked."""
    try:
        statement = Statement.decode(data)
        cert = exchange.network.signer(statement.signer, statement.generation)
        if cert is None or exchange.network.revoked(statement.signer, statement.generation):
            return None
        statement.verify(cert.receipt if statement.role is KeyRole.RECEIPT else cert.signing)
        return read_receipt(statement), data
    except (FormatError, BadSignatureError):
        return None


async def _keep(tx: Tx, exchange: Exchange, verified: Iterable[tuple[Receipt, bytes]]) -> int:
    news = 0
    for receipt, data in verified:
        if receipt.receiver == exchange.node:
            continue  # what this node said itself it knows better, even where it was put back since
        journal = receipt.journal
        head = await journals.get_or_create(
            tx, journal.digest(), str(journal.writer), journal.epoch, str(journal.audience)
        )
        row = _row(head.id, receipt, data)
        stored = await receipts.newest(tx, head.id, row.receiver)
        later = stored is None or epoch_follows(exchange, stored, row)
        if await receipts.save_if_newer(tx, row, lambda *_, later=later: later):
            await note_advance(tx, head.digest, row)
            news += 1
    return news


def epoch_follows(exchange: Exchange, stored: ReceiptRow, new: ReceiptRow) -> bool:
    """Whether the receiver's epoch in ``new`` came after that in ``stored``.

    The hub's epochs are ordered by the county root; another node's by what it says of itself where it begins
    one, and until that is known here by the times of its signed receipts.
    """
    network, receiver = exchange.network, NodeId(new.receiver)
    if network.precedes(receiver, stored.epoch, new.epoch):
        return True
    if receiver.is_hub or network.precedes(receiver, new.epoch, stored.epoch):
        return False
    return new.issued_ms > stored.issued_ms


def _row(journal_id: int, receipt: Receipt, statement: bytes) -> ReceiptRow:
    return ReceiptRow(
        journal_id=journal_id,
        receiver=str(receipt.receiver),
        epoch=receipt.receiver_epoch,
        counter=receipt.counter,
        held_number=receipt.held_number,
        held_hash=receipt.held_hash,
        applied_number=receipt.applied_number,
        applied_hash=receipt.applied_hash,
        safe_number=receipt.safe_number,
        issued_ms=to_milliseconds(receipt.issued),
        statement=statement,
    )


def _always(stored: bytes, new: bytes) -> bool:  # noqa: ARG001 - the store's question, with one answer here
    return True
