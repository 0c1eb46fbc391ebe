from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.journal.body import decode_body, encode_body
from common.journal.chain import CITED_KIND, chain, write_entry
from common.journal.citation import Citation, from_body, to_body
from common.journal.errors import BodyError
from common.journal.limits import BODY_MAX, CITABLE_BODY_MAX
from tests.common.journal.samples import JOURNAL, fact, run_of
from tests.common.journal.strategies import entries, journals

ENTRY = run_of(1)[0]
CITATION = Citation(JOURNAL, 1, chain(JOURNAL.digest(), ENTRY), ENTRY)


@given(journals(), st.integers(1, 2**50), entries())
def test_a_citation_reads_back_as_the_same_entry_of_the_same_place(journal, number, entry):
    citation = Citation(journal, number, chain(bytes(32), entry), entry)
    assert from_body(decode_body(CITED_KIND, encode_body(to_body(citation)))) == citation


def test_every_entry_of_a_case_can_be_cited():
    longest = write_entry(replace(fact(), kind="k" * 40), bytes(CITABLE_BODY_MAX), bytes(16))
    assert len(encode_body(to_body(replace(CITATION, entry=longest)))) <= BODY_MAX


def test_an_entry_too_long_to_cite_is_not_cited():
    longer = write_entry(replace(fact(), kind=CITED_KIND), bytes(BODY_MAX), bytes(16))
    with pytest.raises(ValueError, match="too long"):
        to_body(replace(CITATION, entry=longer))


@pytest.mark.parametrize(
    "change",
    [
        {"writer": "nobody"},
        {"epoch": "00"},
        {"epoch": "00" * 40},
        {"audience": "world"},
        {"audience": "public"},
        {"number": 0},
        {"chain": "AB" * 32},
        {"chain": "not hex"},
        {"entry": ""},
        {"entry": "00"},
        {"entry": "00" * 140_000},
    ],
)
def test_a_citation_that_names_no_entry_is_refused(change):
    with pytest.raises(BodyError):
        from_body(replace(to_body(CITATION), **change))


@pytest.mark.parametrize("change", [{"number": 0}, {"chain": bytes(31)}])
def test_a_citation_cannot_be_built_wrong(change):
    with pytest.raises(ValueError, match="citation"):
        replace(CITATION, **change)
