"""Every route is declared with who may open it; one that is not keeps the program from starting."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from aiohttp import web

from common.domain.grants import Power

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

FORM_BYTES = 128 * 1024
"""How much an ordinary form may weigh."""
UPLOAD_BYTES = 48 * 1024 * 1024
"""How much a form with pictures may weigh."""


class Door(Enum):
    """Pages that need no power."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


PUBLIC = Door.PUBLIC
SIGNED_IN = Door.SIGNED_IN


@dataclass(frozen=True, slots=True)
class Page:
    """One route and who may open it.

    Attributes:
        path: as aiohttp writes it, ``/items/{code}``.
        access: a power of the account, or a door that needs none.
        largest: most bytes a body may have.
    """

    method: str
    path: str
    access: Power | Door
    handler: Handler
    largest: int = FORM_BYTES


class UndeclaredRouteError(RuntimeError):
    """A route was added past :func:`add_pages`: nobody said who may open it."""


def page(
    method: str, path: str, access: Power | Door, handler: Handler, *, largest: int = FORM_BYTES
) -> Page:
    """Declare a route."""
    return Page(method, path, access, handler, largest)


_PAGES: web.AppKey[dict[web.AbstractRoute, Page]] = web.AppKey("jiujin_pages", dict)


def add_pages(app: web.Application, pages: Iterable[Page]) -> None:
    """Add declared routes; a page that answers GET answers HEAD too."""
    declared = app.setdefault(_PAGES, {})
    for one in pages:
        for method in ("GET", "HEAD") if one.method == "GET" else (one.method,):
            declared[app.router.add_route(method, one.path, one.handler)] = one


async def refuse_undeclared(app: web.Application) -> None:
    """Refuse to start with a route nobody declared.

    Raises:
        UndeclaredRouteError: names the method and path.
    """
    for route in app.router.routes():
        if route not in app[_PAGES]:
            path = route.resource.canonical if route.resource else "?"
            raise UndeclaredRouteError(f"{route.method} {path} was added without saying who may open it")


def page_of(request: web.Request) -> Page | None:
    """Return the declaration of the page asked for; None where no page is."""
    return request.app[_PAGES].get(request.match_info.route)
