"""A clock that loses its time without power has a dead battery; one set by hand has not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from common.casework.clock import NodeClock
from common.exchange.battery import battery_dead, note_clock
from common.store.engine import Database
from tests.builders.databases import fresh_database

NOON = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)


async def found(opened: Database, *starts: tuple[datetime, str]) -> bool:
    for at, boot in starts:
        await note_clock(opened, NodeClock(lambda at=at: at), boot)  # type: ignore[misc]
    return await opened.read(battery_dead)


@pytest.mark.parametrize(
    ("starts", "dead"),
    [
        ([(NOON, "a")], False),
        ([(NOON, "a"), (NOON + timedelta(days=1), "b")], False),
        ([(NOON, "a"), (NOON - timedelta(days=1), "b")], True),
        ([(NOON, "a"), (NOON - timedelta(minutes=5), "b")], False),
        ([(NOON, "a"), (NOON - timedelta(days=1), "a")], False),
        ([(datetime(1970, 1, 1, tzinfo=UTC), "a")], True),
        ([(datetime(2000, 1, 1, tzinfo=UTC), "a"), (NOON, "a")], True),
        ([(datetime(2000, 1, 1, tzinfo=UTC), "a"), (NOON, "a"), (NOON, "b")], False),
    ],
    ids=[
        "first start",
        "kept through the night",
        "back a day after the power came",
        "a few minutes",
        "set by hand",
        "epoch",
        "set right by the network",
        "a new battery",
    ],
)
async def test_the_battery_is_judged_when_the_power_comes_back(tmp_path: Path, starts, dead) -> None:
    opened = await fresh_database(tmp_path / "open.db")
    assert await found(opened, *starts) is dead
    await opened.close()


async def test_the_time_is_noted_now_and_then_and_not_at_every_round(tmp_path: Path) -> None:
    opened = await fresh_database(tmp_path / "open.db")
    await found(opened, *((NOON + timedelta(seconds=30 * step), "a") for step in range(10)))
    assert await found(opened, (NOON - timedelta(minutes=6), "b")) is False, "noted at noon, not later"
    await opened.close()
