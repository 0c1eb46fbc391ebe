"""Authorisation: deny by default, a role opens the door, a dated grant gives power over an item."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.grants import (
    GRANTED,
    POWER_NAMES,
    ROLE_NAMES,
    ROLE_POWERS,
    Actor,
    Grant,
    NotAllowedError,
    Power,
    Role,
    authorise,
)

DAY = date(2026, 11, 16)


def grant(**changes: object) -> Grant:
    values: dict[str, object] = {
        "grant": "g1",
        "node": "130638-0001",
        "login": "li",
        "name": "李四",
        "post": "首席事务代表",
        "powers": (Power.DECIDE,),
        "items": ("sample-01",),
        "since": DAY,
        "until": DAY + timedelta(days=10),
    }
    return Grant(**(values | changes))  # type: ignore[arg-type]


def chief(*grants: Grant) -> Actor:
    return Actor("li", "李四", frozenset({Role.CHIEF}), grants)


def test_a_chief_decides_under_a_grant() -> None:
    assert authorise(chief(grant()), Power.DECIDE, "sample-01", DAY) == grant()


def test_a_grant_for_every_item_covers_every_item() -> None:
    assert authorise(chief(grant(items=("*",))), Power.DECIDE, "sample-77", DAY) is not None


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_grant_holds_from_its_first_day_to_the_day_before_it_ends(day: date) -> None:
    assert grant().covers(Power.DECIDE, "sample-01", day) == (DAY <= day < DAY + timedelta(days=10))


@pytest.mark.parametrize(
    "wrong", [{"items": ("sample-02",)}, {"powers": (Power.REVIEW,)}, {"since": DAY + timedelta(days=1)}]
)
def test_another_item_power_or_time_is_not_covered(wrong: dict[str, object]) -> None:
    with pytest.raises(NotAllowedError):
        authorise(chief(grant(**wrong)), Power.DECIDE, "sample-01", DAY)


def test_a_role_alone_decides_nothing_and_a_grant_alone_neither() -> None:
    for actor in (chief(), Actor("li", "李四", frozenset({Role.HELPER}), (grant(),))):
        with pytest.raises(NotAllowedError):
            authorise(actor, Power.DECIDE, "sample-01", DAY)


def test_a_refusal_names_who_can() -> None:
    with pytest.raises(NotAllowedError) as refused:
        authorise(chief(), Power.DECIDE, "sample-01", DAY, (grant(),))
    assert "李四（首席事务代表）" in refused.value.sentence
    assert "李四" not in str(refused.value)


def test_a_refusal_says_where_to_ask_when_nobody_here_can() -> None:
    for power in (Power.DECIDE, Power.KEEP_NODES):
        with pytest.raises(NotAllowedError) as refused:
            authorise(Actor("x", "某", frozenset()), power, "sample-01", DAY)
        assert "请" in refused.value.sentence


def test_a_helper_takes_in_without_a_grant() -> None:
    helper = Actor("h", "赵", frozenset({Role.HELPER}))
    assert authorise(helper, Power.TAKE_IN, "sample-01", DAY) is None


def test_every_role_and_power_has_a_name_people_read() -> None:
    assert set(ROLE_NAMES) == set(Role) == set(ROLE_POWERS)
    assert set(POWER_NAMES) == set(Power)
    assert set(Power) > GRANTED
