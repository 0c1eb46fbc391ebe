"""Looking for a node on the interfaces that are named; what is found is a hint (docs/spec/mdns.md §3)."""

import asyncio
import logging
import random
from collections.abc import Sequence

from zeroconf import ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from common.domain.log import event
from common.domain.node import NodeId
from common.link.address import Address
from common.link.mdns.announcement import SERVICE, addresses_in
from common.link.mdns.announcing import FAILURES
from common.link.mdns.interfaces import addresses_of

LISTEN_SECONDS = 2.0
RESOLVE_SECONDS = 1.0
MAX_SEEN = 64
"""Announcements looked at; a flood of them fills no memory."""
MAX_FOUND = 8
"""Addresses handed on to be dialled."""
_log = logging.getLogger(__name__)


async def find(interfaces: Sequence[str], node: NodeId) -> tuple[Address, ...]:
    """Return where somebody announces ``node``, in an order of chance; nothing where nobody does.

    Whoever floods the network with false announcements delays who looks, and does not shut the true one out.
    What goes wrong is a line in the log.
    """
    addresses = addresses_of(interfaces)
    if not addresses:
        event(_log, logging.INFO, "find_failed", why="no interface")
        return ()
    try:
        return await _found(addresses, node)
    except FAILURES as error:
        event(_log, logging.WARNING, "find_failed", why=type(error).__name__)
        return ()


async def _found(addresses: Sequence[str], node: NodeId) -> tuple[Address, ...]:
    network = AsyncZeroconf(interfaces=list(addresses))
    names: set[str] = set()

    def seen(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        del zeroconf, service_type
        if state_change is ServiceStateChange.Added and len(names) < MAX_SEEN:
            names.add(name)

    browser: AsyncServiceBrowser | None = None
    try:
        browser = AsyncServiceBrowser(network.zeroconf, SERVICE, handlers=[seen])
        await asyncio.sleep(LISTEN_SECONDS)
        services = [AsyncServiceInfo(SERVICE, name) for name in names]
        wait = int(RESOLVE_SECONDS * 1000)
        await asyncio.gather(*(service.async_request(network.zeroconf, wait) for service in services))
    finally:
        if browser is not None:
            await browser.async_cancel()
        await network.async_close()
    found = list({address for service in services for address in addresses_in(service, node)})
    random.SystemRandom().shuffle(found)
    return tuple(found[:MAX_FOUND])
