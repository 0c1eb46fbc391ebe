"""What two nodes have, compared: one digest, what the other lacks, and forks (docs/spec/session.md §5)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from common.crypto.hashing import digest
from common.crypto.wire import Writer
from common.domain.node import NodeId
from common.journal.ids import JournalId
from common.sync.listed import Head, ReceiptMark

_CONTEXT = b"jiujin/have/1\0"

HashAt: TypeAlias = Callable[[JournalId, int], bytes | None]
"""Our chain hash of a journal at a number, or None where we only carry it and do not know."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Entries of a journal that we have and the other side lacks.

    Attributes:
        journal: which one.
        after: the last number the other side has, 0 when none.
        last: the last number we have.
    """

    journal: JournalId
    after: int
    last: int


@dataclass(frozen=True, slots=True)
class ForkSeen:
    """Two hashes at one number.

    Attributes:
        journal: which one.
        number: where both sides have an entry.
        mine: our chain hash there.
        theirs: the other side's.
    """

    journal: JournalId
    number: int
    mine: bytes
    theirs: bytes


@dataclass(frozen=True, slots=True)
class Comparison:
    """What follows from two lists of heads.

    Attributes:
        lacks: what the other side lacks, forked journals not among them.
        forks: journals of which the two sides have different histories.
        behind: heads of the other side that are beyond ours: what we lack.
    """

    lacks: tuple[Lack, ...]
    forks: tuple[ForkSeen, ...]
    behind: tuple[Head, ...]


def have_digest(heads: Iterable[Head], marks: Iterable[ReceiptMark]) -> bytes:
    """Return 32 bytes that are equal on both sides when neither lacks anything, in whatever order given."""
    writer = Writer()
    by_journal = sorted(heads, key=lambda head: (head.journal.digest(), head.number, head.hash))
    by_receipt = sorted(marks, key=lambda mark: (mark.journal, mark.receiver.text, mark.epoch, mark.counter))
    writer.uint(len(by_journal))
    for head in by_journal:
        head.write(writer)
    writer.uint(len(by_receipt))
    for mark in by_receipt:
        mark.write(writer)
    return digest(_CONTEXT, writer.done())


def compare(mine: Iterable[Head], theirs: Iterable[Head], hash_at: HashAt) -> Comparison:
    """Compare two lists of heads; of a journal listed twice the further head counts.

    A fork is seen by whoever has the entry the other's head names; where we do not know our hash there,
    the chain of what we offer proves it.
    """
    ours, others = _by_digest(mine), _by_digest(theirs)
    forks = tuple(
        ForkSeen(head.journal, head.number, known, head.hash)
        for key, head in others.items()
        if key in ours and (known := _known(ours[key], head, hash_at)) not in {None, head.hash}
    )
    forked = {fork.journal for fork in forks}
    lacks = tuple(
        Lack(head.journal, others[key].number if key in others else 0, head.number)
        for key, head in ours.items()
        if head.journal not in forked and (key not in others or others[key].number < head.number)
    )
    behind = tuple(head for key, head in others.items() if key not in ours or ours[key].number < head.number)
    return Comparison(lacks, forks, behind)


def receipts_lacking(
    mine: Iterable[ReceiptMark],
    theirs: Iterable[ReceiptMark],
    earlier: Callable[[NodeId, bytes, bytes], bool],
) -> tuple[ReceiptMark, ...]:
    """Return the receipts of ours that are news to the other side.

    Args:
        mine: what we have.
        theirs: what the other side has.
        earlier: whether, of a receiver, the first epoch is known to be earlier than the second.
    """
    newest: dict[tuple[bytes, NodeId], ReceiptMark] = {}
    for mark in theirs:
        other = newest.get((mark.journal, mark.receiver))
        if other is None or _newer(mark, other, earlier):
            newest[mark.journal, mark.receiver] = mark
    return tuple(
        mark
        for mark in mine
        if (other := newest.get((mark.journal, mark.receiver))) is None or _newer(mark, other, earlier)
    )


def _newer(mark: ReceiptMark, other: ReceiptMark, earlier: Callable[[NodeId, bytes, bytes], bool]) -> bool:
    if mark.epoch == other.epoch:
        return mark.counter > other.counter
    return not earlier(mark.receiver, mark.epoch, other.epoch)


def _by_digest(heads: Iterable[Head]) -> Mapping[bytes, Head]:
    found: dict[bytes, Head] = {}
    for head in sorted(heads, key=lambda head: head.number):
        found[head.journal.digest()] = head
    return found


def _known(ours: Head, theirs: Head, hash_at: HashAt) -> bytes | None:
    if theirs.number > ours.number:
        return None
    return ours.hash if theirs.number == ours.number else hash_at(ours.journal, theirs.number)
