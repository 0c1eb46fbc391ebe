"""Figures reach the hub through a township, stand for their node alone, and the hub sees who needs a look."""

from datetime import timedelta
from pathlib import Path

from common.casework import receive
from common.casework.rules import load_rules
from common.domain.figures import Figure, Figures
from common.domain.node import NodeId
from common.domain.watching import Health, Why
from common.exchange import figuring
from common.exchange.figuring import Heard
from common.exchange.version import PROGRAM
from common.exchange.watching import NodeWatched, watch_below, watch_self
from common.journal.figures import sign_figures
from common.store import settings
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE, application
from tests.builders.county import NEIGHBOUR, Box, County, county
from tests.builders.desks import HELPER
from tests.builders.restoring import sign

SENSITIVE = application(item="YL-0002")


async def heard(box: Box) -> dict[NodeId, Heard]:
    return await box.exchange.open.read(figuring.heard)


async def seen(box: Box) -> dict[NodeId, NodeWatched]:
    rules, now = await load_rules(box.exchange.open), box.exchange.clock.now()
    found = await box.exchange.open.read(lambda tx: watch_below(tx, box.node, rules, now))
    return {one.node: one for one in found}


def whys(one: NodeWatched) -> set[Why]:
    return {reason.why for reason in one.watched.reasons}


async def test_the_hub_hears_of_a_village_what_the_village_signed(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(2)
        land.clock.at += timedelta(hours=2)
        await land.settle(2)
        told = (await heard(land.hub))[VILLAGE].figures
        assert told.program == PROGRAM
        assert told.get(Figure.LOCKED) == 0
        assert told.get(Figure.CLOCK) is not None
        assert told.count(Figure.DISK) > told.count(Figure.DISK_FREE) > 0
        assert set(await heard(land.hub)) == {TOWNSHIP, VILLAGE}


async def test_a_locked_box_says_its_figures_and_that_it_is_locked(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        land.village.lock()
        land.clock.at += timedelta(minutes=2)
        await land.settle(1)
        told = (await heard(land.hub))[VILLAGE].figures
        assert told.get(Figure.LOCKED) == 1
        assert told.get(Figure.CASES) is None
        assert Why.LOCKED in whys((await seen(land.hub))[VILLAGE])


async def test_a_backlog_is_said_and_is_over_when_it_went_up(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await receive.receive(land.village.desk, HELPER, SENSITIVE)
        land.clock.at += timedelta(minutes=2)
        await land.meet(land.village, land.township)
        told = (await heard(land.township))[VILLAGE].figures
        assert (told.count(Figure.CASES), told.count(Figure.PARCELS)) == (1, 1)
        land.clock.at += timedelta(minutes=2)
        await land.meet(land.village, land.township)
        told = (await heard(land.township))[VILLAGE].figures
        assert (told.count(Figure.CASES), told.get(Figure.OLDEST)) == (0, None)


async def test_figures_are_said_again_only_when_something_changed_or_an_hour_passed(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        first = (await heard(land.hub))[VILLAGE].statement
        land.clock.at += timedelta(minutes=20)
        await land.settle(1)
        assert (await heard(land.hub))[VILLAGE].statement == first
        land.clock.at += timedelta(hours=1)
        await land.settle(1)
        assert (await heard(land.hub))[VILLAGE].statement != first


async def test_figures_forged_replayed_or_out_of_scope_change_nothing(tmp_path: Path) -> None:
    async with county(tmp_path, (VILLAGE, NEIGHBOUR)) as land:
        await land.settle(1)
        before = await heard(land.hub)
        late = land.hub.exchange.clock.now()
        liar, station = land.boxes[NEIGHBOUR].exchange, land.village.exchange
        forged = sign_figures(Figures(900, late, PROGRAM), VILLAGE, 1, liar.keys.receipt).encode()
        strange = sign_figures(Figures(900, late, PROGRAM), NEIGHBOUR, 1, liar.keys.receipt).encode()
        old = before[VILLAGE].statement
        for came, lower in (([forged, old, b""], TOWNSHIP), ([strange], VILLAGE)):
            assert await figuring.keep_figures(land.hub.exchange, lower, came) == 0
        assert await heard(land.hub) == before
        later = sign_figures(Figures(900, late, PROGRAM), VILLAGE, 1, station.keys.receipt).encode()
        assert await figuring.keep_figures(land.hub.exchange, TOWNSHIP, [later]) == 1


async def test_a_restored_box_goes_on_above_what_it_said_before(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        before = (await heard(land.hub))[VILLAGE].figures.counter

        async def restore(tx):
            await settings.drop(tx, "own_figures")
            await settings.drop(tx, f"figures:{VILLAGE}")

        await land.village.exchange.open.write(restore)
        land.clock.at += timedelta(minutes=2)
        await land.settle(1)
        assert (await heard(land.hub))[VILLAGE].figures.counter > before


async def test_a_revoked_box_is_heard_and_watched_no_more(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        await land.revoke(VILLAGE)
        assert VILLAGE not in await seen(land.hub)


async def silent_for(land: County, **time: float) -> NodeWatched:
    land.clock.at += timedelta(**time)
    return (await seen(land.hub))[VILLAGE]


async def test_the_hub_is_alarmed_before_a_deemed_acceptance_can_pass_unseen(tmp_path: Path) -> None:
    """YL-0004: a permit a village is a receiving point for. Monday; five working days end on Monday week."""
    async with county(tmp_path) as land:
        await land.settle(2)
        one = await silent_for(land, hours=1)
        assert one.watched.health is Health.FINE
        one = await silent_for(land, days=1)
        assert not whys(one) & {Why.SILENCE_NEAR, Why.SILENCE_PASSED}
        one = await silent_for(land, days=1)
        assert Why.SILENCE_NEAR in whys(one)
        assert one.watched.health is Health.SILENT
        one = await silent_for(land, days=6)
        assert one.watched.reasons[0].why is Why.SILENCE_PASSED
        land.clock.at += timedelta(minutes=1)
        await land.settle(2)
        assert (await silent_for(land, hours=1)).watched.health is Health.FINE


async def test_a_station_whose_freshness_falls_shows_at_the_hub_though_it_is_heard(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await sign(land)
        await land.settle(2)
        assert whys((await seen(land.hub))[VILLAGE]) == set()
        land.clock.at += timedelta(days=2)
        await land.settle(2)
        assert whys((await seen(land.hub))[VILLAGE]) == {Why.STALE}


async def test_a_station_judges_itself_by_its_line_upward(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        rules = await load_rules(land.village.exchange.open)
        assert (await watch_self(land.village.exchange, rules)).health is Health.FINE
        land.clock.at += timedelta(days=3)
        told = await watch_self(land.village.exchange, rules)
        assert {reason.why for reason in told.reasons} >= {Why.SILENT, Why.SILENCE_NEAR}
        assert (await watch_self(land.hub.exchange, rules)).health is Health.FINE
        assert land.hub.node == HUB


async def test_a_command_beside_serve_says_of_the_lock_what_the_box_said(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        rules = await load_rules(land.village.exchange.open)
        land.village.lock()
        beside = await watch_self(land.village.exchange, rules, serving=False)
        assert beside.known.figures is not None
        assert beside.known.figures.get(Figure.LOCKED) == 0, "the box itself said it is unlocked"
        assert Why.LOCKED in {one.why for one in (await watch_self(land.village.exchange, rules)).reasons}
        land.hub.lock()
        assert (await watch_self(land.hub.exchange, rules, serving=False)).health is Health.FINE
