"""The course is one table: every state is reachable, and nothing leaves an end but a revocation."""

from common.domain.course import ENDED, STATE_NAMES, TABLE, State, diagram, next_state, possible
from common.domain.entries import EntryClass
from common.domain.kinds import KINDS


def test_every_kind_in_the_table_is_a_fact() -> None:
    kinds = {kind for moves in TABLE.values() for kind in moves}
    assert all(KINDS[kind].entry_class is EntryClass.FACT for kind in kinds)


def test_every_state_has_a_row_a_name_and_a_way_in() -> None:
    reached = {after for moves in TABLE.values() for after in moves.values()} | {State.SUBMITTED}
    assert set(TABLE) == set(STATE_NAMES) == reached == set(State)


def test_an_ended_case_moves_only_by_revocation() -> None:
    assert {kind for state in ENDED for kind in possible(state)} == {"revoked"}


def test_a_steady_fact_leaves_the_state_as_it_is() -> None:
    assert next_state(State.ACCEPTED, "foreign_step") is State.ACCEPTED
    assert next_state(State.DECIDED, "paper_issued") is State.PAPER_MADE
    assert next_state(State.SUBMITTED, "handed_over") is None


def test_what_the_table_does_not_say_cannot_happen() -> None:
    assert next_state(State.RECEIVED, "decided") is None
    assert next_state(State.CLOSED, "accepted") is None


def test_normal_handling_takes_three_steps_at_most() -> None:
    state = State.RECEIVED
    for kind in ("accepted", "reviewed", "decided"):
        after = next_state(state, kind)
        assert after is not None
        state = after
    assert state is State.DECIDED


def test_the_diagram_draws_every_move() -> None:
    drawn = diagram()
    for state, moves in TABLE.items():
        for kind, after in moves.items():
            line = next(line for line in drawn.splitlines() if line.startswith(f"    {state} --> {after}:"))
            assert kind in line
