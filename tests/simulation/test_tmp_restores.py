import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.simulation import travelling
from tests.simulation.test_county import CHOICE, LINE, NODE, County
from tests.simulation.world import AT_THE_COUNTER, BY_CUSTODIAN


class Restores(County):
    @rule()
    def sessions_at_once(self):
        pass

    @rule()
    def dying_lines_at_once(self):
        pass

    @rule(node=NODE)
    def backup2(self, node):
        self.do(travelling.keep_copy(self.world, node))

    @rule(node=NODE, choice=CHOICE)
    def restore2(self, node, choice):
        self.do(travelling.restore(self.world, node, choice))

    @rule(node=NODE, choice=CHOICE)
    def restore3(self, node, choice):
        self.do(travelling.restore(self.world, node, choice))

    @rule(both=st.lists(LINE, min_size=3, max_size=6))
    def some_sessions(self, both):
        for one in both:
            self.do(travelling.meet(self.world, one))

    @rule(
        steps=st.lists(
            st.tuples(NODE, st.sampled_from(sorted(BY_CUSTODIAN) + sorted(AT_THE_COUNTER)), CHOICE),
            min_size=3,
            max_size=8,
        )
    )
    def steps(self, steps):
        for node, step, choice in steps:
            self.do(self.world.handle(node, step, choice))


TestRestores = Restores.TestCase
TestRestores.settings = settings(
    max_examples=int(os.environ.get("N", "15")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
