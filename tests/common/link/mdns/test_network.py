"""Real multicast on the loopback interface: announced, found, and nothing broken where it cannot be."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import zeroconf
from zeroconf.asyncio import AsyncZeroconf

from common.domain.node import NodeId
from common.link.address import Address
from common.link.mdns import announcing, finding
from common.link.mdns.announcement import Announcement
from common.link.mdns.announcing import announce
from common.link.mdns.finding import MAX_FOUND, find
from common.link.peer import Carrier

HERE = ["127.0.0.1"]
# Every process of this machine shares its loopback: a county of its own for each.
COUNTY = secrets.randbelow(900_000) + 100_000
TOWN = NodeId(f"{COUNTY}-0101")
SSH = Announcement(TOWN, {Carrier.SSH: 2222})


@asynccontextmanager
async def announced(*announcements: Announcement, caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """Announce inside the block, from the moment all are heard."""
    caplog.set_level("INFO", "common.link.mdns")
    tasks = [asyncio.create_task(announce(HERE, one)) for one in announcements]
    while caplog.text.count("announced addresses=") < len(tasks):  # noqa: ASYNC110 - the log is what there is to see
        await asyncio.sleep(0.05)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_node_that_announces_itself_is_found_until_it_ends(caplog: pytest.LogCaptureFixture):
    both = Announcement(TOWN, {Carrier.SSH: 2222, Carrier.WEBSOCKET: 8443})
    other = Announcement(NodeId(f"{COUNTY}-0102"), {Carrier.SSH: 2223})
    async with announced(both, other, caplog=caplog):
        assert set(await find(HERE, TOWN)) == {
            Address(Carrier.SSH, "127.0.0.1", 2222),
            Address(Carrier.WEBSOCKET, "127.0.0.1", 8443),
        }
        assert await find(HERE, NodeId(f"{COUNTY}-0103")) == ()
    assert await find(HERE, TOWN) == ()


async def test_a_flood_of_false_announcements_is_bounded_and_shuts_nobody_out(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    responder = AsyncZeroconf(interfaces=HERE)
    flood = [Announcement(TOWN, {Carrier.SSH: 3000 + number}) for number in range(12)]
    for number, false in enumerate(flood):
        await responder.async_register_service(false.service(f"f{number}", HERE))
    async with announced(SSH, caplog=caplog):
        seen: set[Address] = set()
        for _ in range(3):
            found = await find(HERE, TOWN)
            assert len(found) <= MAX_FOUND
            seen |= set(found)
        assert len(seen) > MAX_FOUND  # another choice each time
    await responder.async_unregister_all_services()
    await responder.async_close()


@pytest.mark.parametrize("interfaces", [[], ["no-such-device"], ["192.0.2.77"]])
async def test_where_there_is_no_such_interface_nothing_is_found_and_nothing_breaks(interfaces: list[str]):
    assert await find(interfaces, TOWN) == ()
    announcing_task = asyncio.create_task(announce(interfaces, SSH))
    done, _ = await asyncio.wait({announcing_task}, timeout=0.1)
    assert not done
    announcing_task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await announcing_task


@pytest.mark.parametrize(
    "error",
    [OSError(19, "No such device"), RuntimeError("no interface"), zeroconf.NonUniqueNameException()],
    ids=["wrong-address", "no-interface", "name-taken"],
)
async def test_what_the_network_refuses_is_a_line_in_the_log_and_tried_again(
    error: Exception, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    tried = asyncio.Event()
    attempts = 0

    def refuse(**_: object) -> AsyncZeroconf:
        nonlocal attempts
        attempts += 1
        if attempts == 3:
            tried.set()
        raise error

    for module in (announcing, finding):
        monkeypatch.setattr(module, "AsyncZeroconf", refuse)
    monkeypatch.setattr(announcing, "LOOK_AGAIN", 0.01)
    assert await find(HERE, TOWN) == ()
    task = asyncio.create_task(announce(HERE, SSH))
    await asyncio.wait_for(tried.wait(), 10)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert f"find_failed why={type(error).__name__}" in caplog.text
    assert f"announce_failed why={type(error).__name__}" in caplog.text


async def test_new_addresses_are_announced_anew(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    now: list[tuple[str, ...]] = [()]
    monkeypatch.setattr(announcing, "LOOK_AGAIN", 0.05)
    monkeypatch.setattr(announcing, "addresses_of", lambda _: now[0])
    caplog.set_level("INFO", "common.link.mdns")
    task = asyncio.create_task(announce(["eth0"], SSH))
    await asyncio.sleep(0)
    now[0] = ("127.0.0.1",)  # the cable comes in
    while "announced addresses=" not in caplog.text:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    now[0] = ()
    while caplog.text.count("interfaces_found named=1 addresses=0") < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await find(HERE, TOWN) == ()
