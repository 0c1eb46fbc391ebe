import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.wire import FormatError
from common.journal.chain import (
    StoredEntry,
    body_digest,
    chain,
    chain_run,
    decode_entry,
    decode_run,
    encode_entry,
    encode_run,
    write_entry,
)
from common.journal.limits import BODY_MAX, CITABLE_BODY_MAX, RUN_MAX
from tests.common.journal.samples import JOURNAL, fact, run_of
from tests.common.journal.strategies import any_bytes, entries
from tests.second_decoder import journal


@given(st.lists(entries(), max_size=5))
def test_a_run_reads_back_and_both_decoders_chain_it_alike(written):
    data, before = encode_run(written), JOURNAL.digest()
    read = decode_run(data, len(written))
    assert read == tuple(written)
    chain_hashes = [value.hex() for value in chain_run(before, read)]
    assert journal.run(data, len(written), before)["chain"] == chain_hashes


@given(st.lists(entries(), min_size=1, max_size=5))
def test_erasing_any_entry_keeps_the_chain(written):
    before = JOURNAL.digest()
    for place, entry in enumerate(written):
        erased = [*written[:place], entry.erase(), *written[place + 1 :]]
        assert erased[place].erased
        assert decode_run(encode_run(erased), len(erased)) == tuple(erased)
        assert chain_run(before, erased) == chain_run(before, written)


@given(any_bytes(encode_run(run_of(2))))
def test_no_bytes_make_a_run_raise_anything_else(data):
    with contextlib.suppress(FormatError):
        assert encode_run(decode_run(data, 2)) == data


def test_every_part_of_an_entry_is_in_the_chain():
    first, second = run_of(2)
    before = JOURNAL.digest()
    assert chain(before, first) != chain(before, second)
    assert chain(before, first) != chain(bytes(32), first)
    other = write_entry(fact(1), b"{}", bytes(16))
    assert chain(before, first) != chain(before, other)


def test_the_longest_header_is_chained_with_its_length_in_two_bytes():
    entry = StoredEntry(bytes(128), bytes(16), b"", body_digest(bytes(16), b""))
    assert decode_entry(encode_entry(entry)) == entry
    shown = journal.run(encode_entry(entry), 1, JOURNAL.digest())
    assert shown["chain"] == [chain(JOURNAL.digest(), entry).hex()]


def test_a_body_within_its_limit_only_and_in_a_case_one_that_can_be_cited():
    salt = bytes(16)
    assert write_entry(fact(), bytes(CITABLE_BODY_MAX), salt).body
    with pytest.raises(ValueError, match="limit"):
        write_entry(fact(), bytes(CITABLE_BODY_MAX + 1), salt)
    with pytest.raises(ValueError, match="salt"):
        write_entry(fact(), b"{}", bytes(15))


def test_a_run_above_its_limits_is_refused_before_it_is_read():
    with pytest.raises(FormatError, match="too many"):
        decode_run(b"", RUN_MAX + 1)
    with pytest.raises(ValueError, match="at most"):
        encode_entry(StoredEntry(b"h", bytes(16), bytes(BODY_MAX + 1), bytes(32)))
