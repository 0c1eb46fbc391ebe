import contextlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.wire import FormatError
from common.journal.receipt import (
    ExceptionState,
    Receipt,
    ReceiptException,
    first_receipt,
    is_newer,
    read_receipt,
)
from common.journal.statement import KeyRole, Statement, sign_statement
from tests.common.journal.samples import HUB, JOURNAL, NOW, SIGNING, TOWNSHIP, seed
from tests.common.journal.strategies import any_bytes
from tests.second_decoder import statement as second
from tests.vectors.statements import HELD_ONLY, RECEIPT, described


@st.composite
def receipts(draw: st.DrawFn) -> Receipt:
    safe, waiting, more = (draw(st.integers(0, 2**40)) for _ in range(3))
    numbers = sorted(draw(st.sets(st.integers(1, 1 + safe + more), max_size=3)))
    state = draw(st.sampled_from(ExceptionState))
    return Receipt(
        journal=JOURNAL,
        receiver=HUB,
        receiver_epoch=draw(st.binary(min_size=16, max_size=16)),
        counter=draw(st.integers(0, 2**40)),
        held_number=1 + safe + more,
        held_hash=seed("held"),
        applied_number=safe if waiting % 2 else 1 + safe + more,
        applied_hash=(seed("applied") if safe else JOURNAL.digest()) if waiting % 2 else seed("held"),
        safe_number=safe,
        issued=NOW + timedelta(milliseconds=waiting),
        exceptions=tuple(ReceiptException(number, state, "why_not") for number in numbers),
    )


@given(receipts())
def test_a_receipt_reads_back_and_both_decoders_agree(receipt):
    statement = receipt.sign(1, SIGNING[HUB])
    assert read_receipt(statement) == receipt
    assert second.receipt(statement.encode(), SIGNING[HUB].public()) == described(receipt)


@given(any_bytes(RECEIPT.encode()))
def test_no_payload_makes_a_receipt_raise_anything_else(data):
    with contextlib.suppress(FormatError):
        assert read_receipt(sign_statement("receipt", data, HUB, 1, SIGNING[HUB])).encode() == data


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"applied_number": 6}, "more than held"),
        ({"safe_number": 6}, "more than held"),
        ({"applied_number": 5}, "contradict"),
        ({"held_hash": bytes(31)}, "contradict"),
        ({"receiver_epoch": bytes(15)}, "contradict"),
        ({"counter": -1}, "contradict"),
        ({"receiver": TOWNSHIP}, "only the hub"),
        ({"exceptions": RECEIPT.exceptions[::-1]}, "exceptions"),
        ({"exceptions": (ReceiptException(1, ExceptionState.WAITING, "Zhang San"),)}, "exceptions"),
        ({"issued": NOW + timedelta(microseconds=1)}, "exact"),
        ({"issued": datetime(2026, 1, 1)}, "exact"),  # noqa: DTZ001 - that it is refused is the point
    ],
)
def test_a_receipt_cannot_be_built_wrong(change, rule):
    with pytest.raises(ValueError, match=rule):
        replace(RECEIPT, **change)


def test_a_locked_box_says_held_and_nothing_more():
    assert read_receipt(HELD_ONLY.sign(1, SIGNING[HUB], KeyRole.RECEIPT)) == HELD_ONLY
    with pytest.raises(ValueError, match="only held"):
        RECEIPT.sign(1, SIGNING[HUB], KeyRole.RECEIPT)


def test_an_old_receipt_replayed_is_not_newer():
    older = replace(RECEIPT, counter=RECEIPT.counter - 1)
    assert is_newer(RECEIPT, older, later_epoch=False)
    assert not is_newer(older, RECEIPT, later_epoch=True)
    assert not is_newer(RECEIPT, RECEIPT, later_epoch=False)
    assert is_newer(RECEIPT, None, later_epoch=False)


def test_a_receipt_of_the_later_epoch_is_newer_whatever_its_counter():
    other = replace(RECEIPT, receiver_epoch=bytes(16), counter=0)
    assert is_newer(other, RECEIPT, later_epoch=True)
    assert not is_newer(other, RECEIPT, later_epoch=False)


def test_the_first_receipt_says_nothing_is_held():
    receipt = first_receipt(JOURNAL, TOWNSHIP, bytes(16))
    statement = Statement.decode(receipt.sign(1, SIGNING[TOWNSHIP], KeyRole.RECEIPT).encode())
    assert read_receipt(statement) == receipt
    assert receipt.says_only_held
