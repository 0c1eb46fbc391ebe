"""The application of an empty box: nothing but the first run, every other address leads to it."""

from aiohttp import web

from common.web.app import make_app
from common.web.context import WebContext
from common.web.first_run_office import FIRST_RUN, FirstRunOffice
from common.web.pages.first_run.administrator import FirstAdministrator
from common.web.pages.first_run.joining import Joining
from common.web.pages.first_run.stage import FIRST
from common.web.redirect import see_other
from common.web.routing import PUBLIC, Page, page


def make_first_run(context: WebContext, office: FirstRunOffice) -> web.Application:
    """Return the application; it is served until ``office.finish`` is called."""
    joining = Joining()
    app = make_app(context, (*joining.pages(), *FirstAdministrator().pages(), *_elsewhere()))
    app[FIRST_RUN] = office
    app.on_cleanup.append(joining.close)
    return app


def _elsewhere() -> tuple[Page, ...]:
    return (page("GET", "/{elsewhere:.*}", PUBLIC, _to_first_run),)


async def _to_first_run(request: web.Request) -> web.StreamResponse:  # noqa: ARG001 - every handler takes one
    return see_other(FIRST)
