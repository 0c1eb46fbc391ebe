"""The signed-in session: an encrypted cookie, short-lived, checked against the account on every request."""

import secrets
from datetime import timedelta

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from aiohttp_session import Session
from aiohttp_session.cookie_storage import EncryptedCookieStorage

from common.web.context import ACTOR, WebContext, context_of

SESSION: web.RequestKey[Session] = web.RequestKey("jiujin_session", Session)
_ENDED: web.AppKey[dict[str, float]] = web.AppKey("jiujin_ended_sessions", dict)
_COOKIE_AGE = timedelta(hours=12)
_LOGIN, _SEEN, _NAME = "login", "seen", "id"
_MOST_ENDED = 10_000
QUIET = "/desk/line"
"""The bar asks by itself: that is no sign of a person."""


def middleware_of(context: WebContext) -> Middleware:
    """Return the middleware that opens and seals the cookie.

    The cookie bears the node's number: several nodes on one machine share a host name.
    """
    storage = EncryptedCookieStorage(
        context.session_key,
        cookie_name=f"jiujin_{context.site.node}",
        max_age=int(_COOKIE_AGE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=context.secure,
    )

    @web.middleware
    async def open_session(request: web.Request, handler: Handler) -> web.StreamResponse:
        session = request[SESSION] = await storage.load_session(request)
        before = dict(session)
        response = await handler(request)
        if dict(session) != before and not response.prepared:
            await storage.save_session(request, response, session)
        return response

    return open_session


@web.middleware
async def identify(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find who is signed in: not ended, not idle too long, and still an account here."""
    session = request[SESSION]
    if session.get(_LOGIN) is not None:
        await _resume(request, session)
    return await handler(request)


async def _resume(request: web.Request, session: Session) -> None:
    context = context_of(request)
    now = context.now().timestamp()
    idle = now - float(session.get(_SEEN, 0)) > context.idle.total_seconds()
    ended = session.get(_NAME) in request.app[_ENDED]
    actor = None if idle or ended else await context.actor_of(str(session[_LOGIN]))
    if actor is None:
        session.invalidate()
        return
    request[ACTOR] = actor
    if request.path != QUIET:
        session[_SEEN] = now


def begin(request: web.Request, login: str) -> None:
    """Sign ``login`` in, leaving nothing of the session before."""
    session = request[SESSION]
    session.invalidate()
    session[_LOGIN] = login
    session[_NAME] = secrets.token_urlsafe(16)
    session[_SEEN] = context_of(request).now().timestamp()


def end(request: web.Request) -> None:
    """Sign out; a copy of the cookie is worth nothing from now on."""
    session = request[SESSION]
    ended = request.app[_ENDED]
    if name := session.get(_NAME):
        while len(ended) >= _MOST_ENDED:
            del ended[next(iter(ended))]
        ended[str(name)] = context_of(request).now().timestamp()
    session.invalidate()
    request.pop(ACTOR, None)


def prepare(app: web.Application) -> None:
    """Give the application its list of ended sessions."""
    app[_ENDED] = {}
