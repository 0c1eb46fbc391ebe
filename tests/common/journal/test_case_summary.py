"""The signed summary of a purged case."""

import contextlib

import pytest
from hypothesis import given

from common.crypto.errors import BadSignatureError
from common.crypto.wire import FormatError
from common.domain.bodies.facts import Outcome
from common.domain.case_summary import CaseSummary
from common.domain.course import State
from common.journal.case_summary import read_summary, sign_summary
from common.journal.limits import PAYLOAD_MAX
from common.journal.statement import KeyRole, Statement, sign_statement
from tests.common.journal.samples import HUB, JOURNAL, NOW, SIGNING, TOWNSHIP, VILLAGE, case_id
from tests.common.journal.strategies import any_bytes

SUMMARY = CaseSummary(
    case=str(case_id()),
    number="041726004582",
    item="YL-0001",
    version="ab" * 32,
    title="困难残疾人生活补贴",
    applicant="王*芳",
    state=State.CLOSED,
    intake=str(VILLAGE),
    custodian=str(HUB),
    owner=str(HUB),
    audience="township:0003:0417",
    members=(str(HUB), str(VILLAGE)),
    takings=0,
    moves=2,
    fact=5,
    received_on=NOW.date(),
    updated_ms=1_790_000_000_000,
    covers={JOURNAL.digest().hex(): 17},
    outcome=Outcome.GRANTED,
    decided_on=NOW.date(),
)


def test_a_summary_reads_back_and_only_its_keepers_key_signed_it():
    statement = sign_summary(SUMMARY, VILLAGE, 1, SIGNING[VILLAGE])
    assert read_summary(statement.encode()) == SUMMARY
    Statement.decode(statement.encode()).verify(SIGNING[VILLAGE].public())
    with pytest.raises(BadSignatureError):
        statement.verify(SIGNING[TOWNSHIP].public())
    assert len(statement.payload) < PAYLOAD_MAX // 4


def test_the_key_of_a_locked_box_signs_no_summary():
    payload = sign_summary(SUMMARY, VILLAGE, 1, SIGNING[VILLAGE]).payload
    statement = sign_statement("case_summary", payload, VILLAGE, 1, SIGNING[VILLAGE], KeyRole.RECEIPT)
    with pytest.raises(FormatError):
        read_summary(statement.encode())


@given(any_bytes(sign_summary(SUMMARY, VILLAGE, 1, SIGNING[VILLAGE]).payload))
def test_no_payload_makes_a_summary_raise_anything_else(data):
    with contextlib.suppress(FormatError):
        read_summary(sign_statement("case_summary", data, VILLAGE, 1, SIGNING[VILLAGE]).encode())
