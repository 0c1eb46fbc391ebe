"""A node's own word for a folder, signed with the key that is open (docs/spec/folder.md §2)."""

from collections.abc import Sequence
from dataclasses import replace

from common.domain.times import from_milliseconds, to_milliseconds
from common.exchange.exchange import Exchange
from common.exchange.greetings import own_hello
from common.exchange.inventory import Inventory
from common.journal.have_statement import HaveStatement
from common.journal.statement import KeyRole, Statement
from common.store import settings
from common.store.engine import Tx
from common.sync.limits import Limits
from common.sync.word import WORD_MAX, Word

_COUNTER = "word_counter"
_LIMITS = Limits()
_FRAME_BYTES = 16
"""More than a frame needs around a receipt."""


async def word_of(exchange: Exchange, mine: Inventory, brought: Sequence[bytes]) -> Word:
    """Return what this node would say now; of the receipt statements ``brought`` as many as fit."""
    # What it says of its clock's measurement changes with every session, and means nothing days later.
    hello = replace(await own_hello(exchange, exchange.node), extra=b"")
    lists = Word(
        hello,
        mine.heads[: _LIMITS.heads],
        tuple(mine.receipts)[: _LIMITS.marks],
        mine.lacking[: _LIMITS.asked],
    )
    room = WORD_MAX - lists.measure()[0]
    fitting = []
    for statement in brought[: _LIMITS.receipts]:
        room -= len(statement) + _FRAME_BYTES
        if room < 0:
            break
        fitting.append(statement)
    return replace(lists, receipts=tuple(fitting))


def says_the_same(word: Word, said: HaveStatement) -> bool:
    """Whether a word signed before says what this one would, but for its time."""
    before = replace(word.hello, time=to_milliseconds(said.issued))
    return replace(word, hello=before).measure() == (said.size, said.digest)


async def sign_word(exchange: Exchange, word: Word) -> Statement:
    """Return the statement over a word; its counter is durable before the word leaves."""
    counter = await exchange.open.write(lambda tx: _next_counter(tx, exchange.epoch))
    said = HaveStatement(exchange.epoch, counter, from_milliseconds(word.hello.time), *word.measure())
    if exchange.unlocked is not None:
        key, role = exchange.unlocked.keys.signing, KeyRole.SIGNING
    else:
        key, role = exchange.keys.receipt, KeyRole.RECEIPT
    return said.sign(exchange.node, exchange.generation, key, role)


async def last_counter(tx: Tx, epoch: bytes) -> int:
    """Return the counter of the last word signed in an epoch, 0 where there was none."""
    kept = await settings.get(tx, _COUNTER, {})
    return int(kept["counter"]) if kept.get("epoch") == epoch.hex() else 0


async def _next_counter(tx: Tx, epoch: bytes) -> int:
    counter = await last_counter(tx, epoch) + 1
    await settings.put(tx, _COUNTER, {"epoch": epoch.hex(), "counter": counter})
    return counter
