"""The clocks of a case around Spring Festival, make-up Saturdays, pauses and the end of the table."""

from datetime import date

from common.domain.bodies import facts
from common.domain.bodies.requests import Submitted
from common.domain.calendar import seed_calendar
from common.domain.case_clocks import CaseClocks, clocks_of
from common.domain.clocks import DayUnit, Limit
from common.domain.fold import fold
from common.domain.item import Item
from common.domain.node import Tier
from tests.builders.cases import CASE, HUB, OFFICER, Book, application

CALENDAR = seed_calendar()
ITEM = Item(
    "sample-01",
    "林木采伐许可证核发",
    (Tier.VILLAGE, Tier.COUNTY),
    statutory=Limit(20, DayUnit.WORKING, extension=10),
    promised=Limit(5, DayUnit.WORKING),
    deemed_acceptance=True,
)


def clocks(book: Book, today: date, item: Item = ITEM) -> CaseClocks:
    return clocks_of(fold(CASE, book.entries), item, CALENDAR, today)


def received(day: date) -> Book:
    book = Book()
    book.write(Submitted("041726004582", application()), "submitted")
    book.write(facts.Received(day, lawful=True), "received")
    return book.handed_to(HUB)


def accepted(day: date) -> Book:
    book = received(day)
    book.write(facts.Accepted(day, OFFICER), "accepted")
    return book


def test_the_correction_clock_counts_five_working_days_from_the_day_after_receipt() -> None:
    due = clocks(received(date(2026, 11, 16)), date(2026, 11, 17)).correction
    assert due is not None
    assert due.day == date(2026, 11, 23)


def test_silence_past_the_correction_clock_is_acceptance_from_the_day_of_receipt() -> None:
    book = received(date(2026, 11, 16))
    assert clocks(book, date(2026, 11, 23)).deemed is None
    assert clocks(book, date(2026, 11, 24)).deemed == date(2026, 11, 16)


def test_spring_festival_and_make_up_saturdays_move_the_promised_day() -> None:
    start = date(2026, 2, 12)
    due = clocks(accepted(start), start).promised
    assert due is not None
    assert due.day == date(2026, 2, 26)  # 13, 14 (a make-up Saturday), 24, 25, 26


def test_a_special_procedure_holds_both_clocks_and_its_time_does_not_count() -> None:
    book = accepted(date(2026, 11, 16))
    book.write(facts.Suspended("专家评审", "第45条", 5, date(2026, 11, 18), OFFICER), "suspended")
    held = clocks(book, date(2026, 11, 20))
    assert (held.held, held.statutory, held.promised, held.next_due) == (True, None, None, None)
    book.write(facts.Resumed("通过", date(2026, 11, 25), OFFICER), "resumed")
    due = clocks(book, date(2026, 11, 25)).promised
    assert due is not None
    assert due.day == date(2026, 11, 30)


def test_an_extension_lengthens_the_limit_by_its_days() -> None:
    book = accepted(date(2026, 11, 16))
    before = clocks(book, date(2026, 11, 20)).statutory
    book.write(facts.Extended(10, "疑难", "局长", date(2026, 11, 20), OFFICER), "extended")
    after = clocks(book, date(2026, 11, 20)).statutory
    assert before is not None
    assert after is not None
    assert CALENDAR.guess_workdays(before.day, 10) == after.day


def test_a_day_past_the_table_is_a_guess_shown_as_such() -> None:
    item = Item("sample-02", "某事项", (Tier.COUNTY,), statutory=Limit(500, DayUnit.WORKING))
    due = clocks(accepted(date(2026, 11, 16)), date(2026, 11, 17), item).statutory
    assert due is not None
    assert due.provisional


def test_a_decided_case_has_no_clock_left() -> None:
    book = accepted(date(2026, 11, 16))
    book.decided()
    assert clocks(book, date(2026, 11, 17)) == CaseClocks()
