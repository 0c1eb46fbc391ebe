"""The fold: one state from the same entries, whatever their order, and custody in one place."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.bodies import facts
from common.domain.bodies.records import Arrived, TaskReported, Told
from common.domain.bodies.requests import WithdrawalAsked
from common.domain.case import Case
from common.domain.course import State
from common.domain.entries import FIRST_FENCE, FactPosition, Fence
from common.domain.fold import fold
from tests.builders.cases import CASE, DAY, HUB, OFFICER, TOWNSHIP, VILLAGE, Book


def state_of(book: Book) -> Case:
    return fold(CASE, book.entries)


def whole_course() -> Book:
    book = Book().taken_in().handed_to(TOWNSHIP)
    book.write(facts.FirstReviewed("属实", favourable=True, on=DAY, by=OFFICER), "first_reviewed")
    book.handed_to(HUB).accepted().reviewed().decided().handed_out()
    return book


def test_a_case_walks_from_the_village_to_the_hub_and_is_decided() -> None:
    case = state_of(whole_course())
    assert (case.state, case.custodian, case.fence) == (State.DECIDED, HUB, Fence(0, 2))
    assert case.decision is not None
    assert not case.waiting
    assert not case.set_aside
    assert case.handed_out is not None


@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(random: Random) -> None:
    entries = whole_course().entries
    shuffled = entries[:]
    random.shuffle(shuffled)
    assert fold(CASE, shuffled) == fold(CASE, entries)


@given(st.integers(0, 8))
def test_a_missing_fact_holds_back_only_what_comes_after_it(gone: int) -> None:
    book = whole_course()
    lost = book.entries[gone]
    case = fold(CASE, [entry for entry in book.entries if entry is not lost])
    counted = len(case.steps) + len(case.waiting)
    assert counted == len(book.entries) - 1
    assert not case.set_aside


def test_a_fact_after_a_taking_is_set_aside_everywhere() -> None:
    book = Book().taken_in()
    late = book.write(facts.HandedOver(str(TOWNSHIP), DAY), "handed_over")
    taking = facts.CustodyTaken(0, 0, 1, str(HUB), "站点烧毁", DAY, OFFICER)
    book.write(taking, "custody_taken", writer=HUB, position=FactPosition(Fence(1, 0), 1))
    case = state_of(book)
    assert (case.custodian, case.fence, case.last) == (HUB, Fence(1, 0), 1)
    assert [aside.ref for aside in case.set_aside] == [late.ref]


def test_a_taking_ends_the_reign_a_handover_would_have_ended() -> None:
    book = Book().taken_in().handed_to(TOWNSHIP)
    taking = facts.CustodyTaken(0, 0, 2, str(HUB), "乡镇失联", DAY, OFFICER)
    book.write(taking, "custody_taken", writer=HUB, position=FactPosition(Fence(1, 0), 1))
    accepted = book.write(facts.Accepted(DAY, OFFICER), "accepted")
    case = state_of(book)
    assert case.custodian == HUB
    assert [aside.ref for aside in case.set_aside] == [accepted.ref]


def test_a_taking_waits_for_the_fact_it_names() -> None:
    book = Book().taken_in()
    taking = facts.CustodyTaken(0, 0, 3, str(HUB), "", DAY, OFFICER)
    book.write(taking, "custody_taken", writer=HUB, position=FactPosition(Fence(1, 0), 1))
    case = state_of(book)
    assert (case.custodian, len(case.waiting)) == (VILLAGE, 1)


def test_nobody_but_the_hub_takes_custody() -> None:
    book = Book().taken_in()
    taking = facts.CustodyTaken(0, 0, 1, str(TOWNSHIP), "", DAY, OFFICER)
    book.write(taking, "custody_taken", writer=TOWNSHIP, position=FactPosition(Fence(1, 0), 1))
    assert state_of(book).custodian == VILLAGE


def test_a_forced_fact_is_skipped_whenever_it_arrives() -> None:
    book = Book().taken_in().handed_to(HUB)
    lost = book.write(facts.Accepted(DAY, OFFICER), "accepted")
    book.accepted()
    assert state_of(Book(entries=[e for e in book.entries if e is not lost])).state is State.RECEIVED
    book.write(facts.FactForced("丢失", OFFICER), "fact_forced", writer=HUB, position=lost.position)
    with_lost, without = state_of(book), fold(CASE, [e for e in book.entries if e is not lost])
    assert with_lost.state is without.state is State.ACCEPTED
    assert [aside.ref for aside in with_lost.set_aside] == [lost.ref]


def test_of_two_facts_at_one_place_the_earlier_epochs_stands() -> None:
    book = Book().taken_in().handed_to(TOWNSHIP).accepted()
    twin = facts.RefusedToAccept("不归我们管", "民政局", DAY, OFFICER)
    later = book.write(
        twin, "refused_to_accept", writer=TOWNSHIP, position=FactPosition(Fence(0, 1), 1), rank=1
    )
    case = state_of(book)
    assert case.state is State.ACCEPTED
    assert [aside.ref for aside in case.set_aside] == [later.ref]


def test_a_fact_by_somebody_who_is_not_the_custodian_does_not_count() -> None:
    book = Book().taken_in()
    foreign = book.write(
        facts.Accepted(DAY, OFFICER), "accepted", writer=TOWNSHIP, position=FactPosition(FIRST_FENCE, 2)
    )
    case = state_of(book)
    assert case.state is State.RECEIVED
    assert case.waiting == (foreign.ref,)


def test_a_fact_the_course_does_not_know_is_set_aside_and_the_next_goes_on() -> None:
    book = Book().taken_in().handed_to(HUB)
    book.write(facts.Resumed("", DAY, OFFICER), "resumed")
    case = state_of(book.accepted())
    assert (case.state, len(case.set_aside)) == (State.ACCEPTED, 1)


def test_an_unknown_fact_stops_the_case_visibly() -> None:
    book = Book().taken_in().handed_to(HUB)
    unknown = book.write(None, "household_split", known=False)
    case = state_of(book.accepted())
    assert case.stopped == "household_split"
    assert case.state is State.RECEIVED
    assert unknown.ref in case.waiting


def test_requests_stay_open_until_a_fact_names_them() -> None:
    book = Book().taken_in().handed_to(HUB).accepted()
    asked = book.write(WithdrawalAsked("不办了"), "withdrawal_asked", writer=VILLAGE)
    assert list(state_of(book).open_requests) == [str(asked.ref)]
    book.write(facts.Withdrawn(str(asked.ref), DAY, OFFICER), "withdrawn")
    case = state_of(book)
    assert (case.state, case.open_requests) == (State.WITHDRAWN, {})
    assert case.over


def test_a_special_procedure_pauses_until_it_is_resumed() -> None:
    book = Book().taken_in().handed_to(HUB).accepted()
    book.write(facts.Suspended("专家评审", "第45条", 10, DAY, OFFICER), "suspended")
    assert state_of(book).pauses[0].end is None
    book.write(facts.Resumed("通过", DAY, OFFICER), "resumed")
    book.write(facts.Extended(10, "疑难", "局长", DAY, OFFICER), "extended")
    book.write(facts.Suspended("入户调查", "", 3, DAY, OFFICER, counts=True), "suspended")
    case = state_of(book)
    assert (case.state, case.extended_days) == (State.SUSPENDED, 10)
    assert [pause.end for pause in case.pauses] == [DAY]


def test_a_notice_a_correction_a_paper_and_the_end_are_told() -> None:
    book = Book().taken_in(lawful=False).handed_to(HUB)
    book.write(Arrived(DAY), "arrived")
    book.write(facts.NoticeGiven((facts.MissingThing("m1", "户口本"),), DAY, OFFICER), "notice_given")
    book.write(Told("notice", "当面", DAY), "told", writer=VILLAGE)
    before = state_of(book)
    assert (before.state, before.told, before.lawful_on) == (State.IN_CORRECTION, ("notice",), DAY)
    book.write(facts.CorrectionTaken("x:1", DAY, OFFICER), "correction_taken")
    book.write(facts.DeemedAccepted(DAY, "行政许可法32(4)"), "deemed_accepted")
    book.decided(facts.Outcome.REFUSED)
    paper = facts.PaperIssued("decision", "雄审〔2026〕1号", "decision-1", None, DAY, OFFICER)  # type: ignore[arg-type]
    book.write(paper, "paper_issued")
    book.write(facts.Delivered("x:2", DAY), "delivered")
    book.write(facts.Closed(DAY), "closed")
    case = state_of(book)
    assert (case.state, case.deemed, case.notice, case.closed_on) == (State.CLOSED, True, (), DAY)
    assert case.papers == (paper,)


def test_a_task_is_done_when_its_report_says_so() -> None:
    book = Book().taken_in().handed_to(TOWNSHIP)
    book.write(facts.TaskAssigned("t1", "入户调查", str(VILLAGE), None, DAY, OFFICER), "task_assigned")
    book.write(TaskReported("t1", "情况属实", done=True, on=DAY), "task_reported", writer=VILLAGE)
    book.write(TaskReported("t9", "", done=True, on=DAY), "task_reported", writer=VILLAGE)
    assert state_of(book).tasks["t1"].done


def test_facts_without_their_submission_wait() -> None:
    book = Book().taken_in()
    case = fold(CASE, book.entries[1:])
    assert (case.custodian, len(case.waiting)) == (None, 1)


@pytest.mark.parametrize("times", [2, 3])
def test_a_second_submission_of_one_case_changes_nothing(times: int) -> None:
    book = Book().taken_in()
    for _ in range(times):
        body = book.entries[0].body
        book.write(replace(body, number="000000000000"), "submitted", writer=TOWNSHIP)  # type: ignore[type-var]
    case = state_of(book)
    assert case.intake == VILLAGE
    assert case.submitted is book.entries[0].body
