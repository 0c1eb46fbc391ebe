"""What in a case itself keeps it on a disk, and how a summary goes on where entries stopped."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.bodies import facts, records, requests
from common.domain.case import Case, EntryRef, SetAside, Task
from common.domain.case_summary import CaseSummary
from common.domain.course import State
from common.domain.fold import fold
from common.domain.item import Item
from common.domain.masking import mask_name
from common.domain.node import Tier
from common.domain.retention import KEPT_WORDS, Kept, kept_by_case
from tests.builders.cases import APPLICANT, CASE, DAY, HUB, OFFICER, TOWNSHIP, VILLAGE, Book

REF = EntryRef(0, "x", 1)
DAYS = st.integers(-40, 800).map(lambda days: DAY + timedelta(days=days))


@st.composite
def settings(draw: st.DrawFn) -> Case:
    """A case in any standing, whether or not a fold leads there."""
    case = Case(CASE, state=draw(st.sampled_from(State)), closed_on=draw(st.none() | DAYS))
    case.open_requests = draw(
        st.sampled_from([{}, {"r": Book().write(requests.WithdrawalAsked(), "withdrawal_asked")}])
    )
    case.waiting = draw(st.sampled_from([(), (REF,)]))
    case.set_aside = draw(st.sampled_from([[], [SetAside(REF, "decided", "")]]))
    case.stopped = draw(st.sampled_from(["", "from_the_future"]))
    case.unanswered = draw(st.sampled_from([{}, {VILLAGE: 1}]))
    done = draw(st.sampled_from([None, True, False]))
    case.tasks = {} if done is None else {"t": Task("t", "回访", str(VILLAGE), None, done=done)}
    return case


def may_go(case: Case, last: date, retention: int, today: date | None) -> bool:
    """The rule said once more, day by day."""
    if today is None or case.state not in {
        State(name) for name in ("closed", "withdrawn", "terminated", "lapsed", "revoked", "joined")
    }:
        return False
    for thing in (case.open_requests, case.waiting, case.set_aside, case.stopped, case.unanswered):
        if thing:
            return False
    if [task for task in case.tasks.values() if task.done is False]:
        return False
    days = 0
    day = last if case.closed_on is None or case.closed_on < last else case.closed_on
    while day < today:
        day, days = day + timedelta(days=1), days + 1
    return days > retention


@given(settings(), DAYS, st.integers(1, 400), st.none() | DAYS)
def test_a_case_goes_exactly_when_the_rule_said_day_by_day_lets_it(case, last, retention, today):
    assert (kept_by_case(case, last, retention, today) == ()) == may_go(case, last, retention, today)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": State.DELIVERED}, Kept.NOT_OVER),
        ({"open_requests": {"r": Book().write(requests.WithdrawalAsked(), "withdrawal_asked")}}, Kept.ASKED),
        ({"waiting": (REF,)}, Kept.UNSETTLED),
        ({"set_aside": [SetAside(REF, "decided", "")]}, Kept.UNSETTLED),
        ({"stopped": "unknown"}, Kept.UNSETTLED),
        ({"unanswered": {VILLAGE: 1}}, Kept.UNSETTLED),
        ({"tasks": {"t": Task("t", "回访", str(VILLAGE), None)}}, Kept.TASK_OPEN),
    ],
)
def test_each_thing_that_keeps_a_case_is_named(change, why):
    case = Case(CASE, state=State.CLOSED)
    later = DAY + timedelta(days=400)
    assert kept_by_case(case, DAY, 365, later) == ()
    for name, value in change.items():
        setattr(case, name, value)
    assert kept_by_case(case, DAY, 365, later) == (why,)
    assert KEPT_WORDS[why]


def test_retention_ends_after_its_last_day_and_never_without_the_hubs_time():
    case = Case(CASE, state=State.CLOSED)
    assert kept_by_case(case, DAY, 10, DAY + timedelta(days=10)) == (Kept.TOO_YOUNG,)
    assert kept_by_case(case, DAY, 10, DAY + timedelta(days=11)) == ()
    assert kept_by_case(case, DAY, 10, None) == (Kept.NO_HUB_TIME,)
    case.closed_on = DAY + timedelta(days=5)
    assert kept_by_case(case, DAY, 10, DAY + timedelta(days=11)) == (Kept.TOO_YOUNG,)


def test_an_entry_dated_at_the_end_of_time_keeps_its_case_and_breaks_nothing():
    assert kept_by_case(Case(CASE, state=State.CLOSED), date.max, 365, date.max) == (Kept.TOO_YOUNG,)


def test_an_item_keeps_its_cases_a_day_at_least():
    with pytest.raises(ValueError, match="a day"):
        Item("YL", "名", (Tier.VILLAGE,), retention_days=0)


def test_every_reason_has_its_words():
    assert KEPT_WORDS.keys() == set(Kept)


# Where a summary stands for what came before, the fold goes on from it.


def whole_course() -> Book:
    book = Book().taken_in().handed_to(HUB).accepted().reviewed().decided()
    book.handed_out()
    book.write(facts.Delivered("x", DAY), "delivered")
    book.write(facts.Closed(DAY), "closed")
    book.write(records.Told("decision", "电话", DAY), "told", writer=VILLAGE)
    book.write(facts.Ended("查实材料虚假", DAY, OFFICER), "revoked")
    book.write(records.Printed("decision", "1", 1, DAY), "printed", writer=TOWNSHIP)
    return book


def summary_of(case: Case) -> CaseSummary:
    assert case.intake is not None
    return CaseSummary(
        case=str(case.case_id), number="041726004582", item="x", version="", title="x",
        applicant=mask_name(APPLICANT.name), state=case.state, intake=str(case.intake),
        custodian=str(case.custodian), owner=str(HUB), audience="township:0101:0417", members=(),
        takings=case.fence.takings, moves=case.fence.moves, fact=case.last,
        received_on=case.received_on or DAY, updated_ms=0, covers={},
        outcome=case.decision.outcome if case.decision else None,
        decided_on=case.decision.on if case.decision else None,
        accepted_on=case.accepted_on, closed_on=case.closed_on,
    )  # fmt: skip


@given(st.integers(3, len(whole_course().entries)))
def test_a_summary_and_what_came_after_it_tell_what_the_whole_case_tells(cut):
    entries = whole_course().entries
    # A handover takes effect with the entry itself: a cut never falls between the two.
    early = fold(CASE, entries[:cut])
    later = fold(CASE, entries[cut:], summary_of(early))
    whole = fold(CASE, entries)
    for name in ("state", "intake", "custodian", "fence", "last", "received_on", "accepted_on", "closed_on"):
        assert getattr(later, name) == getattr(whole, name), name
    assert (later.decision and later.decision.outcome) == (whole.decision and whole.decision.outcome)
    assert (later.waiting, later.set_aside, later.stopped) == ((), [], "")
    assert [step.ref for step in later.steps] == [entry.ref for entry in entries[cut:]]


def test_a_late_fact_of_before_is_set_aside_and_changes_nothing():
    entries = whole_course().entries
    case = fold(CASE, entries)
    again = fold(
        CASE,
        [replace(entries[-2], ref=EntryRef(0, "late", 1), position=entries[4].position)],
        summary_of(case),
    )
    assert again.state == case.state
    assert [aside.kind for aside in again.set_aside] == ["revoked"]


def test_a_summary_holds_no_name_in_full():
    case = fold(CASE, whole_course().entries)
    with pytest.raises(ValueError, match="masked"):
        replace(summary_of(case), applicant=APPLICANT.name)
    said = [getattr(summary_of(case), field.name) for field in fields(CaseSummary)]
    assert not any(text in str(said) for text in (APPLICANT.name, APPLICANT.identity, APPLICANT.phone))
