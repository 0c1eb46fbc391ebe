"""What an announcement says, and what is made of one that says something else."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zeroconf.asyncio import AsyncServiceInfo

from common.domain.node import NodeId
from common.link.address import Address
from common.link.mdns.announcement import MAX_ADDRESSES, SERVICE, Announcement, addresses_in
from common.link.mdns.interfaces import addresses_of, is_interface
from common.link.peer import Carrier

TOWN = NodeId("130638-0101")
BOTH = Announcement(TOWN, {Carrier.SSH: 2222, Carrier.WEBSOCKET: 443})


def service(addresses: list[str], **said: str) -> AsyncServiceInfo:
    packed = [ipaddress.IPv4Address(one).packed for one in addresses]
    return AsyncServiceInfo(SERVICE, f"x.{SERVICE}", port=1, addresses=packed, properties=said)


def test_it_says_a_node_and_its_ports_and_nothing_more():
    said = BOTH.service("3fa9c2", ["10.0.0.1"])
    assert said.name == f"130638-0101-3fa9c2.{SERVICE}"
    assert said.server == "jiujin-130638-0101-3fa9c2.local."
    assert said.properties == {b"node": b"130638-0101", b"ssh": b"2222", b"wss": b"443"}
    assert said.port == 2222


def test_what_was_said_is_understood():
    assert set(addresses_in(BOTH.service("x", ["10.0.0.1", "10.0.0.2"]), TOWN)) == {
        Address(carrier, host, port)
        for carrier, port in ((Carrier.SSH, 2222), (Carrier.WEBSOCKET, 443))
        for host in ("10.0.0.1", "10.0.0.2")
    }


def test_anothers_announcement_says_nothing_of_this_node():
    assert addresses_in(BOTH.service("x", ["10.0.0.1"]), NodeId("130638-0102")) == ()


def test_nobody_is_dialled_at_an_address_that_is_nobodys():
    assert addresses_in(service(["0.0.0.0", "224.0.0.1"], node=str(TOWN), ssh="22"), TOWN) == ()  # noqa: S104


def test_an_announcement_with_many_addresses_is_cut_short():
    many = service([f"10.0.0.{number}" for number in range(1, 200)], node=str(TOWN), ssh="22")
    assert len(addresses_in(many, TOWN)) == MAX_ADDRESSES


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_ports_raise_anything(ssh: str, wss: str):
    for address in addresses_in(service(["10.0.0.1"], node=str(TOWN), ssh=ssh, wss=wss), TOWN):
        assert 0 < address.port < 65_536


@pytest.mark.parametrize("ports", [{}, {Carrier.SSH: 0}, {Carrier.SSH: 65_536}])
def test_a_node_that_listens_nowhere_is_not_announced(ports: dict[Carrier, int]):
    with pytest.raises(ValueError, match="port"):
        Announcement(TOWN, ports)


@pytest.mark.parametrize("text", ["192.168.1.5", "eth0", "enp3s0f1"])
def test_an_address_or_a_device_is_an_interface(text: str):
    assert is_interface(text)


NOT_ONE = ["", "*", "0.0.0.0", "224.0.0.251", "a" * 16, "网卡", "fd00::1", "a/b"]  # noqa: S104


@pytest.mark.parametrize("text", NOT_ONE)
def test_nothing_means_all_interfaces(text: str):
    assert not is_interface(text)


def test_interfaces_are_the_ones_named_and_those_that_are_there():
    assert addresses_of(["lo"]) == addresses_of(["127.0.0.1"]) == ("127.0.0.1",)
    assert addresses_of(["lo", "127.0.0.1", "192.0.2.99", "no-such"]) == ("127.0.0.1",)
    assert addresses_of([]) == ()
