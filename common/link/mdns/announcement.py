"""What an announcement says: a node and its ports, and nothing else (docs/spec/mdns.md §1)."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from zeroconf import IPVersion
from zeroconf.asyncio import AsyncServiceInfo

from common.domain.node import NodeId
from common.link.address import Address
from common.link.peer import Carrier

SERVICE = "_jiujin._tcp.local."
MAX_ADDRESSES = 4
"""Addresses looked at in one announcement."""
_PORTS = {Carrier.SSH: "ssh", Carrier.WEBSOCKET: "wss"}
_MAX_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Announcement:
    """A node that listens.

    Attributes:
        node: its id.
        ports: by carrier, 1…65535; at least one.
    """

    node: NodeId
    ports: dict[Carrier, int]

    def __post_init__(self) -> None:
        """Refuse what announces nothing.

        Raises:
            ValueError: no port, or none that can be dialled.
        """
        if not self.ports or not all(0 < port <= _MAX_PORT for port in self.ports.values()):
            raise ValueError("an announcement names a port")

    def service(self, tail: str, addresses: Sequence[str]) -> AsyncServiceInfo:
        """Return it as the library registers it.

        Args:
            tail: letters of chance, so that no name is taken before.
            addresses: IPv4, where it is heard.
        """
        name = f"{self.node}-{tail}"
        ports = {_PORTS[carrier]: str(port) for carrier, port in self.ports.items()}
        return AsyncServiceInfo(
            SERVICE,
            f"{name}.{SERVICE}",
            port=next(iter(self.ports.values())),
            addresses=[ipaddress.IPv4Address(address).packed for address in addresses],
            properties={"node": str(self.node), **ports},
            server=f"jiujin-{name}.local.",
        )


def addresses_in(service: AsyncServiceInfo, node: NodeId) -> tuple[Address, ...]:
    """Return where somebody says that ``node`` is; nothing where the announcement is another's, or none."""
    said = service.properties
    if said.get(b"node") != str(node).encode():
        return ()
    hosts = [ipaddress.IPv4Address(one) for one in service.parsed_addresses(IPVersion.V4Only)[:MAX_ADDRESSES]]
    ports = {carrier: _port(said.get(name.encode())) for carrier, name in _PORTS.items()}
    return tuple(
        Address(carrier, str(host), port)
        for carrier, port in ports.items()
        for host in hosts
        if port and not (host.is_unspecified or host.is_multicast)
    )


def _port(text: bytes | None) -> int:
    """Return a port, 0 for anything else."""
    if text is None or not text.isdigit() or len(text) > len(str(_MAX_PORT)):
        return 0
    return int(text) if int(text) <= _MAX_PORT else 0
