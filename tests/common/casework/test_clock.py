"""What was measured of a clock stays true however the device is set, and ends with the machine's start."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from common.casework.clock import NodeClock, Uptime, system_uptime
from common.journal.entry import UNMEASURED

NOON = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)
SURE = timedelta(milliseconds=40)
SPANS = st.timedeltas(timedelta(), timedelta(days=400))
ERRORS = st.timedeltas(timedelta(days=-20_000), timedelta(days=20_000))


class Device:
    """A machine whose clock may show anything; the time itself goes on."""

    def __init__(self, wrong: timedelta = timedelta()) -> None:
        self.true, self.wrong, self.boot = NOON, wrong, "first"
        self.clock = NodeClock(lambda: self.true - self.wrong, self.uptime)

    def uptime(self) -> Uptime:
        return Uptime(self.boot, (self.true - NOON) // timedelta(milliseconds=1))


@given(ERRORS, ERRORS, SPANS)
def test_a_clock_that_is_set_after_it_was_measured_is_still_corrected(
    first: timedelta, later: timedelta, passed: timedelta
) -> None:
    device = Device(first)
    device.clock.measure(device.true, SURE)
    device.true, device.wrong = device.true + passed, later
    off = abs(device.clock.corrected() - device.true)
    assert off <= timedelta(milliseconds=device.clock.reading.certainty_ms or 0) + timedelta(seconds=1) * 2


@given(SPANS)
def test_what_is_known_of_a_clock_grows_less_sure_with_time(passed: timedelta) -> None:
    device = Device()
    device.clock.measure(device.true, SURE)
    device.true += passed
    grown = (device.clock.reading.certainty_ms or 0) - 40
    assert grown == passed // timedelta(milliseconds=1) // 10_000


def test_a_steady_clock_says_the_same_offset_each_time() -> None:
    device = Device(timedelta(hours=3))
    device.clock.measure(device.true, SURE)
    device.true += timedelta(hours=1)
    device.wrong += timedelta(milliseconds=300)
    assert device.clock.reading.offset_ms == 3 * 3600 * 1000


def test_a_vaguer_word_that_agrees_changes_nothing_and_one_that_contradicts_is_believed() -> None:
    device = Device(timedelta(hours=3))
    device.clock.measure(device.true, SURE)
    device.clock.measure(device.true + timedelta(seconds=5), timedelta(seconds=9))
    assert device.clock.corrected() == device.true
    device.clock.measure(device.true + timedelta(seconds=50), timedelta(seconds=9))
    assert device.clock.corrected() == device.true + timedelta(seconds=50)


def test_the_next_process_knows_it_and_the_next_start_of_the_machine_does_not() -> None:
    device = Device(timedelta(hours=3))
    device.clock.measure(device.true, SURE)
    kept = device.clock.measured
    assert kept is not None
    beside = NodeClock(lambda: device.true - device.wrong, device.uptime)
    beside.recall(kept)
    assert beside.reading == device.clock.reading
    device.boot = "second"
    restarted = NodeClock(lambda: device.true - device.wrong, device.uptime)
    restarted.recall(kept)
    assert restarted.reading == UNMEASURED


def test_a_machine_that_names_no_start_recalls_nothing() -> None:
    device = Device()
    device.boot = ""
    device.clock.measure(device.true, SURE)
    kept = device.clock.measured
    assert kept is not None
    beside = NodeClock(lambda: device.true, device.uptime)
    beside.recall(kept)
    assert beside.reading == UNMEASURED


def test_the_machine_has_an_uptime_that_goes_on() -> None:
    first, second = system_uptime(), system_uptime()
    assert first.boot == second.boot
    assert first.ms <= second.ms
