"""A clock that cannot be right judges no dates; one that was measured does, if it is near enough."""

from datetime import UTC, datetime, timedelta

import pytest

from common.casework.clock import NodeClock
from common.program.clock_trust import dates_trusted

TODAY = datetime(2026, 11, 16, 1, 30, tzinfo=UTC)
ROUND_TRIP = timedelta(milliseconds=40)


@pytest.mark.parametrize(("year", "trusted"), [(1970, False), (2016, False), (2026, True), (2036, True)])
def test_an_unmeasured_clock_before_the_program_was_made_is_not_believed(year: int, trusted: bool) -> None:
    assert dates_trusted(NodeClock(lambda: TODAY.replace(year=year))) is trusted


@pytest.mark.parametrize(
    ("off", "trusted"),
    [
        (timedelta(), True),
        (timedelta(hours=5), True),
        (timedelta(days=-2), False),
        (timedelta(days=3650), False),
    ],
)
def test_a_measured_clock_is_believed_if_it_is_near_the_truth(off: timedelta, trusted: bool) -> None:
    clock = NodeClock(lambda: TODAY + off)
    clock.measure(TODAY, ROUND_TRIP)
    assert dates_trusted(clock) is trusted
