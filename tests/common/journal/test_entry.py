import contextlib
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given

from common.crypto.wire import FormatError
from common.domain.entries import FIRST_FENCE, EntryClass, FactPosition
from common.journal.entry import ClockReading, EntryHeader
from common.journal.limits import HEADER_MAX
from tests.common.journal.samples import fact
from tests.common.journal.strategies import any_bytes, headers


@given(headers())
def test_a_header_reads_back_within_its_limit(header):
    data = header.encode()
    assert len(data) <= HEADER_MAX
    assert EntryHeader.decode(data) == header


@given(any_bytes(fact().encode()))
def test_no_bytes_make_a_header_raise_anything_else_or_read_two_ways(data):
    with contextlib.suppress(FormatError):
        assert EntryHeader.decode(data).encode() == data


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"kind": "Received"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"time": datetime(2026, 1, 1)}, "time"),  # noqa: DTZ001 - that it is refused is the point
        ({"time": fact().time + timedelta(microseconds=1)}, "time"),
        ({"time": fact().time.replace(year=1969)}, "time"),
        ({"case_id": None}, "position needs a case"),
        ({"case_id": uuid4()}, "UUIDv7"),
        ({"position": None}, "number from 1"),
        ({"position": FactPosition(FIRST_FENCE, 0)}, "number from 1"),
    ],
)
def test_a_header_cannot_be_built_wrong(change, rule):
    with pytest.raises(ValueError, match=rule):
        replace(fact(), **change)


@pytest.mark.parametrize("reading", [(1, None), (None, 1), (1, -1), (1, 2**31)])
def test_a_clock_is_measured_whole_or_not_at_all(reading):
    with pytest.raises(ValueError, match="certainty"):
        ClockReading(*reading)


def test_a_request_may_know_no_fact_yet():
    header = replace(fact(), entry_class=EntryClass.REQUEST, position=None)
    assert EntryHeader.decode(header.encode()) == header
