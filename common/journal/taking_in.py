"""Taking in: the rules a batch meets before anything is opened (docs/spec/parcel.md §5). No input or output.

``examine`` says what must be known to judge a batch, the caller looks it up, ``judge`` says what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from common.crypto.errors import BadSignatureError
from common.crypto.wire import FormatError
from common.domain.node import NodeId
from common.journal.batch_parse import ParsedBatch, parse_batch, verify_batch, verify_reseal
from common.journal.errors import Fault, SealedBytesError
from common.journal.limits import BATCH_MAX

SignerId = tuple[NodeId, int]
"""A node and a generation of its keys."""


class Reason(StrEnum):
    """Why a batch is not taken in; goes into receipts and logs as it stands."""

    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    DAMAGED = "damaged"
    OTHER_COUNTY = "other_county"
    SIGNER_UNKNOWN = "signer_unknown"
    BAD_SIGNATURE = "bad_signature"
    REVOKED = "revoked"
    JOURNAL_STOPPED = "journal_stopped"


FAULTS: Mapping[Reason, Fault] = {
    Reason.TOO_LARGE: Fault.WRITER,
    Reason.MALFORMED: Fault.WRITER,
    Reason.DAMAGED: Fault.CARRIER,
    Reason.OTHER_COUNTY: Fault.CARRIER,
    Reason.SIGNER_UNKNOWN: Fault.KEYS,
    Reason.BAD_SIGNATURE: Fault.WRITER,
    Reason.REVOKED: Fault.WRITER,
    Reason.JOURNAL_STOPPED: Fault.WRITER,
}
"""Who has to do something."""

WHAT_TO_DO: Mapping[Reason, str] = {
    Reason.TOO_LARGE: "这个数据包太大，不是本系统写出的；请联系发出它的站点。",
    Reason.MALFORMED: "这个数据包格式不对，没有采用；请联系发出它的站点升级程序。",
    Reason.DAMAGED: "数据包在路上损坏了，请从原处重新取一次。",
    Reason.OTHER_COUNTY: "这个数据包是别的县的，没有采用；请把它送回原来的县。",
    Reason.SIGNER_UNKNOWN: "还不认识写出这批数据的站点；先与县里同步一次，再重新收取。",
    Reason.BAD_SIGNATURE: "签名不对，这批数据不是它自称的站点写的；请报告县里。",
    Reason.REVOKED: "写出这批数据的钥匙已被注销；请县里的管理员核对后决定是否采用。",
    Reason.JOURNAL_STOPPED: "这个站点的记录已被暂停采用；请县里的管理员先处理。",
}
"""One Chinese sentence for the person at the screen."""


@dataclass(frozen=True, slots=True)
class KnownSigner:
    """What is known of one node's keys of one generation.

    Attributes:
        signing: public signing key from its certificate, 32 bytes.
        revoked: whether a revocation names (node, generation).
    """

    signing: bytes
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What the caller knows that bears on one batch.

    Attributes:
        county: our own county, six digits.
        signers: certificates for the batch's writer and sealer.
        held_number: how far we hold the journal without a gap; 0 for nothing.
        hashes: our chain hashes at ``first - 1`` and ``last`` where we hold these numbers.
        witnessed: chain hashes by number that held receipts or checkpoints older than the revocation name.
        stopped: whether the journal is quarantined, as after a fork.
    """

    county: str
    signers: Mapping[SignerId, KnownSigner]
    held_number: int = 0
    hashes: Mapping[int, bytes] = field(default_factory=dict)
    witnessed: Mapping[int, bytes] = field(default_factory=dict)
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Accept:
    """Make it durable, then open and apply it.

    Attributes:
        batch: the batch.
        overlap: how many of its first entries we hold already: compare their hashes by ``disagreement``.
    """

    batch: ParsedBatch
    overlap: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Verified, but beyond a gap: keep it, apply it when ``missing_first`` to ``missing_last`` have come."""

    batch: ParsedBatch
    missing_first: int
    missing_last: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Held already; nothing changes, the receipt says so again."""

    batch: ParsedBatch


@dataclass(frozen=True, slots=True)
class Fork:
    """Two hashes at one number, both signed by the writer: keep both branches, stop the journal."""

    batch: ParsedBatch
    number: int
    ours: bytes
    theirs: bytes


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Kept apart for a person to decide."""

    batch: ParsedBatch
    reason: Reason


@dataclass(frozen=True, slots=True)
class Refuse:
    """Not taken in; ``log`` is English and holds nothing of the content."""

    reason: Reason
    log: str

    @property
    def fault(self) -> Fault:
        """Who has to do something."""
        return FAULTS[self.reason]

    @property
    def what_to_do(self) -> str:
        """One Chinese sentence for the person at the screen."""
        return WHAT_TO_DO[self.reason]


Verdict = Accept | Hold | Duplicate | Fork | Quarantine | Refuse


def examine(data: bytes) -> ParsedBatch | Refuse:
    """Check size and form of what came; the result names the journal, numbers and signers to look up."""
    if len(data) > BATCH_MAX:
        return Refuse(Reason.TOO_LARGE, "a batch above its limit")
    try:
        return parse_batch(data)
    except FormatError as error:
        return Refuse(Reason.MALFORMED, str(error))
    except SealedBytesError as error:
        return Refuse(Reason.DAMAGED, str(error))


def judge(batch: ParsedBatch, known: KnownFacts) -> Verdict:
    """Return what to do with a batch in right form; rules in the order of parcel.md §5."""
    refusal = _check_signers(batch, known)
    if refusal is not None:
        return refusal
    if _signed_by_revoked(batch, known) and not _is_witnessed(batch, known):
        return Quarantine(batch, Reason.REVOKED)
    if known.stopped:
        return Quarantine(batch, Reason.JOURNAL_STOPPED)
    return _judge_chain(batch, known)


def disagreement(first: int, hashes: tuple[bytes, ...], ours: Mapping[int, bytes]) -> int | None:
    """Return the first number at which an opened run and what we hold have different hashes.

    Args:
        first: number of the run's first entry.
        hashes: the run's chain hashes, from ``OpenedRun``.
        ours: our chain hashes by number, at least of the overlap.

    Returns:
        The number, or None where they agree.
    """
    numbered = enumerate(hashes, first)
    return next((number for number, theirs in numbered if ours.get(number, theirs) != theirs), None)


def _check_signers(batch: ParsedBatch, known: KnownFacts) -> Refuse | None:
    # That the writer may write, and the sealer may seal, for this audience is a rule of form already.
    if batch.journal.writer.county != known.county:
        return Refuse(Reason.OTHER_COUNTY, f"a batch of county {batch.journal.writer.county}")
    for node, generation in _signers(batch):
        if (node, generation) not in known.signers:
            return Refuse(Reason.SIGNER_UNKNOWN, f"no certificate for {node} generation {generation}")
    try:
        verify_batch(batch, known.signers[batch.writer].signing)
        if batch.reseal is not None:
            verify_reseal(batch.reseal, known.signers[batch.reseal.signer].signing)
    except BadSignatureError:
        return Refuse(Reason.BAD_SIGNATURE, f"not signed by {batch.journal.writer} as it says")
    return None


def _signers(batch: ParsedBatch) -> tuple[SignerId, ...]:
    return (batch.writer,) if batch.reseal is None else (batch.writer, batch.reseal.signer)


def _signed_by_revoked(batch: ParsedBatch, known: KnownFacts) -> bool:
    return any(known.signers[signer].revoked for signer in _signers(batch))


def _is_witnessed(batch: ParsedBatch, known: KnownFacts) -> bool:
    written = batch.header.binding
    return known.witnessed.get(written.last) == written.after


def _judge_chain(batch: ParsedBatch, known: KnownFacts) -> Verdict:
    written = batch.header.binding
    for number, theirs in ((written.first - 1, written.before), (written.last, written.after)):
        ours = known.hashes.get(number, theirs)
        if ours != theirs:
            return Fork(batch, number, ours, theirs)
    if written.last <= known.held_number:
        return Duplicate(batch)
    if written.first - 1 > known.held_number:
        return Hold(batch, known.held_number + 1, written.first - 1)
    return Accept(batch, known.held_number - written.first + 1)
