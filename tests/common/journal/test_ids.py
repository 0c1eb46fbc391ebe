import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.wire import FormatError
from common.domain.audience import Audience
from common.journal.ids import (
    JournalId,
    begins_here,
    case_id_of,
    new_epoch,
    parcel_name,
    parcel_name_of,
)
from tests.common.journal.samples import HUB, JOURNAL, NEIGHBOUR, PUBLIC_JOURNAL, TOWNSHIP, VILLAGE
from tests.common.journal.strategies import any_bytes, journals


@given(journals())
def test_a_journal_id_reads_back(journal):
    assert JournalId.decode(journal.encode()) == journal


@given(any_bytes(JOURNAL.encode()))
def test_no_bytes_make_a_journal_id_raise_anything_else(data):
    with contextlib.suppress(FormatError):
        assert JournalId.decode(data).encode() == data


def test_a_journal_is_sealed_to_its_audience_and_the_hub():
    assert JOURNAL.readers() == {HUB, TOWNSHIP, VILLAGE}
    assert PUBLIC_JOURNAL.readers() == frozenset()
    assert JournalId(VILLAGE, bytes(16), Audience.drop(VILLAGE)).readers() == {HUB}


def test_nobody_keeps_a_journal_for_an_audience_it_is_not_in():
    with pytest.raises(ValueError, match="may not write"):
        JournalId(NEIGHBOUR, bytes(16), Audience.township(TOWNSHIP, VILLAGE))
    with pytest.raises(ValueError, match="16 bytes"):
        JournalId(VILLAGE, bytes(15), Audience.county(VILLAGE))


def test_epochs_and_names_do_not_repeat():
    assert new_epoch() != new_epoch()
    assert parcel_name(b"a") != parcel_name(b"b")


def test_a_parcel_in_pieces_has_the_name_of_the_whole():
    assert parcel_name_of([b"a", b"", b"bc"]) == parcel_name(b"abc")


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_a_case_id_names_the_journal_and_the_entry_it_begins_with(salt, other):
    instant = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)
    case_id = case_id_of(JOURNAL.digest(), salt, instant)
    assert case_id.version == 7
    assert begins_here(case_id, JOURNAL.digest(), salt)
    assert not begins_here(case_id, PUBLIC_JOURNAL.digest(), salt)
    assert begins_here(case_id, JOURNAL.digest(), other) == (salt == other)
