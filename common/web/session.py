"""The signed-in session: an encrypted cookie, short-lived, checked on every request.

The account must still be one, and the database must still know the session: signing out at one process of a
node signs out at all of them, and a copy of the cookie is worth nothing afterwards.
"""

import secrets
from datetime import timedelta

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from aiohttp_session import Session
from aiohttp_session.cookie_storage import EncryptedCookieStorage

from common.crypto import hashing
from common.domain.times import to_milliseconds
from common.store import sessions
from common.store.engine import Tx
from common.store.rows import SessionRow
from common.web.context import ACTOR, WebContext, context_of

SESSION: web.RequestKey[Session] = web.RequestKey("jiujin_session", Session)
_COOKIE_AGE = timedelta(hours=12)
_LOGIN, _SEEN, _NAME = "login", "seen", "id"
_DIGEST = b"jiujin/page-session/1\0"
QUIET = "/desk/line"
"""The bar asks by itself: that is no sign of a person."""


def middleware_of(context: WebContext) -> Middleware:
    """Return the middleware that opens and seals the cookie.

    The cookie bears the node's number: several nodes on one machine share a host name.
    """
    storage = EncryptedCookieStorage(
        context.session_key,
        cookie_name=f"jiujin_{context.site().node}",
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
    known = not idle and await _is_known(context, str(session.get(_NAME)))
    actor = await context.actor_of(str(session[_LOGIN])) if known else None
    if actor is None:
        session.invalidate()
        return
    request[ACTOR] = actor
    if request.path != QUIET:
        session[_SEEN] = now


async def _is_known(context: WebContext, name: str) -> bool:
    if context.sessions is None:
        return True
    digest, now = _digest(name), to_milliseconds(context.now())
    return await context.sessions.read(lambda tx: sessions.find(tx, digest, now)) is not None


async def begin(request: web.Request, login: str) -> None:
    """Sign ``login`` in, leaving nothing of the session before."""
    context, session = context_of(request), request[SESSION]
    session.invalidate()
    session[_LOGIN] = login
    session[_NAME] = name = secrets.token_urlsafe(16)
    session[_SEEN] = context.now().timestamp()
    now = to_milliseconds(context.now())
    row = SessionRow(_digest(name), login, {}, now, now, now + _COOKIE_AGE // timedelta(milliseconds=1))

    async def work(tx: Tx) -> None:
        await sessions.sweep(tx, now)
        await sessions.save(tx, row)

    if context.sessions is not None:
        await context.sessions.write_beside(work)


async def end(request: web.Request) -> None:
    """Sign out; a copy of the cookie is worth nothing from now on."""
    context, session = context_of(request), request[SESSION]
    name = session.get(_NAME)
    if context.sessions is not None and name is not None:
        digest = _digest(str(name))
        await context.sessions.write_beside(lambda tx: sessions.end(tx, digest))
    session.invalidate()
    request.pop(ACTOR, None)


def _digest(name: str) -> bytes:
    return hashing.digest(_DIGEST, name.encode())
