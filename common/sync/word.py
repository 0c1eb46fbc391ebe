"""A node's word in a folder: what it would say on a line up to its receipts (docs/spec/folder.md §2).

No file, clock or key is known here: bytes in, messages out, and whether they are what was signed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from common.crypto.wire import FormatError, Reader, Writer
from common.journal.have_statement import HaveStatement, read_have
from common.journal.limits import STATEMENT_MAX
from common.journal.statement import Statement
from common.sync.errors import BrokenRuleError
from common.sync.frames import FrameSplitter, frame
from common.sync.limits import MAX_LIST, Limits
from common.sync.listed import Head, ReceiptMark
from common.sync.messages import (
    EXTENSION,
    Ask,
    Have,
    Hello,
    Message,
    Receipt,
    ReceiptsHave,
    Told,
    decode,
    encode,
    items_in,
)

T = TypeVar("T")

MAGIC = b"JJW1"
WORD_MAX = 67_108_864
"""Bytes of a word's frames; more is none."""
HEAD_MAX = len(MAGIC) + 3 + STATEMENT_MAX
"""Bytes before the frames."""
_CONTEXT = b"jiujin/word/1\0"
_ORDER: tuple[type[Message], ...] = (Hello, Have, ReceiptsHave, Ask, Told, Receipt)
_ONCE = (Hello, Told)


@dataclass(frozen=True, slots=True)
class Word:
    """What a node says, in the order it says it.

    Attributes:
        hello: who speaks; the scope is its own.
        heads: how far it has each journal without a gap.
        marks: the receipts it has.
        asked: the attachments it lacks.
        receipts: the receipt statements it brings.
    """

    hello: Hello
    heads: Sequence[Head] = ()
    marks: Sequence[ReceiptMark] = ()
    asked: Sequence[bytes] = ()
    receipts: Sequence[bytes] = ()

    def frames(self) -> Iterator[bytes]:
        """Yield its frames, one at a time, so that the whole is never in memory."""
        yield _framed(self.hello)
        yield from _listed(self.heads, Have)
        yield from _listed(self.marks, ReceiptsHave)
        yield from _listed(self.asked, Ask)
        yield _framed(Told())
        for statement in self.receipts:
            yield _framed(Receipt(statement))

    def measure(self) -> tuple[int, bytes]:
        """Return size and digest of the frames, which the statement signs."""
        size, name = 0, sha256(_CONTEXT)
        for data in self.frames():
            size += len(data)
            name.update(data)
        return size, name.digest()


def head_of(statement: Statement) -> bytes:
    """Return what stands before the frames."""
    return Writer().raw(MAGIC).blob(statement.encode(), STATEMENT_MAX).done()


class WordReader:
    """Reads one word, fed in any pieces; every breach is a ``BrokenRuleError``.

    Nothing it gives out is believed before ``end`` has returned, and the caller has verified ``statement``.

    Args:
        limits: how much one word may list.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        allowed = limits or Limits()
        self.statement: Statement | None = None
        self.said: HaveStatement | None = None
        self._head = bytearray()
        self._splitter = FrameSplitter()
        self._hash = sha256(_CONTEXT)
        self._size = 0
        self._stage = -1
        self._told = False
        self._counts: Counter[type[Message]] = Counter()
        self._most: dict[type[Message], int] = {
            Have: allowed.heads,
            ReceiptsHave: allowed.marks,
            Ask: allowed.asked,
            Receipt: allowed.receipts,
        }

    def feed(self, data: bytes) -> list[Message]:
        """Take the next piece and return the messages that are whole now.

        Raises:
            BrokenRuleError: a rule of folder.md §2 is broken.
        """
        if self.said is None:
            data = self._take_head(data)
            if self.said is None:
                return []
        self._size += len(data)
        self._hash.update(data)
        if self._size > self.said.size:
            raise BrokenRuleError("a word is longer than it was signed")
        # What extends a session means nothing in a word, whether this program knows it or not.
        found = [decode(*one) for one in self._splitter.feed(data) if one[0] < EXTENSION]
        messages = [message for message in found if message is not None]
        for message in messages:
            self._allow(message)
        return messages

    def end(self) -> None:
        """Insist that everything came, and nothing else.

        Raises:
            BrokenRuleError: it is cut off, or not what was signed.
        """
        if self.said is None or not self._told or self._splitter.waiting:
            raise BrokenRuleError("a word is cut off")
        if (self._size, self._hash.digest()) != (self.said.size, self.said.digest):
            raise BrokenRuleError("a word is not what was signed")

    def _take_head(self, data: bytes) -> bytes:
        """Read statement and claim as soon as they are there; return what follows them.

        Raises:
            BrokenRuleError: it is no word, or claims to be too long.
        """
        self._head += data
        reader = Reader(bytes(self._head))
        try:
            if reader.fixed(len(MAGIC)) != MAGIC:
                raise BrokenRuleError("not a word")
            length = reader.uint(STATEMENT_MAX)
            if reader.remaining < length:
                return b""
            self.statement = Statement.decode(reader.fixed(length))
            self.said = read_have(self.statement)
        except FormatError as error:
            if len(self._head) < len(MAGIC) + 3:
                return b""  # more of it may come
            raise BrokenRuleError(f"the statement of a word: {error.what}") from error
        if self.said.size > WORD_MAX:
            raise BrokenRuleError("a word above its limit")
        return reader.rest()

    def _allow(self, message: Message) -> None:
        kind = type(message)
        if kind not in _ORDER:
            raise BrokenRuleError(f"{kind.__name__} in a word")
        place = _ORDER.index(kind)
        again = place == self._stage and kind in _ONCE
        skipped = self._stage < 0 < place or (kind is Receipt and not self._told)
        if place < self._stage or again or skipped:
            raise BrokenRuleError(f"{kind.__name__} out of turn in a word")
        if isinstance(message, Hello):
            self._insist_on_name(message)
        self._stage, self._told = place, self._told or kind is Told
        self._counts[kind] += items_in(message)
        if self._counts[kind] > self._most.get(kind, 1):
            raise BrokenRuleError(f"more {kind.__name__} than one word allows")

    def _insist_on_name(self, hello: Hello) -> None:
        if self.statement is None or self.said is None:
            return
        if (hello.node, hello.scope) != (self.statement.signer, self.statement.signer):
            raise BrokenRuleError("a word under another's name")
        if hello.epoch != self.said.epoch:
            raise BrokenRuleError("a word of two epochs")


def _framed(message: Message) -> bytes:
    return frame(message.TYPE, encode(message))


def _listed(items: Sequence[T], kind: Callable[[tuple[T, ...]], Message]) -> Iterator[bytes]:
    for start in range(0, len(items), MAX_LIST):
        yield _framed(kind(tuple(items[start : start + MAX_LIST])))
