"""Where is it: a step is filled only by a receipt or a fact, never by hope."""

from datetime import date

import pytest

from common.domain.bodies import facts
from common.domain.calendar import seed_calendar
from common.domain.case import Case
from common.domain.case_clocks import CaseClocks, clocks_of
from common.domain.course import State
from common.domain.fold import fold
from common.domain.item import Item
from common.domain.node import Tier
from common.domain.whereabouts import NOT_YET, Filled, Reached, next_sentence, steps_shown
from tests.builders.cases import CASE, DAY, HUB, NOON, OFFICER, TOWNSHIP, Book

ALL = Item("sample-01", "某事项", (Tier.VILLAGE, Tier.TOWNSHIP, Tier.COUNTY))
PAST = Item("sample-02", "某事项", (Tier.VILLAGE, Tier.COUNTY))
LOCAL = Item("sample-03", "某事项", (Tier.VILLAGE,))
HALL = Item("sample-04", "某事项", (Tier.VILLAGE, Tier.TOWNSHIP))
HELD = Reached(NOON)


def taken_in() -> Case:
    return fold(CASE, Book().taken_in().entries)


def shown(item: Item, township: Reached = NOT_YET, county: Reached = NOT_YET) -> list[tuple[str, str]]:
    steps = steps_shown(taken_in(), item, intake=Tier.VILLAGE, township=township, county=county)
    return [(step.key, step.filled) for step in steps]


def test_a_case_just_taken_in_is_stored_and_nothing_else() -> None:
    assert shown(ALL) == [("stored", "done"), ("township", "open"), ("county", "open"), ("result", "open")]


def test_steps_fill_independently() -> None:
    assert shown(ALL, county=HELD)[1:3] == [("township", "unused"), ("county", "done")]
    assert shown(ALL, township=HELD)[1:3] == [("township", "done"), ("county", "open")]


def test_a_township_that_only_carries_is_said_to_hold_it_unopened() -> None:
    steps = steps_shown(taken_in(), PAST, intake=Tier.VILLAGE, township=HELD)
    assert steps[1].staff == "已送到乡镇（未拆封）"
    steps = steps_shown(taken_in(), ALL, intake=Tier.VILLAGE, township=HELD)
    assert steps[1].staff == "已送到乡镇"


def test_steps_a_case_never_takes_are_not_shown() -> None:
    assert [key for key, _ in shown(LOCAL)] == ["stored", "result"]
    assert [key for key, _ in shown(HALL)] == ["stored", "township", "result"]
    direct = steps_shown(taken_in(), ALL, intake=Tier.TOWNSHIP)
    assert [step.key for step in direct] == ["stored", "county", "result"]


@pytest.mark.parametrize(("outcome", "word"), [("granted", "准予"), ("refused", "不予")])
def test_the_result_says_which(outcome: str, word: str) -> None:
    book = Book().taken_in().handed_to(TOWNSHIP).handed_to(HUB).accepted()
    case = fold(CASE, book.decided(facts.Outcome(outcome)).entries)
    last = steps_shown(case, ALL, intake=Tier.VILLAGE, county=HELD)[-1]
    assert (last.filled, last.staff, last.public) == (Filled.DONE, f"有结果了：{word}", f"有结果：{word}")
    assert last.at is not None


def test_a_refusal_to_accept_is_a_result() -> None:
    book = Book().taken_in().handed_to(HUB)
    book.write(facts.RefusedToAccept("不归民政管", "医保局", DAY, OFFICER), "refused_to_accept")
    last = steps_shown(fold(CASE, book.entries), ALL, intake=Tier.VILLAGE)[-1]
    assert last.public == "有结果：不予受理"


def test_the_public_reads_that_work_has_begun_only_after_acceptance() -> None:
    book = Book().taken_in().handed_to(TOWNSHIP).handed_to(HUB)
    before = steps_shown(fold(CASE, book.entries), ALL, intake=Tier.VILLAGE, county=HELD)[2]
    after = steps_shown(fold(CASE, book.accepted().entries), ALL, intake=Tier.VILLAGE, county=HELD)[2]
    assert (before.public, after.public) == ("送到了", "开始办")


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_one_sentence(state: State) -> None:
    sentence = next_sentence(Case(CASE, state=state), CaseClocks())
    assert sentence.count("。") >= 1
    assert sentence.endswith("。")


def test_the_sentence_says_by_when() -> None:
    case = fold(CASE, Book().taken_in().entries)
    sentence = next_sentence(case, clocks_of(case, ALL, seed_calendar(), date(2026, 11, 17)))
    assert "2026年11月23日" in sentence
