"""A county under faults: whatever happens, no case is lost, doubled, misread or called done too early."""

import asyncio
import os
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.builders.cases import TOWNSHIP
from tests.simulation import carrying, invariants, travelling
from tests.simulation.travelling import LINES, Weather
from tests.simulation.world import AT_THE_COUNTER, BY_CUSTODIAN, FORMS, NODES, VILLAGES, World, new_world

NODE = st.sampled_from(NODES)
BELOW = st.sampled_from(NODES[1:])
LINE = st.sampled_from(LINES)
EITHER_WAY = st.sampled_from([*LINES, *((upper, lower) for lower, upper in LINES)])
CHOICE = st.integers(0, 50)
SEED = st.integers(0, 9)
WHOSE = st.sampled_from([None, 0, 1])
BYTES = st.one_of(st.integers(1, 3_000), st.integers(3_000, 300_000))
DAYS = st.sampled_from([-3650, -40, -1, 0, 1, 4, 31, 400, 3650])


class County(RuleBasedStateMachine):
    """Villages, township and hub; every rule is something that happens on a bad day."""

    world: World

    @initialize()
    def found(self) -> None:
        self.runner = asyncio.Runner()
        self.world = self.do(new_world())

    def do(self, happening: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(happening)

    @rule(node=st.sampled_from([*VILLAGES, *VILLAGES, TOWNSHIP]), what=st.sampled_from(sorted(FORMS)))
    def an_application(self, node, what):
        self.do(self.world.take_in(node, what))

    @rule(node=st.sampled_from(VILLAGES), picture=st.booleans())
    def an_application_with_a_picture(self, node, picture):
        self.do(self.world.take_in(node, "ordinary", picture=picture))

    @rule(node=st.sampled_from(VILLAGES), number=st.integers(2, 4))
    def a_list_of_applications(self, node, number):
        self.do(self.world.take_in(node, "insisting", number))

    @rule(node=NODE, step=st.sampled_from(sorted(BY_CUSTODIAN)), choice=CHOICE)
    def a_step_by_the_custodian(self, node, step, choice):
        self.do(self.world.handle(node, step, choice))

    @rule(node=NODE, step=st.sampled_from(sorted(AT_THE_COUNTER)), choice=CHOICE)
    def a_step_at_the_counter(self, node, step, choice):
        self.do(self.world.handle(node, step, choice))

    @rule(to=NODE, choice=CHOICE, days=st.sampled_from([0, 40]))
    def custody_is_taken(self, to, choice, days):
        self.world.land.clock.at += timedelta(days=days)
        self.do(self.world.take_custody(choice, to))

    @rule(between=LINE)
    def a_session(self, between):
        self.do(travelling.meet(self.world, between))

    @rule(between=LINE, seed=st.integers(1, 9))
    def a_session_in_odd_pieces(self, between, seed):
        self.do(travelling.meet(self.world, between, Weather(seed=seed)))

    @rule(between=LINE, dies_after=BYTES, counted=WHOSE, seed=SEED)
    def a_line_that_dies(self, between, dies_after, counted, seed):
        self.do(travelling.meet(self.world, between, Weather(dies_after, counted, seed)))

    @rule(both=st.lists(LINE, min_size=2, max_size=4, unique=True), seed=SEED)
    def sessions_at_once(self, both, seed):
        self.do(travelling.storm(self.world, both, Weather(seed=seed)))

    @rule(both=st.lists(LINE, min_size=2, max_size=4, unique=True), dies_after=BYTES, seed=SEED)
    def dying_lines_at_once(self, both, dies_after, seed):
        self.do(travelling.storm(self.world, both, Weather(dies_after, seed=seed)))

    @rule(between=EITHER_WAY, seed=SEED)
    def an_echo_of_an_old_session(self, between, seed):
        self.do(travelling.echo(self.world, between, seed))

    @rule(node=st.sampled_from(VILLAGES))
    def a_case_from_its_beginning_to_its_end(self, node):
        self.do(self.world.walk(node))

    @rule()
    def a_backup_of_the_hub(self):
        self.do(travelling.back_up(self.world))

    @rule(node=NODE)
    def what_may_go_leaves_the_disk(self, node):
        self.do(self.world.let_go(node))

    @rule()
    def a_year_passes_and_everybody_meets(self):
        self.world.land.clock.at += timedelta(days=370)
        self.do(self.world.night())
        for between in LINES:
            self.do(travelling.meet(self.world, between))

    @rule(node=NODE, choice=CHOICE)
    def a_parcel_comes_again(self, node, choice):
        self.do(travelling.bring_again(self.world, node, choice))

    @rule(nodes=st.lists(NODE, min_size=1, max_size=4))
    def a_stick_goes_round(self, nodes):
        self.do(carrying.round_trip(self.world, nodes))

    @rule(node=NODE, seed=SEED)
    def a_stick_is_copied_badly(self, node, seed):
        self.do(carrying.spoil(self.world, seed))
        self.do(carrying.bring(self.world, node))

    @rule(node=NODE)
    def an_older_copy_of_the_stick(self, node):
        self.do(carrying.bring_older_copy(self.world, node))

    @rule()
    def the_stick_is_lost(self):
        self.do(carrying.lose(self.world))

    @rule(node=NODE, between=LINE, seed=SEED)
    def stick_and_line_at_once(self, node, between, seed):
        self.do(carrying.stick_and_line(self.world, node, between, seed))

    @rule(node=NODE, transactions=st.integers(1, 25), durable=st.booleans(), seed=SEED)
    def a_power_cut_with_the_stick_in(self, node, transactions, durable, seed):
        cut = carrying.power_cut(self.world, node, transactions=transactions, durable=durable, seed=seed)
        self.do(cut)

    @rule(node=BELOW)
    def lock(self, node):
        self.world.box(node).lock()

    @rule(node=BELOW)
    def sign_in(self, node):
        self.do(self.world.box(node).unlock())

    @rule(
        between=LINE, upper=st.booleans(), transactions=st.integers(1, 25), durable=st.booleans(), seed=SEED
    )
    def a_power_cut(self, between, upper, transactions, durable, seed):
        node = between[int(upper)]
        cut = travelling.power_cut(
            self.world, node, between, transactions=transactions, durable=durable, seed=seed
        )
        self.do(cut)

    @rule(node=NODE, seed=SEED)
    def a_kill(self, node, seed):
        self.do(travelling.restart(self.world, node, seed))

    @rule(node=NODE)
    def a_copy_of_a_disk(self, node):
        self.do(travelling.keep_copy(self.world, node))

    @rule(node=NODE, choice=CHOICE)
    def a_restore(self, node, choice):
        self.do(travelling.restore(self.world, node, choice))

    @rule(node=NODE)
    def projections_are_lost(self, node):
        self.do(travelling.drop_projections(self.world, node))

    @rule(node=NODE, days=DAYS)
    def a_clock_jumps(self, node, days):
        self.world.box(node).clock.off = timedelta(days=days)

    @rule(hours=st.integers(1, 72))
    def time_passes(self, hours):
        self.world.land.clock.at += timedelta(hours=hours)
        self.do(self.world.night())

    @invariant()
    def no_law_is_broken(self):
        if hasattr(self, "world"):
            self.do(invariants.always(self.world))

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.do(travelling.heal(self.world))
            self.do(invariants.healed(self.world))
        finally:
            self.do(self.world.close())
            self.runner.close()


DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
TestCounty = pytest.mark.timeout(7200 if DEEP else 600)(County.TestCase)
TestCounty.settings = settings(
    max_examples=300 if DEEP else 8,
    stateful_step_count=60 if DEEP else 22,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
