"""What the hub's pages about nodes ask of the node, beside the desk of ``common.web.office``."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class NetworkOffice:
    """The hub's side of the pages about nodes.

    Attributes:
        address: HOST:PORT where townships dial the hub, printed beside an invitation code; empty if unknown.
        refresh: called after an invitation or a revocation: takes the network anew, cuts the lines of nodes
            that are revoked by now, and sends the news on at once.
    """

    address: str
    refresh: Callable[[], Awaitable[None]]


NETWORK: web.AppKey[NetworkOffice] = web.AppKey("jiujin_network", NetworkOffice)


def network_of(request: web.Request) -> NetworkOffice:
    """Return the hub's side of the pages about nodes."""
    return request.config_dict[NETWORK]
