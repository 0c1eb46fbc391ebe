"""What covers say of a journal: a restored hub is explained, a forgery named, nobody else accused."""

from hypothesis import given
from hypothesis import strategies as st

from common.journal.cover import Covered
from common.journal.covered import Found, judge


def ours(number: int) -> bytes:
    return b"h%d" % number


def covered(order: int, counter: int, number: int) -> Covered:
    return Covered(order, counter, number, ours(number))


def test_what_a_checkpoint_covers_is_covered_and_the_rest_is_open():
    told = judge(12, ours, [covered(1, 3, 10)], 1)
    assert (told.found, told.now, told.open, told.again) == (Found.COVERED, 10, 2, 0)


def test_a_journal_nothing_covers_accuses_nobody():
    assert judge(3, ours, [], 1).found is Found.COVERED
    assert judge(3, ours, [], 1).open == 3


def test_a_restored_hub_is_explained_and_says_how_many_go_again():
    told = judge(12, ours, [covered(1, 9, 10), covered(2, 1, 6)], 2)
    assert (told.found, told.now, told.before, told.again) == (Found.HUB_RESTORED, 6, 10, 4)


def test_a_restored_hub_that_has_caught_up_is_nothing_special():
    assert judge(12, ours, [covered(1, 9, 10), covered(2, 3, 11)], 2).found is Found.COVERED


def test_another_hash_at_a_number_is_another_history_even_where_the_hub_was_restored():
    other = Covered(1, 9, 10, b"theirs")
    told = judge(12, ours, [other, covered(2, 1, 6)], 2)
    assert (told.found, told.at, told.theirs, told.ours) == (
        Found.ANOTHER_HISTORY,
        10,
        b"theirs",
        ours(10),
    )
    assert told.found.accuses


def test_a_hub_that_covers_less_later_in_one_epoch_contradicts_itself():
    told = judge(12, ours, [covered(1, 8, 10), covered(1, 9, 6)], 1)
    assert (told.found, told.at) == (Found.HUB_CONTRADICTS_ITSELF, 6)


def test_a_number_above_our_own_was_lost_here():
    assert judge(5, ours, [covered(1, 9, 10)], 1).found is Found.LOST_HERE


def test_a_locked_box_that_cannot_compare_accuses_nobody():
    assert judge(12, lambda _: None, [Covered(1, 9, 10, b"theirs")], 1).found is Found.COVERED


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 20)), max_size=10), st.integers(0, 20))
def test_an_honest_hub_restored_any_number_of_times_is_never_accused(epochs, more):
    """In each epoch numbers only grow, beginning anywhere: that is what backups leave."""
    covers, last = list[Covered](), dict[int, int]()
    for order, grown in sorted(epochs):
        last[order] = last.get(order, 0) + grown
        covers.append(Covered(order, len(covers), last[order], ours(last[order])))
    length = max((one.number for one in covers), default=0) + more
    assert not judge(length, ours, covers, 3).found.accuses
