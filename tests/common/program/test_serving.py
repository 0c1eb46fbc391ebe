"""Promises of ``serve`` within one process: what works in the background never dies unseen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from common.domain.node import Tier
from common.program.directory import NodeDirectory
from common.program.founding import found_node
from common.program.house import House
from common.program.keeper import Keeper
from common.program.serving import Addresses, serving
from common.web.serving import Pages
from village_station.pages import make_pages


class BrokenError(Exception):
    """A fault of our own."""


async def test_a_change_of_pages_that_fails_ends_serve_and_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = NodeDirectory(tmp_path / "village")
    await found_node(directory, Tier.VILLAGE)
    house = await House.open(directory, Tier.VILLAGE)
    settled: list[Callable[[], None]] = []

    async def twice(house: House, keeper: Keeper, settle: Callable[[], None]) -> Pages:
        if settled:
            raise BrokenError
        settled.append(settle)
        return await make_pages(house, keeper, settle)

    async def serve_until_it_ends() -> None:
        async with serving(house, Addresses("127.0.0.1:0"), twice) as served:
            settled[0]()
            await served.ended.wait()

    with pytest.raises(BrokenError):
        await serve_until_it_ends()
    await house.close()
    assert "work_ended work=change_of_pages error=BrokenError at" in caplog.text
