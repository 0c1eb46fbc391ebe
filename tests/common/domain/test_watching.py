"""A silent village is told of before an application there can be accepted by law unseen."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.calendar import seed_calendar
from common.domain.clocks import DayUnit, Limit, deemed_accepted_on
from common.domain.figures import Figure, Figures
from common.domain.item import CORRECTION, Item
from common.domain.node import Tier
from common.domain.times import CHINA, china_day
from common.domain.watching import (
    HEALTH_NAMES,
    SILENT_AFTER,
    WHY_WORDS,
    Health,
    Known,
    Why,
    complete_to,
    danger,
    judge,
    limits_running,
)

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
CALENDAR = seed_calendar()
ALL = (Tier.VILLAGE, Tier.TOWNSHIP)


def said(**values: int) -> Figures:
    return Figures(1, NOW, "jiujin/0.1.0", {Figure[name.upper()]: value for name, value in values.items()})


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def whys(known: Known, now: datetime = NOW) -> list[Why]:
    return [one.why for one in judge(known, now, None).reasons]


def test_a_node_heard_today_with_nothing_the_matter_is_fine():
    told = judge(Known(NOW - timedelta(hours=1), said(fresh=ms(NOW))), NOW, None)
    assert (told.health, told.reasons) == (Health.FINE, ())


@pytest.mark.parametrize(
    ("figures", "why"),
    [
        (said(fresh=ms(NOW - timedelta(days=3))), Why.STALE),
        (said(parcels=3, oldest=ms(NOW - timedelta(days=3))), Why.BACKLOG),
        (said(battery=1), Why.BATTERY),
        (said(locked=1), Why.LOCKED),
        (said(clock=-6 * 60_000), Why.CLOCK),
        (said(disk_free=1024**3, disk=100 * 1024**3), Why.DISK),
    ],
)
def test_what_a_node_says_of_itself_is_a_reason_to_look(figures, why):
    told = judge(Known(NOW, figures), NOW, None)
    assert ([one.why for one in told.reasons], told.health) == ([why], Health.LOOK)


def test_what_others_hold_of_it_is_a_reason_to_look():
    assert whys(Known(NOW, None, refused=1, waiting=2, quarantined=3)) == [
        Why.QUARANTINED,
        Why.REFUSED,
        Why.WAITING,
    ]


def test_small_disks_are_judged_by_their_part_and_small_errors_of_a_clock_not_at_all():
    assert whys(Known(NOW, said(disk_free=512 * 1024**2, disk=8 * 1024**3))) == []
    assert whys(Known(NOW, said(clock=4 * 60_000))) == []


def test_a_node_never_heard_or_not_heard_for_a_day_is_silent():
    assert whys(Known(None)) == [Why.NEVER_HEARD]
    assert whys(Known(NOW - SILENT_AFTER)) == []
    assert whys(Known(NOW - SILENT_AFTER - timedelta(seconds=1))) == [Why.SILENT]
    assert judge(Known(None), NOW, None).health is Health.SILENT


def item(**more: object) -> Item:
    given_ = {"route": (Tier.VILLAGE, Tier.TOWNSHIP), "deemed_acceptance": True, "lawful_receiver": True}
    return Item("X", "某许可", **{**given_, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "tiers"),
    [
        (item(), {Tier.VILLAGE}),
        (item(route=(Tier.VILLAGE, Tier.TOWNSHIP, Tier.COUNTY)), {Tier.VILLAGE, Tier.TOWNSHIP}),
        (item(route=(Tier.VILLAGE, Tier.COUNTY), lawful_receiver=False), {Tier.TOWNSHIP}),
        (item(deemed_acceptance=False), set()),
        (item(route=(Tier.VILLAGE,)), set()),
    ],
    ids=["township decides", "county decides", "no receiving point", "no such rule", "village decides"],
)
def test_a_limit_runs_where_a_lawful_receiver_takes_in_for_somebody_above(one, tiers):
    assert {tier for tier in ALL if limits_running([one], tier)} == tiers


def test_the_last_day_is_told_from_half_of_the_time():
    """Worked: heard on Monday 16 November 2026; five working days end on Monday 23, half of them on 18."""
    found = danger(NOW, [CORRECTION], CALENDAR)
    assert found is not None
    assert (found.last_day, found.warn_from) == (date(2026, 11, 23), date(2026, 11, 18))
    steps = {day: found.reason(date(2026, 11, day)) for day in (17, 18, 23, 24)}
    told = {day: reason.why if reason else None for day, reason in steps.items()}
    assert told == {17: None, 18: Why.SILENCE_NEAR, 23: Why.SILENCE_NEAR, 24: Why.SILENCE_PASSED}


def test_a_long_holiday_gives_time_and_the_shortest_limit_counts():
    eve = datetime(2026, 2, 14, 2, 0, tzinfo=UTC)
    found = danger(eve, [Limit(20, DayUnit.WORKING), CORRECTION], CALENDAR)
    assert found is not None
    assert found.last_day > date(2026, 2, 24)
    assert danger(eve, [], CALENDAR) is None


def test_parcels_that_lie_there_count_from_when_they_came():
    lying = NOW - timedelta(days=9)
    assert complete_to(Known(NOW, said(oldest=ms(lying)))) == lying
    assert complete_to(Known(NOW, said(cases=0))) == NOW
    assert complete_to(Known(None, said(cases=0))) is None


moments = st.datetimes(datetime(2026, 1, 5), datetime(2026, 10, 30)).map(lambda at: at.replace(tzinfo=CHINA))  # noqa: DTZ001
limits = st.builds(Limit, st.integers(1, 20), st.sampled_from(DayUnit))


@given(moments, moments, limits)
def test_nothing_taken_in_after_the_last_word_is_accepted_by_law_before_it_was_told(heard, taken, limit):
    """Whatever is taken in unseen, the alarm stands before the law's day is over."""
    if taken < heard:
        heard, taken = taken, heard
    found = danger(heard, [limit], CALENDAR)
    law = deemed_accepted_on(china_day(taken), limit, CALENDAR, rule=True)
    assert found is not None
    assert law is not None
    assert found.warn_from <= found.last_day <= law.last_day.day
    assert found.reason(law.last_day.day) is not None


def test_every_reason_and_health_has_its_words():
    assert set(WHY_WORDS) == set(Why)
    assert set(HEALTH_NAMES) == set(Health)
