"""The guard in ``tests/conftest.py`` holds, and lets the loopback through."""

import asyncio
import socket

import pytest

MDNS = "224.0.0.251"  # RFC 6762
OUTSIDE = "192.0.2.1"  # RFC 5737: never anyone's


def test_a_connection_out_of_this_machine_is_refused() -> None:
    with socket.socket() as outward, pytest.raises(AssertionError, match=OUTSIDE):
        outward.connect((OUTSIDE, 80))


def test_a_datagram_out_of_this_machine_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as outward, pytest.raises(AssertionError, match=OUTSIDE):
        outward.sendto(b"?", (OUTSIDE, 53))


def test_a_multicast_leaves_by_the_loopback_alone() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as outward:
        with pytest.raises(AssertionError, match=MDNS):
            outward.sendto(b"?", (MDNS, 5353))
        outward.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        assert outward.sendto(b"?", (MDNS, 5353)) == 1


async def test_asyncio_is_guarded_too() -> None:
    with pytest.raises(AssertionError, match=OUTSIDE):
        await asyncio.open_connection(OUTSIDE, 80)


async def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(AssertionError, match=r"example\.org"):
        await asyncio.open_connection("example.org", 80)


async def test_the_loopback_is_open() -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"here")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == b"here"
        writer.close()
        await writer.wait_closed()
