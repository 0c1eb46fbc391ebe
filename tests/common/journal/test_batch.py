from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.crypto.errors import BadKeyError, BadSignatureError, CannotOpenError
from common.crypto.wire import FormatError
from common.domain.audience import Audience
from common.journal import batch_reseal
from common.journal.batch import (
    AttachmentRef,
    OpenedRun,
    ReaderKey,
    open_batch,
    parse_batch,
    reseal_batch,
    seal_batch,
    verify_batch,
    verify_reseal,
)
from common.journal.chain import StoredEntry, chain_run, write_entry
from common.journal.errors import ChainBrokenError, JournalError, SealedBytesError
from common.journal.ids import JournalId, parcel_name
from common.journal.limits import BATCH_MAX
from tests.common.journal.samples import (
    ATTACHMENT,
    HUB,
    JOURNAL,
    KEYRING,
    NEIGHBOUR,
    PUBLIC_JOURNAL,
    SEALING,
    SIGNING,
    TOWNSHIP,
    VILLAGE,
    fact,
    reader_keys,
    ring,
    run_of,
    sealed,
    seed,
)
from tests.common.journal.strategies import any_bytes, entries, spoilt
from tests.second_decoder import parcel

SEEDS = {key_id: key.seeds() for key_id, key in KEYRING.items()}
CLOSED = sealed(attachments=[ATTACHMENT])
OPEN = sealed(journal=PUBLIC_JOURNAL)
AGAIN = reseal_batch(
    parse_batch(CLOSED.data), run_of(2), reader_keys(VILLAGE), TOWNSHIP, SIGNING[TOWNSHIP], 1
)


@given(
    st.lists(entries(), min_size=1, max_size=4),
    st.sampled_from((JOURNAL, PUBLIC_JOURNAL)),
    st.integers(2, 2**50),
)
@settings(max_examples=20)
def test_both_decoders_open_what_is_sealed_and_agree(written, journal, first):
    before = seed("before")
    batch = sealed(written, journal, first, before, [ATTACHMENT, ATTACHMENT])
    parsed = parse_batch(batch.data)
    verify_batch(parsed, SIGNING[journal.writer].public())
    opened = open_batch(parsed, KEYRING)
    assert opened.entries == tuple(written)
    assert opened.hashes == tuple(chain_run(before, written))
    assert parsed.header == batch.header
    assert parsed.name == batch.name == parcel_name(batch.data)
    theirs = parcel.batch(batch.data, SIGNING[journal.writer].public(), SEEDS)
    assert theirs["chain"] == [value.hex() for value in opened.hashes]
    assert theirs["attachments"] == [[ATTACHMENT.name.hex(), ATTACHMENT.length]]
    assert (theirs["name"], theirs["first"]) == (batch.name.hex(), first)


@pytest.mark.parametrize("reader", [HUB, TOWNSHIP, VILLAGE])
def test_every_reader_opens_and_nobody_else(reader):
    assert open_batch(parse_batch(CLOSED.data), ring(reader, NEIGHBOUR)).entries == run_of(2)
    with pytest.raises(CannotOpenError):
        open_batch(parse_batch(CLOSED.data), ring(NEIGHBOUR))


def test_a_drop_is_opened_by_the_hub_alone():
    journal = JournalId(VILLAGE, bytes(16), Audience.drop(VILLAGE))
    parsed = parse_batch(sealed(journal=journal).data)
    assert open_batch(parsed, ring(HUB)).entries == run_of(2)
    with pytest.raises(CannotOpenError):
        open_batch(parsed, ring(VILLAGE, TOWNSHIP))


def _open_whatever(data: bytes) -> OpenedRun:
    parsed = parse_batch(data)
    verify_batch(parsed, SIGNING[parsed.journal.writer].public())
    if parsed.reseal is not None:
        verify_reseal(parsed.reseal, SIGNING[parsed.reseal.statement.sealer].public())
    return open_batch(parsed, KEYRING)


REFUSALS = (FormatError, JournalError, BadSignatureError, CannotOpenError)


@given(st.sampled_from((OPEN.data, CLOSED.data, AGAIN.data)).flatmap(spoilt))
def test_no_spoilt_batch_ever_opens(data):
    with pytest.raises(REFUSALS):
        _open_whatever(data)


@pytest.mark.parametrize("batch", [OPEN, AGAIN], ids=["open", "resealed"])
def test_a_batch_cut_or_flipped_at_any_byte_never_opens(batch):
    step = max(1, len(batch.data) // 400)
    for place in range(0, len(batch.data), step):
        flipped = bytearray(batch.data)
        flipped[place] ^= 0x40
        for data in (batch.data[:place], bytes(flipped)):
            with pytest.raises(REFUSALS):
                _open_whatever(data)


@given(any_bytes(b"JJB1" + OPEN.data[4:90]))
def test_no_bytes_make_the_parser_raise_anything_else(data):
    with pytest.raises((FormatError, SealedBytesError)):
        parse_batch(data)


def test_a_batch_above_its_limit_is_refused_unread():
    with pytest.raises(FormatError, match="limit"):
        parse_batch(bytes(BATCH_MAX + 1))


def test_the_largest_run_fits_and_one_more_byte_does_not():
    header = replace(fact(), kind="cited")
    size = 1_048_576 // 4 - len(header.encode()) - 1 - 1 - 16 - 3
    full = [write_entry(header, bytes(size), seed(f"{n}", 16)) for n in range(4)]
    assert open_batch(parse_batch(sealed(full).data), ring(HUB)).entries == tuple(full)
    with pytest.raises(ValueError, match="1 MiB"):
        sealed([*full[1:], write_entry(header, bytes(size + 1), bytes(16))])


@pytest.mark.parametrize("count", [0, 1001])
def test_a_batch_is_one_to_a_thousand_entries(count):
    entry = StoredEntry(b"h", None, None, bytes(32))
    with pytest.raises(ValueError, match=r"1 to 1,000"):
        sealed([entry] * count)


@pytest.mark.parametrize(
    ("readers", "rule"),
    [
        ((TOWNSHIP, VILLAGE), "hub"),
        ((HUB, NEIGHBOUR), "outside"),
        ((HUB, HUB), "order"),
        ((), "readers"),
    ],
)
def test_nothing_is_sealed_to_the_wrong_readers(readers, rule):
    with pytest.raises(ValueError, match=rule):
        seal_batch(JOURNAL, 2, bytes(32), run_of(1), reader_keys(*readers), SIGNING[VILLAGE], 1)


def test_what_cannot_be_sealed_rightly_is_not_sealed():
    with pytest.raises(ValueError, match="another journal"):
        sealed(before=bytes(32))
    with pytest.raises(ValueError, match="too large"):
        sealed(first=2**63 - 1, before=bytes(32))
    with pytest.raises(ValueError, match="two lengths"):
        sealed(attachments=[ATTACHMENT, AttachmentRef(ATTACHMENT.name, 1)])
    with pytest.raises(BadKeyError):
        seal_batch(JOURNAL, 2, bytes(32), run_of(1), [ReaderKey(HUB, b"no key")], SIGNING[VILLAGE], 1)


def test_a_reseal_keeps_the_writers_header_and_proves_the_run():
    erased = (run_of(2)[0].erase(), run_of(2)[1])
    again = reseal_batch(parse_batch(CLOSED.data), erased, reader_keys(VILLAGE), HUB, SIGNING[HUB], 3)
    parsed = parse_batch(again.data)
    assert parsed.reseal is not None
    assert (parsed.raw_header, parsed.header) == (parse_batch(CLOSED.data).raw_header, CLOSED.header)
    assert parsed.reseal.signer == (HUB, 3)
    verify_batch(parsed, SIGNING[VILLAGE].public())
    verify_reseal(parsed.reseal, SIGNING[HUB].public())
    assert open_batch(parsed, ring(VILLAGE)).entries == erased
    with pytest.raises(CannotOpenError):
        open_batch(parsed, ring(HUB, TOWNSHIP))
    assert again.name != CLOSED.name


def test_a_reseal_may_be_sealed_again():
    third = reseal_batch(parse_batch(AGAIN.data), run_of(2), reader_keys(HUB, VILLAGE), HUB, SIGNING[HUB], 1)
    assert open_batch(parse_batch(third.data), ring(HUB)).entries == run_of(2)


def test_the_hub_seals_a_public_run_again_after_an_erasure():
    erased = tuple(entry.erase() for entry in run_of(2))
    again = reseal_batch(parse_batch(OPEN.data), erased, [], HUB, SIGNING[HUB], 1)
    assert open_batch(parse_batch(again.data), {}).entries == erased


def test_another_run_is_not_sealed_under_a_writers_header():
    parsed = parse_batch(CLOSED.data)
    with pytest.raises(ChainBrokenError):
        reseal_batch(parsed, run_of(2, "other"), reader_keys(HUB), HUB, SIGNING[HUB], 1)
    with pytest.raises(ChainBrokenError):
        reseal_batch(parsed, (), reader_keys(HUB), HUB, SIGNING[HUB], 1)


def test_nobody_outside_the_audience_seals_again_or_is_sealed_to():
    parsed = parse_batch(CLOSED.data)
    with pytest.raises(ValueError, match="only the writer or a reader"):
        reseal_batch(parsed, run_of(2), reader_keys(HUB), NEIGHBOUR, SIGNING[NEIGHBOUR], 1)
    with pytest.raises(ValueError, match="outside"):
        reseal_batch(parsed, run_of(2), reader_keys(NEIGHBOUR), HUB, SIGNING[HUB], 1)


def test_a_lying_resealer_cannot_change_the_run(monkeypatch):
    """What it seals must still lead to the chain hash in the writer's header."""
    monkeypatch.setattr(batch_reseal, "chain_run", lambda *_: [CLOSED.header.binding.after])
    lie = run_of(2, "lie")
    again = reseal_batch(parse_batch(CLOSED.data), lie, reader_keys(HUB), TOWNSHIP, SIGNING[TOWNSHIP], 1)
    with pytest.raises(ChainBrokenError):
        open_batch(parse_batch(again.data), ring(HUB))


def test_keys_are_found_by_their_id_retired_ones_too():
    assert set(KEYRING) == {key.key_id() for key in SEALING.values()}
    assert open_batch(parse_batch(AGAIN.data), KEYRING).entries == run_of(2)
