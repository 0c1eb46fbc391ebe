"""When another node was last spoken with, and what it said of itself: for the pages about stations."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from common.domain.node import NodeId
from common.domain.times import from_milliseconds, to_milliseconds
from common.store import overview, settings
from common.store.engine import Database, Tx

_PREFIX = "contact:"
_ROUTE = "route:"


@dataclass(frozen=True, slots=True)
class Contact:
    """The last greeting of a node.

    Attributes:
        at: by this node's clock.
        clock: how far the other's clock was ahead of this node's, with the way the greeting took in it.
        program: what runs there, as it calls itself.
    """

    at: datetime
    clock: timedelta
    program: str


async def note_contact(opened: Database, node: NodeId, contact: Contact) -> None:
    """Keep the last greeting of a node."""
    value = {
        "at_ms": to_milliseconds(contact.at),
        "clock_ms": contact.clock // timedelta(milliseconds=1),
        "program": contact.program,
    }
    await opened.write_beside(lambda tx: settings.put(tx, f"{_PREFIX}{node}", value))


async def contacts(tx: Tx) -> dict[str, Contact]:
    """Return the last greetings by node."""
    kept = await overview.settings_under(tx, _PREFIX)
    return {
        node: Contact(
            from_milliseconds(value["at_ms"]), timedelta(milliseconds=value["clock_ms"]), value["program"]
        )
        for node, value in kept.items()
    }


async def note_route(opened: Database, node: NodeId, route: str) -> None:
    """Keep by which route another node was spoken with last: ``ssh``, ``wss``, or the address dialled."""
    key = f"{_ROUTE}{node}"
    if await opened.read(lambda tx: settings.get(tx, key, "")) != route:  # most sessions write nothing
        await opened.write_beside(lambda tx: settings.put(tx, key, route))


async def routes(tx: Tx) -> dict[str, str]:
    """Return the last routes by node."""
    return await overview.settings_under(tx, _ROUTE)
