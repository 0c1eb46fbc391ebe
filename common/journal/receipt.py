"""Receipts: how far one node holds and has applied one journal (docs/spec/statement.md §2)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from itertools import pairwise

from common.crypto.signing import SigningKey
from common.crypto.wire import FormatError, Reader, Writer
from common.domain.node import NodeId
from common.journal.ids import EPOCH_BYTES, HASH_BYTES, JournalId
from common.journal.instants import read_instant, write_instant
from common.journal.limits import EXCEPTIONS_MAX, NODE_ID_MAX, REASON_MAX
from common.journal.statement import KeyRole, Statement, sign_statement

TYPE = "receipt"
_REASON = re.compile(r"[a-z][a-z_]{0,39}")


class ExceptionState(IntEnum):
    """Why an entry up to the applied number is not applied."""

    WAITING = 0
    REFUSED = 1


@dataclass(frozen=True, slots=True)
class ReceiptException:
    """One entry that is held but not applied: its number, its state, and a code that names no person."""

    number: int
    state: ExceptionState
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receiver says of one journal.

    Attributes:
        journal: the journal.
        receiver: who says it.
        receiver_epoch: the receiver's own epoch, 16 bytes.
        counter: orders receipts of one epoch.
        held_number: everything up to it is durable there; 0 for nothing.
        held_hash: chain hash at that number.
        applied_number: everything up to it is applied, but for the exceptions.
        applied_hash: chain hash at that number.
        safe_number: the hub only: covered by a verified backup.
        issued: aware, exact to the millisecond.
        exceptions: in rising order of number.
    """

    journal: JournalId
    receiver: NodeId
    receiver_epoch: bytes
    counter: int
    held_number: int
    held_hash: bytes
    applied_number: int
    applied_hash: bytes
    safe_number: int
    issued: datetime
    exceptions: tuple[ReceiptException, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no receiver can mean.

        Raises:
            ValueError: a rule of statement.md §2 is broken.
        """
        rules = (
            (self.held_number >= max(self.applied_number, self.safe_number), "more than held"),
            (self._hashes_agree(), "the hashes contradict each other"),
            (not self.safe_number or self.receiver.is_hub, "only the hub says safe"),
            (self._exceptions_agree(), "exceptions are not in order or not well-formed"),
            (self.issued.tzinfo is not None and not self.issued.microsecond % 1000, "the time is not exact"),
        )
        broken = next((broken for kept, broken in rules if not kept), "")
        if broken:
            raise ValueError(broken)

    def _hashes_agree(self) -> bool:
        if len(self.receiver_epoch) != EPOCH_BYTES or self.counter < 0:
            return False
        places = ((self.held_number, self.held_hash), (self.applied_number, self.applied_hash))
        start = self.journal.digest()
        if any(len(value) != HASH_BYTES or (not number and value != start) for number, value in places):
            return False
        return self.applied_number != self.held_number or self.applied_hash == self.held_hash

    def _exceptions_agree(self) -> bool:
        numbers = [0, *(one.number for one in self.exceptions), self.held_number + 1]
        rising = all(one < two for one, two in pairwise(numbers))
        return rising and all(_REASON.fullmatch(one.reason) for one in self.exceptions)

    @property
    def says_only_held(self) -> bool:
        """Whether a locked box may say it: nothing applied, nothing safe, no exception."""
        return not (self.applied_number or self.safe_number or self.exceptions)

    def encode(self) -> bytes:
        """Return the payload's canonical bytes."""
        writer = Writer()
        self.journal.write(writer)
        writer.text(self.receiver.text, NODE_ID_MAX).fixed(self.receiver_epoch, EPOCH_BYTES)
        writer.uint(self.counter).uint(self.held_number).fixed(self.held_hash, HASH_BYTES)
        writer.uint(self.applied_number).fixed(self.applied_hash, HASH_BYTES).uint(self.safe_number)
        write_instant(writer, self.issued)
        return writer.items(self.exceptions, EXCEPTIONS_MAX, _write_exception).done()

    def sign(self, generation: int, key: SigningKey, role: KeyRole = KeyRole.SIGNING) -> Statement:
        """Return the signed statement.

        Raises:
            ValueError: the receipt key is to say more than *held*.
        """
        if role is not KeyRole.SIGNING and not self.says_only_held:
            raise ValueError("the receipt key says only held")
        return sign_statement(TYPE, self.encode(), self.receiver, generation, key, role)


def first_receipt(journal: JournalId, receiver: NodeId, receiver_epoch: bytes) -> Receipt:
    """Return the receipt of a receiver that holds nothing yet, from which others are made by ``replace``."""
    start = journal.digest()
    return Receipt(
        journal, receiver, receiver_epoch, 0, 0, start, 0, start, 0, datetime(1970, 1, 1, tzinfo=UTC)
    )


def read_receipt(statement: Statement) -> Receipt:
    """Return the receipt of a statement whose signature was verified; ``FormatError`` where it breaks §2."""
    reader = statement.payload_of(TYPE, KeyRole.SIGNING, KeyRole.RECEIPT)
    receipt = _read(reader)
    reader.end()
    if receipt.receiver != statement.signer:
        raise reader.fail("a receipt for somebody else")
    if statement.role is KeyRole.RECEIPT and not receipt.says_only_held:
        raise reader.fail("the receipt key says only held")
    return receipt


def is_newer(receipt: Receipt, than: Receipt | None, *, later_epoch: bool) -> bool:
    """Return whether ``receipt`` replaces the one known of the same journal and receiver.

    Args:
        receipt: the one that came.
        than: the one known, if any.
        later_epoch: whether its receiver epoch is known, from the receiver's journals, to follow the other's.
    """
    if than is None:
        return True
    if receipt.receiver_epoch != than.receiver_epoch:
        return later_epoch
    return receipt.counter > than.counter


def _read(reader: Reader) -> Receipt:
    start = reader.offset
    try:
        return Receipt(
            journal=JournalId.read(reader),
            receiver=reader.text_as(NodeId, NODE_ID_MAX),
            receiver_epoch=reader.fixed(EPOCH_BYTES),
            counter=reader.uint(),
            held_number=reader.uint(),
            held_hash=reader.fixed(HASH_BYTES),
            applied_number=reader.uint(),
            applied_hash=reader.fixed(HASH_BYTES),
            safe_number=reader.uint(),
            issued=read_instant(reader),
            exceptions=reader.items(EXCEPTIONS_MAX, _read_exception),
        )
    except ValueError as error:
        raise FormatError(str(error), start) from error


def _write_exception(writer: Writer, one: ReceiptException) -> None:
    writer.uint(one.number).uint(one.state).text(one.reason, REASON_MAX)


def _read_exception(reader: Reader) -> ReceiptException:
    number, state = reader.uint(), ExceptionState(reader.uint(ExceptionState.REFUSED))
    return ReceiptException(number, state, reader.text(REASON_MAX))
