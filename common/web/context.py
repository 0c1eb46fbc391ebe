"""What a node gives its pages: who it is, who is signed in, how the line is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from common.domain.grants import Actor
from common.store.engine import Database
from common.web.views.frame import LineView, Site

_KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class WebContext:
    """The node's side of the pages.

    Attributes:
        site: the node as its pages name it now, and its places: a box gets its name while its pages are open.
        session_key: 32 random bytes that seal the session cookies; new ones sign everybody out.
        actor_of: the account as it is now, or None when it is gone or disabled; asked on every request.
        line: how the line stands, for the bar on staff pages; None hides the bar.
        now: the device's clock, aware.
        idle: how long a signed-in page may rest; the PC is shared.
        secure: cookies travel over TLS only.
        sessions: keeps who is signed in, so that every process of the node knows who signed out; None where
            there is no node behind the pages: then only the cookie tells.
    """

    site: Callable[[], Site]
    session_key: bytes
    actor_of: Callable[[str], Awaitable[Actor | None]]
    line: Callable[[], Awaitable[LineView | None]]
    now: Callable[[], datetime]
    idle: timedelta = timedelta(minutes=15)
    secure: bool = False
    sessions: Database | None = None

    def __post_init__(self) -> None:
        """Refuse a key that seals nothing.

        Raises:
            ValueError: the session key is not 32 bytes.
        """
        if len(self.session_key) != _KEY_LENGTH:
            message = f"a session key is {_KEY_LENGTH} bytes"
            raise ValueError(message)


CONTEXT: web.AppKey[WebContext] = web.AppKey("jiujin_context", WebContext)
ACTOR: web.RequestKey[Actor] = web.RequestKey("jiujin_actor", Actor)


def context_of(request: web.Request) -> WebContext:
    """Return the node's side of the pages."""
    return request.config_dict[CONTEXT]


def actor_of(request: web.Request) -> Actor | None:
    """Return who is signed in, if anyone."""
    return request.get(ACTOR)


def signed_in(request: web.Request) -> Actor:
    """Return who is signed in, on a page that is not public."""
    return request[ACTOR]
