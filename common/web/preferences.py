"""Language and type size: chosen by a link, kept in a cookie, true for one browser."""

from aiohttp import web
from aiohttp.typedefs import Handler as Next

from common.web.context import context_of
from common.web.redirect import see_other
from common.web.routing import PUBLIC, Handler, Page, page
from common.web.translation import CHINESE, ENGLISH, speak

_LANGUAGE, _TYPE = "jiujin_language", "jiujin_type"
_YEAR = 365 * 24 * 3600
_CHOICES = {_LANGUAGE: (CHINESE, ENGLISH), _TYPE: ("normal", "large")}


@web.middleware
async def choose_language(request: web.Request, handler: Next) -> web.StreamResponse:
    """Speak the browser's chosen language while answering."""
    with speak(ENGLISH if request.cookies.get(_LANGUAGE) == ENGLISH else CHINESE):
        return await handler(request)


def large_type(request: web.Request) -> bool:
    """Whether this browser asked for large type."""
    return request.cookies.get(_TYPE) == "large"


def local_path(text: str) -> str:
    """Return ``text`` where it is a path on this site, else ``/``: nobody is sent elsewhere."""
    inside = text.startswith("/") and not text.startswith("//")
    return text if inside and "\\" not in text and text.isprintable() else "/"


def pages() -> tuple[Page, ...]:
    """Return the links that switch."""
    return (
        page("GET", "/language/{choice}", PUBLIC, _switch(_LANGUAGE)),
        page("GET", "/type/{choice}", PUBLIC, _switch(_TYPE)),
    )


def _switch(cookie: str) -> Handler:
    async def switch(request: web.Request) -> web.StreamResponse:
        choice = request.match_info["choice"]
        if choice not in _CHOICES[cookie]:
            raise web.HTTPNotFound
        answer = see_other(local_path(request.query.get("back", "/")))
        secure = context_of(request).secure
        answer.set_cookie(cookie, choice, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)
        return answer

    return switch
