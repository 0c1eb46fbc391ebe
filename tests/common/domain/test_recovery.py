"""Whom a restored node waits for: rules that need no clock, for any order of answers and releases."""

from hypothesis import given
from hypothesis import strategies as st

from common.domain.audience import Audience
from common.domain.node import NodeId
from common.domain.recovery import Answer, Beginning, Neighbours, Recovery, Release

HUB, TOWNSHIP, VILLAGE, OTHER = (NodeId.of("130638", number) for number in (1, 101, 417, 418))
EPOCH = "e1" * 16
NEAR = Neighbours({VILLAGE: (TOWNSHIP,), OTHER: (TOWNSHIP,)})
ORDINARY, SENSITIVE = Audience.township(TOWNSHIP, VILLAGE), Audience.county(VILLAGE)
NODES = st.sampled_from([TOWNSHIP, VILLAGE, OTHER])


def begun(audience: Audience = ORDINARY, number: int = 5, **changes: object) -> Beginning:
    values: dict[str, object] = {
        "writer": VILLAGE, "epoch": "v0", "journal": "aa", "audience": audience, "number": number,
    }  # fmt: skip
    return Beginning(**(values | changes))  # type: ignore[arg-type]


def answered(*, written: int = 5, covered: bool = True) -> Answer:
    return Answer(1, {"bb": 3}, {"aa": written}, covered)


FRESH = Recovery(EPOCH, 1)


def test_an_older_case_waits_for_its_readers_and_for_who_carries_for_them() -> None:
    assert FRESH.waits_for(HUB, begun(), NEAR) == (TOWNSHIP, VILLAGE)
    assert FRESH.waits_for(HUB, begun(SENSITIVE), NEAR) == (TOWNSHIP, VILLAGE)
    assert FRESH.waits_for(TOWNSHIP, begun(), Neighbours()) == (HUB, VILLAGE)
    assert FRESH.waits_for(VILLAGE, begun(SENSITIVE), Neighbours({VILLAGE: (TOWNSHIP,)})) == (HUB, TOWNSHIP)


def test_an_answer_counts_once_everything_it_named_came_home() -> None:
    coming = FRESH.answered(VILLAGE, answered(covered=False)).answered(TOWNSHIP, answered())
    assert coming.waits_for(HUB, begun(), NEAR) == (VILLAGE,)
    assert coming.answered(VILLAGE, answered()).waits_for(HUB, begun(), NEAR) == ()


@given(number=st.integers(1, 10), written=st.integers(0, 10))
def test_a_case_is_new_behind_what_its_writer_had_written_when_it_answered(number: int, written: int) -> None:
    recovery = FRESH.answered(VILLAGE, answered(written=written))
    assert recovery.is_new(HUB, begun(number=number)) is (number > written)


def test_a_case_of_a_node_that_has_not_answered_is_older_whatever_clocks_say() -> None:
    assert not FRESH.is_new(HUB, begun(number=10**9))
    assert not FRESH.answered(TOWNSHIP, answered()).is_new(HUB, begun(number=10**9))


def test_an_own_case_is_new_in_the_new_epoch_alone() -> None:
    assert FRESH.is_new(VILLAGE, begun(epoch=EPOCH))
    assert not FRESH.is_new(VILLAGE, begun(epoch="v0"))


def test_the_hub_waits_for_everybody_who_had_the_case() -> None:
    case = begun(holders=(VILLAGE, OTHER))
    done = FRESH.answered(VILLAGE, answered()).answered(TOWNSHIP, answered())
    assert done.waits_for(HUB, case, NEAR) == (OTHER,)
    assert done.answered(HUB, answered()).waits_for(TOWNSHIP, case, Neighbours()) == ()


def test_a_custodian_outside_the_audience_waits_for_the_hub_alone() -> None:
    assert FRESH.waits_for(OTHER, begun(), Neighbours({OTHER: (TOWNSHIP,)})) == (HUB, TOWNSHIP)


def test_nobody_waits_for_a_node_whose_keys_are_all_revoked() -> None:
    gone = Neighbours(NEAR.carriers, frozenset({VILLAGE}))
    assert FRESH.waits_for(HUB, begun(), gone) == (TOWNSHIP,)


@given(steps=st.lists(st.tuples(st.sampled_from(["answer", "cover", "release"]), NODES), max_size=12))
def test_fewer_nodes_are_waited_for_never_more_unless_an_answer_is_overtaken(
    steps: list[tuple[str, NodeId]],
) -> None:
    recovery, done = FRESH, set[NodeId]()
    for step, node in steps:
        if step == "answer":
            recovery = recovery.answered(node, answered(written=0, covered=node in done))
        elif step == "cover":
            recovery = recovery.answered(node, answered(written=5))
            done.add(node)
        else:
            recovery = recovery.release(node, Release("li", "失联", 1))
            done.add(node)
        assert set(recovery.missing([TOWNSHIP, VILLAGE, OTHER])) == {TOWNSHIP, VILLAGE, OTHER} - done


def test_when_everybody_has_answered_it_is_over_for_good() -> None:
    over = Recovery(EPOCH, 1, ended_ms=2)
    assert over.is_over()
    assert over.waits_for(HUB, begun(), NEAR) == ()
