"""The node above this one and how it is reached: addresses known, then those found on the local network."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from common.domain.log import event
from common.domain.node import NodeId
from common.exchange.standing import ssh_certificates
from common.link.address import Address
from common.link.certificates import LinkIdentity
from common.link.dialling import LinkChannel, connect
from common.link.errors import LinkError, PeerExpiredError, UnreachableError
from common.link.mdns.finding import find
from common.link.peer import ExpectedPeer, Principal, Way
from common.program.clock_trust import dates_trusted
from common.program.house import House, NotEnrolledYetError
from common.program.settings import dial_address
from common.store import settings

_UPPER = "upper_address"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Route:
    """A way to a node.

    Attributes:
        address: where it is dialled.
        found: whether it was found on the local network, not written down.
    """

    address: Address
    found: bool = False

    def __str__(self) -> str:
        """Return the route as ``status`` shows it."""
        return f"{self.address} (mDNS)" if self.found else str(self.address)


class Dialler:
    """Dials one house's upper node; remembers which route answered last, so long as the process lives."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._answered: Route | None = None

    async def dial(self, node: NodeId, way: Way) -> tuple[LinkChannel, Route]:
        """Return an open line to a node and the route it takes.

        What goes wrong is a ``LinkError``: of all that failed, the one that tells most.
        """
        expected = expected_peer(self._house, node)
        identity = await link_identity(self._house, host_certificate=False)
        failures: list[LinkError] = []
        async for route in self._routes(node):
            try:
                channel = await self._reach(route.address, identity, expected, way)
            except LinkError as error:
                event(_log, logging.INFO, "route_failed", why=str(error))
                failures.append(error)
            else:
                self._answered = route
                return channel, route
        self._answered = None
        telling = _telling(node, failures)
        raise telling

    async def _routes(self, node: NodeId) -> AsyncIterator[Route]:
        """Yield the routes in the order they are worth trying; the network is asked last, if at all."""
        known = [Route(dial_address(text)) for text in await upper_addresses(self._house)]
        if self._answered is not None:
            yield self._answered
        for route in known:
            if route != self._answered:
                yield route
        if self._house.settings.find:
            for address in await find(self._house.settings.find, node):
                route = Route(address, found=True)
                if route != self._answered and Route(address) not in known:
                    yield route

    async def _reach(
        self, address: Address, identity: LinkIdentity, expected: ExpectedPeer, way: Way
    ) -> LinkChannel:
        """Dial one address; while the clock is unmeasured its judgement of dates is not the last word.

        Raises:
            PeerExpiredError: the box's certificate is out of its dates by a clock that was measured.
        """
        clock, pinned = self._house.clock, self._pinned(expected)
        if not dates_trusted(clock):
            return await connect(address, identity, pinned, way)
        try:
            return await connect(address, identity, expected, way)
        except PeerExpiredError:
            if clock.reading.offset_ms is not None or pinned.pinned is None:
                raise
            return await connect(address, identity, pinned, way)

    def _pinned(self, expected: ExpectedPeer) -> ExpectedPeer:
        _, exchange = self._house.enrolled()
        cert = exchange.network.current(expected.node)
        return replace(expected, pinned=cert.transport) if cert is not None else expected


def upper_node(house: House) -> NodeId:
    """Return the node that is dialled: a village's township, a township's hub.

    Raises:
        NotEnrolledYetError: this node is not enrolled.
    """
    if house.seat is None:
        raise NotEnrolledYetError
    return house.seat.township or house.seat.node.hub()


def _telling(node: NodeId, failures: list[LinkError]) -> LinkError:
    """Return the failure to show: who answered and refused says more than who did not answer."""
    if not failures:
        return UnreachableError(node, "no address of the upper node is known")
    return next((error for error in failures if not isinstance(error, UnreachableError)), failures[0])


def expected_peer(house: House, node: NodeId) -> ExpectedPeer:
    """Return whom a dialler means by a node, as the network knows it now."""
    _, exchange = house.enrolled()
    network = exchange.network
    revoked = frozenset(
        cert.transport
        for (who, generation), cert in network.certificates.items()
        if who == node and network.revoked(who, generation)
    )
    return ExpectedPeer(node, ssh_authorities(house), revoked=revoked)


async def link_identity(house: House, *, host_certificate: bool) -> LinkIdentity:
    """Return this node as it shows itself on a line: where it listens or, otherwise, where it dials."""
    who, _ = house.enrolled()
    kept = await house.opened.read(ssh_certificates)
    shown = kept.host if host_certificate else kept.user
    return LinkIdentity(Principal(who.node, who.generation), house.open_keys.transport.seed(), shown or None)


def ssh_authorities(house: House) -> frozenset[bytes]:
    """Return the raw keys whose OpenSSH certificates are believed: the hub's, now and before."""
    _, exchange = house.enrolled()
    return frozenset(cert.ssh_authority for cert in exchange.network.hubs())


async def upper_addresses(house: House) -> tuple[str, ...]:
    """Return where the upper node is dialled: the settings', else the one it was enrolled through."""
    if house.settings.upper:
        return house.settings.upper
    kept = await house.opened.read(lambda tx: settings.get(tx, _UPPER, ""))
    return (kept,) if kept else ()


async def keep_upper_address(house: House, address: str) -> None:
    """Keep where the upper node was found."""
    await house.opened.write(lambda tx: settings.put(tx, _UPPER, address))
