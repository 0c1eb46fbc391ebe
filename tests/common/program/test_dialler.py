"""How the upper node is reached: known addresses, what is found on the network, and whom nobody believes."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from common.casework.clock import NodeClock
from common.domain.node import NodeId
from common.exchange.standing import SshCertificates, keep_ssh
from common.link.address import Address
from common.link.errors import LinkError, RefusedError, UnreachableError, WrongPeerError
from common.link.peer import Carrier, Principal, Standing, Way
from common.program.dialler import Dialler, Route, keep_upper_address
from common.program.house import House
from common.store.engine import Database
from tests.common.link.conftest import OTHER, VILLAGE, County, Road, raw

TOWN = Principal(NodeId("130638-0101"), 1)


@pytest.fixture
def county() -> County:
    made = County()
    made.registry[VILLAGE] = Standing(admitted=True, transport_key=raw(made.seed(VILLAGE)))
    return made


@pytest.fixture
async def roads(county: County) -> AsyncIterator[dict[Carrier, Road]]:
    made = {carrier: Road(carrier, county) for carrier in Carrier}
    yield made
    for road in made.values():
        await road.close()


@asynccontextmanager
async def village(
    county: County, folder: Path, upper: Sequence[object] = (), find: Sequence[str] = ()
) -> AsyncIterator[House]:
    """What a dialler needs of a village's house: its keys, its database, its settings and whom it knows."""
    opened = await Database.open(f"sqlite://{folder / 'open.db'}")
    await opened.migrate()
    mine = county.node(VILLAGE)
    await opened.write(lambda tx: keep_ssh(tx, SshCertificates(mine.certificate or b"")))
    network = SimpleNamespace(
        certificates={},
        current=lambda _: SimpleNamespace(transport=raw(county.seed(TOWN))),
        hubs=lambda: (SimpleNamespace(ssh_authority=raw(county.authority)),),
    )
    who = SimpleNamespace(node=VILLAGE.node, generation=1)
    house: Any = SimpleNamespace(
        opened=opened,
        clock=NodeClock(),
        settings=SimpleNamespace(upper=tuple(str(one) for one in upper), find=tuple(find)),
        open_keys=SimpleNamespace(transport=SimpleNamespace(seed=lambda: mine.seed)),
        enrolled=lambda: (who, SimpleNamespace(network=network)),
    )
    yield cast("House", house)
    await opened.close()


def nobody() -> Address:
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return Address(Carrier.SSH, "127.0.0.1", taken.getsockname()[1])


async def dialled(dialler: Dialler) -> Route:
    channel, route = await dialler.dial(TOWN.node, Way.SESSION)
    await channel.close()
    return route


async def test_where_ssh_is_not_reached_the_websocket_is_tried_next(
    county: County, roads: dict[Carrier, Road], tmp_path: Path
):
    server = await roads[Carrier.WEBSOCKET].serve(identity=county.box(TOWN))
    wss = roads[Carrier.WEBSOCKET].address(server.port)
    async with village(county, tmp_path, [nobody(), wss]) as house:
        assert await dialled(Dialler(house)) == Route(wss)


async def test_the_address_that_answered_is_tried_first_until_it_fails(
    county: County, roads: dict[Carrier, Road], tmp_path: Path
):
    knocks = 0

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal knocks
        knocks += 1
        writer.close()

    servers = [await roads[Carrier.SSH].serve(identity=county.box(TOWN)) for _ in range(2)]
    first, second = (roads[Carrier.SSH].address(server.port) for server in servers)
    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as dead:
        deaf = Address(Carrier.SSH, "127.0.0.1", dead.sockets[0].getsockname()[1])
        async with village(county, tmp_path, [deaf, first, second]) as house:
            dialler = Dialler(house)
            assert [await dialled(dialler) for _ in range(3)] == [Route(first)] * 3
            assert knocks == 1
            await servers[0].close()
            assert await dialled(dialler) == Route(second)
            assert knocks == 2


async def test_the_address_it_was_enrolled_through_is_used_where_none_is_written(
    county: County, roads: dict[Carrier, Road], tmp_path: Path
):
    server = await roads[Carrier.WEBSOCKET].serve(identity=county.box(TOWN))
    wss = roads[Carrier.WEBSOCKET].address(server.port)
    async with village(county, tmp_path) as house:
        await keep_upper_address(house, str(wss))
        assert await dialled(Dialler(house)) == Route(wss)


async def test_a_false_announcement_is_refused_by_its_key_and_the_next_is_tried(
    county: County, roads: dict[Carrier, Road], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    found: list[Address] = []
    for identity in (county.box(OTHER), county.box(TOWN, authority=b"\x09" * 32), county.box(TOWN)):
        for road in roads.values():
            server = await road.serve(identity=identity)
            found.append(road.address(server.port))

    async def announced(interfaces: Sequence[str], node: NodeId) -> tuple[Address, ...]:
        assert (list(interfaces), node) == (["lo"], TOWN.node)
        return tuple(found)

    monkeypatch.setattr("common.program.dialler.find", announced)
    async with village(county, tmp_path, [nobody()], find=["lo"]) as house:
        dialler = Dialler(house)
        assert await dialled(dialler) == Route(found[4], found=True)
        assert {peer.principal for peer in county.seen} == {VILLAGE}
        assert await dialled(dialler) == Route(found[4], found=True)
        del found[4:]
        await roads[found[0].carrier].servers[2].close()
        with pytest.raises(WrongPeerError):
            await dialler.dial(TOWN.node, Way.SESSION)


async def test_the_network_is_asked_only_when_no_known_address_answers(
    county: County, roads: dict[Carrier, Road], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def never(*_: object) -> tuple[Address, ...]:
        raise AssertionError

    monkeypatch.setattr("common.program.dialler.find", never)
    server = await roads[Carrier.SSH].serve(identity=county.box(TOWN))
    known = roads[Carrier.SSH].address(server.port)
    async with village(county, tmp_path, [known], find=["lo"]) as house:
        assert await dialled(Dialler(house)) == Route(known)
    async with village(county, tmp_path, [nobody()]) as house:
        with pytest.raises(UnreachableError):
            await Dialler(house).dial(TOWN.node, Way.SESSION)


async def test_nothing_known_and_nothing_found_is_said_in_a_sentence(county: County, tmp_path: Path):
    async with village(county, tmp_path, find=["no-such-device"]) as house:
        with pytest.raises(UnreachableError, match="no address") as caught:
            await Dialler(house).dial(TOWN.node, Way.SESSION)
        assert "乡镇节点" in caught.value.sentence


@pytest.mark.parametrize("first", [True, False])
async def test_who_answered_and_refused_says_more_than_who_did_not_answer(
    county: County, roads: dict[Carrier, Road], tmp_path: Path, first: bool
):
    county.registry.clear()  # nobody is admitted
    server = await roads[Carrier.WEBSOCKET].serve(identity=county.box(TOWN))
    wss = roads[Carrier.WEBSOCKET].address(server.port)
    async with village(county, tmp_path, [wss, nobody()] if first else [nobody(), wss]) as house:
        with pytest.raises(LinkError) as caught:
            await Dialler(house).dial(TOWN.node, Way.SESSION)
        assert type(caught.value) is RefusedError


async def test_a_wrong_clock_pins_the_key_over_either_carrier(
    county: County, roads: dict[Carrier, Road], tmp_path: Path
):
    for number, road in enumerate(roads.values()):
        server = await road.serve(identity=county.box(TOWN, days=-1))
        folder = tmp_path / str(number)
        folder.mkdir()
        async with village(county, folder, [road.address(server.port)]) as house:
            assert (await dialled(Dialler(house))).address.carrier is road.carrier
