"""What holds for every test: no network but this machine's own, and how hypothesis searches."""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# deadline=None: a loaded machine is not a defect. print_blob: a failure is replayed from the log alone.
settings.register_profile("local", max_examples=50, deadline=None, print_blob=True)
settings.register_profile(
    "deep", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "local"))


class NetworkUsedError(AssertionError):
    """A test reached for an address outside this machine."""


def _is_here(address: Any) -> bool:
    """Tell whether ``address`` is a Unix socket's or names the loopback."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _stays_by_loopback(sender: socket.socket, address: Any) -> bool:
    """Tell whether a multicast datagram leaves by the loopback interface: mDNS in tests."""
    try:
        if not ipaddress.ip_address(str(address[0])).is_multicast:
            return False
    except ValueError:
        return False
    by = sender.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, 4)
    return ipaddress.IPv4Address(by).is_loopback


def _guarded(real: Callable[..., Any], position: int) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        address = arguments[position]
        if not _is_here(address) and not _stays_by_loopback(arguments[0], address):
            raise NetworkUsedError(f"a test reached for {address!r}: tests stay on this machine")
        return real(*arguments, **named)

    return call


def _guarded_lookup(host: Any, *arguments: Any, **named: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and not _is_here((name,)):
        try:
            ipaddress.ip_address(name)
        except ValueError:
            raise NetworkUsedError(f"a test looked up {name!r}: tests stay on this machine") from None
    return _LOOKUP(host, *arguments, **named)


_LOOKUP = socket.getaddrinfo


@pytest.fixture(scope="session", autouse=True)
def _this_machine_only() -> Iterator[None]:
    """Refuse connections, datagrams and look-ups that leave the loopback, asyncio's included."""
    with pytest.MonkeyPatch.context() as patch:
        for name, position in (("connect", 1), ("connect_ex", 1), ("sendto", -1)):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name), position))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A real PostgreSQL of this test run."""
    from tests.builders.postgres import running_postgres  # noqa: PLC0415 - only tests that ask for it pay

    with running_postgres() as server:
        yield server
