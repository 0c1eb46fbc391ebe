"""Desks on fresh files, closed when a test ends."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from common.casework.desk import Desk
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE
from tests.builders.desks import open_desk, with_catalogue


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = await with_catalogue(await open_desk(tmp_path, HUB))
    yield desk
    await desk.vault.close()


@pytest.fixture
async def village(tmp_path: Path, hub: Desk) -> AsyncIterator[Desk]:
    desk = await open_desk(tmp_path, VILLAGE)
    desk.rules = hub.rules
    yield desk
    await desk.vault.close()


@pytest.fixture
async def township(tmp_path: Path, hub: Desk) -> AsyncIterator[Desk]:
    desk = await open_desk(tmp_path, TOWNSHIP)
    desk.rules = hub.rules
    yield desk
    await desk.vault.close()
