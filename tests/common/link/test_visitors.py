"""Counting in and out."""

from common.link.limits import ServerLimits
from common.link.visitors import VisitorBook


def test_places_are_given_by_address_and_in_all_and_come_back():
    book = VisitorBook(ServerLimits(connections=3, per_address=2))
    assert [book.enter("a"), book.enter("a"), book.enter("a")] == [True, True, False]
    assert [book.enter("b"), book.enter("c")] == [True, False]
    book.leave("a")
    assert book.enter("c")


def test_enrolments_have_places_of_their_own():
    book = VisitorBook(ServerLimits(enrolments=1))
    assert book.begin_enrolment()
    assert not book.begin_enrolment()
    book.end_enrolment()
    assert book.begin_enrolment()
