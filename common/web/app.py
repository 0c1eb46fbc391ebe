"""The pages' application: its middlewares in their order, and nothing that is not declared."""

from collections.abc import Iterable
from pathlib import Path

from aiohttp import web

from common.media.studio import Studio
from common.papers import fonts
from common.web import preferences, rendering, session, static_files
from common.web.authorisation import authorise
from common.web.context import CONTEXT, WebContext
from common.web.csrf import guard_forms
from common.web.failures import speak_of_failures
from common.web.headers import set_headers
from common.web.pictures import STUDIO
from common.web.routing import Page, add_pages, refuse_undeclared

STATIC = Path(__file__).parent / "static"


def make_app(context: WebContext, pages: Iterable[Page] = ()) -> web.Application:
    """Return the application with ``pages``; more may be added with ``add_pages`` until it starts.

    Middlewares from the outside in: session cookie, language, failures as pages, who it is, whether
    they may, whether the form is ours, how the line stands.
    """
    app = web.Application(
        middlewares=(
            session.middleware_of(context),
            preferences.choose_language,
            speak_of_failures,
            session.identify,
            authorise,
            guard_forms,
            rendering.know_line,
        )
    )
    app[CONTEXT] = context
    app[STUDIO] = Studio(fonts.REGULAR)
    app.on_response_prepare.append(set_headers)
    static = static_files.load(STATIC)
    rendering.set_up(app, static)
    add_pages(app, (static.page(), rendering.line_page(), *preferences.pages(), *pages))
    app.on_startup.append(refuse_undeclared)
    return app
