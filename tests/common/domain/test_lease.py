"""A lease is as old as the newest hub-signed time, whatever a clock is set to."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.lease import LeaseStanding, standing
from tests.builders.cases import NOON

DAYS = timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (0, LeaseStanding.LIVE),
        (14, LeaseStanding.LIVE),
        (15, LeaseStanding.WARN),
        (29, LeaseStanding.WARN),
        (30, LeaseStanding.EXPIRED),
    ],
)
def test_a_lease_warns_from_half_of_it_and_ends(age: int, expected: LeaseStanding) -> None:
    assert standing(30, NOON, NOON + age * DAYS, None) is expected


def test_a_node_that_never_saw_hub_time_may_not_decide() -> None:
    assert standing(30, None, NOON, None) is LeaseStanding.EXPIRED


@given(st.integers(1, 4000))
def test_a_clock_set_back_never_stretches_a_lease(days_back: int) -> None:
    seen = NOON + 40 * DAYS
    assert standing(30, NOON, seen - days_back * DAYS, seen) is LeaseStanding.EXPIRED


def test_a_clock_a_few_minutes_behind_is_no_fault() -> None:
    assert standing(30, NOON, NOON, NOON + timedelta(minutes=5)) is LeaseStanding.LIVE
