import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.errors import BadSignatureError
from common.crypto.wire import FormatError
from common.journal.limits import PAYLOAD_MAX, STATEMENT_MAX
from common.journal.statement import KeyRole, Statement, sign_statement
from tests.common.journal.samples import HUB, SIGNING, TOWNSHIP
from tests.common.journal.strategies import any_bytes, kinds, spoilt

GOOD = sign_statement("receipt", b"payload", HUB, 2, SIGNING[HUB])


@given(kinds, st.binary(max_size=99), st.integers(1, 2**40), st.sampled_from(KeyRole))
def test_a_statement_reads_back_and_verifies(type_, payload, generation, role):
    statement = sign_statement(type_, payload, HUB, generation, SIGNING[HUB], role)
    read = Statement.decode(statement.encode())
    read.verify(SIGNING[HUB].public())
    assert read == statement


@given(any_bytes(GOOD.encode()))
def test_no_bytes_make_a_statement_raise_anything_else(data):
    with contextlib.suppress(FormatError):
        assert Statement.decode(data).encode() == data


@given(spoilt(GOOD.encode()))
def test_no_spoilt_statement_verifies(data):
    with pytest.raises((FormatError, BadSignatureError)):
        Statement.decode(data).verify(SIGNING[HUB].public())


def test_the_largest_statement_is_within_its_limit():
    largest = sign_statement("k" * 40, bytes(PAYLOAD_MAX), HUB, 2**63 - 1, SIGNING[HUB])
    assert len(largest.encode()) <= STATEMENT_MAX
    with pytest.raises(FormatError, match="limit"):
        Statement.decode(bytes(STATEMENT_MAX + 1))


def test_a_statement_is_by_the_key_it_names():
    with pytest.raises(BadSignatureError):
        GOOD.verify(SIGNING[TOWNSHIP].public())


@pytest.mark.parametrize(("type_", "generation"), [("Receipt", 1), ("", 1), ("receipt", 0)])
def test_a_statement_without_type_or_generation_is_not_signed(type_, generation):
    with pytest.raises(ValueError, match="type and a generation"):
        sign_statement(type_, b"", HUB, generation, SIGNING[HUB])


def test_a_payload_is_read_only_as_what_it_is():
    assert GOOD.payload_of("receipt", KeyRole.SIGNING).rest() == b"payload"
    with pytest.raises(FormatError, match="no checkpoint"):
        GOOD.payload_of("checkpoint", KeyRole.SIGNING)
    with pytest.raises(FormatError, match="may not sign"):
        GOOD.payload_of("receipt", KeyRole.ROOT)
