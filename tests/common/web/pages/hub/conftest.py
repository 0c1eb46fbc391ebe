"""The hub of a county of three, its pages open."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.builders.county import County, county
from tests.builders.offices import Staffed, signed_in, staffed
from tests.builders.sites import Browser


@pytest.fixture
async def land(tmp_path: Path) -> AsyncIterator[County]:
    async with county(tmp_path) as built:
        yield built


@pytest.fixture
async def hub(land: County) -> AsyncIterator[tuple[Staffed, Callable[[], Browser]]]:
    async with staffed(land.hub) as opened:
        yield opened


@pytest.fixture
async def browser(hub: tuple[Staffed, Callable[[], Browser]]) -> Browser:
    return await signed_in(hub[1]())
