"""One county of real programs for the whole run: founding it takes most of a minute."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.security.used_county import UsedCounty, county_in, work_a_day


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def used(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[UsedCounty]:
    """A county after a day's work; its programs are ended afterwards, whatever happened."""
    made = county_in(tmp_path_factory.mktemp("used"))
    try:
        await work_a_day(made)
        yield made
    finally:
        await made.county.line.cut()
        for program in (*made.county.programs, made.spare):
            await program.kill()
