"""Announcing this node on the interfaces that are named (docs/spec/mdns.md §2)."""

import asyncio
import logging
import secrets
from collections.abc import Sequence

import zeroconf
from zeroconf.asyncio import AsyncZeroconf

from common.domain.log import event
from common.link.mdns.announcement import Announcement
from common.link.mdns.interfaces import addresses_of

LOOK_AGAIN = 60.0
"""Seconds after which the interfaces are looked at again: a cable, a new lease, a network that came late."""
FAILURES = (zeroconf.Error, OSError, RuntimeError)
"""What the library raises where a network is missing, wrong or gone."""
_log = logging.getLogger(__name__)


async def announce(interfaces: Sequence[str], announcement: Announcement) -> None:
    """Announce until cancelled; what goes wrong is a line in the log and tried again later."""
    before: tuple[str, ...] | None = None
    while True:
        addresses = addresses_of(interfaces)
        if addresses != before:
            event(_log, logging.INFO, "interfaces_found", named=len(interfaces), addresses=len(addresses))
            before = addresses
        try:
            if addresses:
                await _announced(interfaces, addresses, announcement)
        except FAILURES as error:
            event(_log, logging.WARNING, "announce_failed", why=type(error).__name__)
        await asyncio.sleep(LOOK_AGAIN)


async def _announced(
    interfaces: Sequence[str], addresses: tuple[str, ...], announcement: Announcement
) -> None:
    """Announce so long as the interfaces keep these addresses."""
    responder = AsyncZeroconf(interfaces=list(addresses))
    try:
        service = announcement.service(secrets.token_hex(3), addresses)
        await (await responder.async_register_service(service))
        event(_log, logging.INFO, "announced", addresses=len(addresses))
        await _changed(interfaces, addresses)
    finally:
        await responder.async_close()  # withdraws the announcement too


async def _changed(interfaces: Sequence[str], addresses: tuple[str, ...]) -> None:
    while True:
        await asyncio.sleep(LOOK_AGAIN)
        if addresses_of(interfaces) != addresses:
            return
