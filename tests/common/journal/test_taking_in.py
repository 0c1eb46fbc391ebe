from dataclasses import replace

import pytest

from common.crypto.errors import CannotOpenError
from common.crypto.signing import SigningKey
from common.crypto.wire import Writer
from common.domain.audience import Audience
from common.domain.node import NodeId
from common.journal.batch import SealedBatch, open_batch, parse_batch, reseal_batch, seal_batch
from common.journal.batch_parse import BATCH, MAGIC, ParsedBatch
from common.journal.chain import chain_run
from common.journal.errors import Fault
from common.journal.ids import JournalId
from common.journal.limits import BATCH_MAX
from common.journal.taking_in import (
    FAULTS,
    WHAT_TO_DO,
    Accept,
    Duplicate,
    Fork,
    Hold,
    KnownFacts,
    KnownSigner,
    Quarantine,
    Reason,
    Refuse,
    disagreement,
    examine,
    judge,
)
from tests.common.journal.samples import (
    HUB,
    JOURNAL,
    KEYRING,
    SIGNING,
    TOWNSHIP,
    VILLAGE,
    reader_keys,
    run_of,
    sealed,
    seed,
)

SIGNERS = {(node, 1): KnownSigner(key.public()) for node, key in SIGNING.items()}
NOTHING = KnownFacts("130638", SIGNERS)
REVOKED = replace(
    NOTHING, signers=SIGNERS | {(VILLAGE, 1): KnownSigner(SIGNING[VILLAGE].public(), revoked=True)}
)
RUN = run_of(6)
HASHES = dict(enumerate([JOURNAL.digest(), *chain_run(JOURNAL.digest(), RUN)]))


def batch(first: int, last: int) -> ParsedBatch:
    """Return entries ``first`` to ``last`` of the village's journal as they come in."""
    sealed_batch = sealed(RUN[first - 1 : last], first=first, before=HASHES[first - 1])
    parsed = examine(sealed_batch.data)
    assert isinstance(parsed, ParsedBatch)
    return parsed


def holding(number: int, known: KnownFacts = NOTHING) -> KnownFacts:
    return replace(known, held_number=number, hashes={n: HASHES[n] for n in range(number + 1)})


def test_the_next_run_is_accepted():
    first, second = batch(1, 2), batch(3, 4)
    assert judge(first, NOTHING) == Accept(first, 0)
    assert judge(second, holding(2)) == Accept(second, 0)


def test_a_run_held_already_is_a_duplicate_however_it_is_sealed():
    parsed = batch(1, 2)
    assert judge(parsed, holding(2)) == Duplicate(parsed)
    assert judge(parsed, holding(5)) == Duplicate(parsed)
    again = reseal_batch(parsed, RUN[:2], reader_keys(HUB), TOWNSHIP, SIGNING[TOWNSHIP], 1)
    resealed = parse_batch(again.data)
    assert judge(resealed, holding(2)) == Duplicate(resealed)


def test_a_run_that_begins_among_what_is_held_is_accepted_and_compared_when_open():
    parsed = batch(2, 5)
    assert judge(parsed, holding(3)) == Accept(parsed, 2)
    hashes = open_batch(parsed, KEYRING).hashes
    assert disagreement(2, hashes, holding(3).hashes) is None
    assert disagreement(2, hashes, {2: HASHES[2], 3: seed("other")}) == 3


def test_a_run_beyond_a_gap_is_held_and_no_fork():
    parsed = batch(5, 6)
    assert judge(parsed, holding(2)) == Hold(parsed, 3, 4)
    assert judge(parsed, holding(4)) == Accept(parsed, 0)


def test_two_hashes_at_one_number_are_a_fork():
    later, parsed = batch(3, 4), batch(1, 2)
    known = replace(NOTHING, held_number=2, hashes={2: seed("other")})
    assert judge(later, known) == Fork(later, 2, seed("other"), HASHES[2])
    assert judge(parsed, known) == Fork(parsed, 2, seed("other"), HASHES[2])


def test_an_unknown_signer_is_refused_until_it_is_known():
    refusal = judge(batch(1, 2), replace(NOTHING, signers={}))
    assert isinstance(refusal, Refuse)
    assert (refusal.reason, refusal.fault) == (Reason.SIGNER_UNKNOWN, Fault.KEYS)


def test_an_unknown_resealer_is_refused():
    parsed = batch(1, 2)
    again = reseal_batch(parsed, RUN[:2], reader_keys(HUB), TOWNSHIP, SIGNING[TOWNSHIP], 2)
    refusal = judge(parse_batch(again.data), NOTHING)
    assert isinstance(refusal, Refuse)
    assert refusal.reason is Reason.SIGNER_UNKNOWN


@pytest.mark.parametrize("forger", ["writer", "sealer"])
def test_a_forged_signature_is_refused(forger):
    parsed = batch(1, 2)
    again = reseal_batch(parsed, RUN[:2], reader_keys(HUB), TOWNSHIP, SIGNING[TOWNSHIP], 1)
    wrong = VILLAGE if forger == "writer" else TOWNSHIP
    other = KnownSigner(SigningKey.from_seed(bytes(32)).public())
    refusal = judge(parse_batch(again.data), replace(NOTHING, signers=SIGNERS | {(wrong, 1): other}))
    assert isinstance(refusal, Refuse)
    assert (refusal.reason, refusal.fault) == (Reason.BAD_SIGNATURE, Fault.WRITER)
    assert refusal.what_to_do == WHAT_TO_DO[Reason.BAD_SIGNATURE]


def test_another_countys_batch_is_sent_back():
    refusal = judge(batch(1, 2), replace(NOTHING, county="130629"))
    assert isinstance(refusal, Refuse)
    assert refusal.reason is Reason.OTHER_COUNTY


def _put_together(parsed: ParsedBatch, whole: SealedBatch, raw: bytes, signer: NodeId) -> bytes:
    sealed_part = whole.data[-parsed.seal.sealed_length :]
    start = Writer().raw(MAGIC).blob(raw, 65_536).raw(SIGNING[signer].sign(BATCH, raw))
    return start.uint(0).raw(sealed_part).done()


def test_a_township_that_signs_a_villages_parcel_is_refused():
    whole = sealed()
    parsed = parse_batch(whole.data)
    claimed = examine(_put_together(parsed, whole, parsed.raw_header, TOWNSHIP))
    assert isinstance(claimed, ParsedBatch)
    verdict = judge(claimed, NOTHING)
    assert isinstance(verdict, Refuse)
    assert verdict.reason is Reason.BAD_SIGNATURE


def test_a_township_that_claims_a_villages_run_as_its_own_is_refused_or_never_opened():
    """Bound to journal, bounds and chain: the same sealed bytes open in no other journal."""
    whole = sealed()
    parsed = parse_batch(whole.data)
    own = JournalId(TOWNSHIP, JOURNAL.epoch, JOURNAL.audience)
    keeping = replace(parsed.header, binding=replace(parsed.header.binding, journal=own))
    refusal = examine(_put_together(parsed, whole, keeping.encode(), TOWNSHIP))
    assert isinstance(refusal, Refuse)
    assert refusal.reason is Reason.MALFORMED
    binding = replace(parsed.header.binding, journal=own, before=own.digest())
    taken = examine(_put_together(parsed, whole, replace(parsed.header, binding=binding).encode(), TOWNSHIP))
    assert isinstance(taken, ParsedBatch)
    assert isinstance(judge(taken, NOTHING), Accept)
    with pytest.raises(CannotOpenError):
        open_batch(taken, KEYRING)


def test_a_revoked_writers_run_is_kept_apart_for_a_person():
    parsed = batch(1, 2)
    assert judge(parsed, REVOKED) == Quarantine(parsed, Reason.REVOKED)


def test_a_revoked_resealers_run_is_kept_apart():
    again = reseal_batch(batch(1, 2), RUN[:2], reader_keys(HUB), TOWNSHIP, SIGNING[TOWNSHIP], 1)
    revoked = SIGNERS | {(TOWNSHIP, 1): KnownSigner(SIGNING[TOWNSHIP].public(), revoked=True)}
    assert isinstance(judge(parse_batch(again.data), replace(NOTHING, signers=revoked)), Quarantine)


def test_a_run_that_a_receipt_before_the_revocation_names_is_accepted():
    parsed = batch(1, 2)
    assert judge(parsed, replace(REVOKED, witnessed={2: HASHES[2]})) == Accept(parsed, 0)


def test_a_thief_cannot_hide_behind_a_receipt_of_another_run():
    parsed = batch(1, 2)
    for witnessed in ({2: seed("other")}, {3: HASHES[3]}, {1: HASHES[1]}):
        assert isinstance(judge(parsed, replace(REVOKED, witnessed=witnessed)), Quarantine)


def test_a_forged_signature_is_refused_and_not_kept_even_of_a_revoked_node():
    other = KnownSigner(SIGNING[HUB].public(), revoked=True)
    verdict = judge(batch(1, 2), replace(NOTHING, signers=SIGNERS | {(VILLAGE, 1): other}))
    assert isinstance(verdict, Refuse)


def test_a_stopped_journal_is_kept_apart():
    parsed = batch(1, 2)
    assert judge(parsed, replace(NOTHING, stopped=True)) == Quarantine(parsed, Reason.JOURNAL_STOPPED)


@pytest.mark.parametrize(
    ("data", "reason", "fault"),
    [
        (bytes(BATCH_MAX + 1), Reason.TOO_LARGE, Fault.WRITER),
        (b"JJB2", Reason.MALFORMED, Fault.WRITER),
        (sealed().data[:-1], Reason.DAMAGED, Fault.CARRIER),
    ],
)
def test_what_is_no_batch_is_refused_saying_whose_fault_it_is(data, reason, fault):
    refusal = examine(data)
    assert isinstance(refusal, Refuse)
    assert (refusal.reason, refusal.fault) == (reason, fault)
    assert refusal.log


def test_every_reason_says_whose_fault_it_is_and_what_to_do():
    assert set(FAULTS) == set(WHAT_TO_DO) == set(Reason)


def test_a_drop_is_taken_in_from_its_writer():
    journal = JournalId(VILLAGE, bytes(16), Audience.drop(VILLAGE))
    data = seal_batch(journal, 1, journal.digest(), RUN[:1], reader_keys(HUB), SIGNING[VILLAGE], 1).data
    assert isinstance(judge(parse_batch(data), NOTHING), Accept)
