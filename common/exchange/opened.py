"""The next batch of a journal, opened and its entries checked, ready to be applied."""

import asyncio
from dataclasses import dataclass

from common.casework.book import Bodies
from common.crypto.errors import CannotOpenError
from common.crypto.wire import FormatError
from common.exchange.exchange import Exchange
from common.exchange.opening import entry_rows
from common.journal.batch import OpenedRun, ParsedBatch, open_batch, parse_batch
from common.journal.errors import ChainBrokenError, PackingError
from common.store import exchange_queries, parcels
from common.store.engine import Tx
from common.store.rows import EntryRow, JournalRow

CANNOT_OPEN = "cannot_open"
BROKEN = "broken"
FORK = "fork"


@dataclass(frozen=True, slots=True)
class Opened:
    """A batch opened, and the rows of those of its entries that are not applied yet."""

    batch: ParsedBatch
    run: OpenedRun
    rows: list[EntryRow]
    bodies: Bodies

    @property
    def last(self) -> tuple[int, bytes]:
        """The number and hash it ends at."""
        return self.batch.header.binding.last, self.run.hashes[-1]


class StoppedError(Exception):
    """A journal cannot be applied further, and why in a word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def next_opened(exchange: Exchange, head: JournalRow, journal_key: int, number: int) -> Opened | None:
    """Return the batch that goes on after ``number``, opened; None where none is held.

    Args:
        exchange: this node.
        head: the journal's row in the open database.
        journal_key: the journal's key in the database its entries go to.
        number: what is applied already.

    A batch that cannot be opened is a ``StoppedError``.
    """
    batch = await _batch_after(exchange, head, number)
    if batch is None:
        return None
    run = await _open(exchange, batch)
    first = batch.header.binding.first
    rows, bodies = await asyncio.to_thread(entry_rows, batch.journal, journal_key, first, run, number)
    return Opened(batch, run, rows, bodies)


async def _batch_after(exchange: Exchange, head: JournalRow, number: int) -> ParsedBatch | None:
    if number >= head.held_number:
        return None

    async def read(tx: Tx) -> bytes | None:
        row = await exchange_queries.batch_after(tx, head.id, number)
        return None if row is None else await parcels.content(tx, row.name)

    data = await exchange.open.read(read)
    return None if data is None else await asyncio.to_thread(parse_batch, data)


async def _open(exchange: Exchange, batch: ParsedBatch) -> OpenedRun:
    """Open a batch.

    Raises:
        StoppedError: it is not sealed to a key of ours, or is not what its header says.
    """
    keys = exchange.unlocked.keys.keyring() if exchange.unlocked else {}
    try:
        return await asyncio.to_thread(open_batch, batch, keys)
    except CannotOpenError as error:
        await exchange.open.write(lambda tx: parcels.set_state(tx, batch.name, "held", CANNOT_OPEN))
        raise StoppedError(CANNOT_OPEN) from error
    except (PackingError, FormatError, ChainBrokenError) as error:
        raise StoppedError(BROKEN) from error


def insist_on_chain(opened: Opened, place: tuple[int, bytes]) -> None:
    """Insist that the run goes on from what is applied, by hash.

    Raises:
        StoppedError: it does not: another history.
    """
    number, ours = place
    binding = opened.batch.header.binding
    theirs = binding.before if number < binding.first else opened.run.hashes[number - binding.first]
    if theirs != ours:
        raise StoppedError(FORK)
