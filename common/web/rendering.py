"""Templates and what they may use: filters for dates and masks, the token, the frame around the page."""

from datetime import date, datetime
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp.typedefs import Handler

from common.domain import chinese_text, masking
from common.domain.sentence import Sentence, listed
from common.domain.times import CHINA
from common.web import csrf
from common.web.context import actor_of, context_of
from common.web.preferences import large_type
from common.web.routing import SIGNED_IN, Page, page
from common.web.session import QUIET
from common.web.static_files import StaticFiles
from common.web.translation import is_foreign, language, said, translate
from common.web.views.frame import Frame, LineView, View

TEMPLATES = Path(__file__).parent / "templates"
LINE: web.RequestKey[LineView] = web.RequestKey("jiujin_line", LineView)


def set_up(app: web.Application, static: StaticFiles) -> jinja2.Environment:
    """Give ``app`` its templates; a name a template misspells is an error, never an empty spot."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(TEMPLATES),
        default_helpers=False,
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        finalize=said,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["foreign"] = is_foreign
    environment.globals.update({"_": translate, "static": static.url})
    environment.filters.update(
        {
            "day": day_text,
            "weekday": chinese_text.weekday_date_text,
            "clock": clock_text,
            "moment": moment_text,
            "limit": chinese_text.limit_text,
            "money": chinese_text.money_text,
            "listed": listed,
            "mask_name": masking.mask_name,
            "mask_identity": masking.mask_identity,
            "mask_phone": masking.mask_phone,
        }
    )
    return environment


def show(request: web.Request, view: View, *, status: int = 200) -> web.Response:
    """Return the page of ``view``."""
    content = {"view": view, "frame": _frame(request)}
    return aiohttp_jinja2.render_template(view.template, request, content, status=status)


@web.middleware
async def know_line(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Ask how the line stands before a signed-in page; a page of failure asks the node for nothing."""
    line = await context_of(request).line() if actor_of(request) else None
    if line is not None:
        request[LINE] = line
    return await handler(request)


def line_page() -> Page:
    """Return the page of the line's bar alone, which open pages ask for again."""
    return page("GET", QUIET, SIGNED_IN, _line)


async def _line(request: web.Request) -> web.StreamResponse:
    return aiohttp_jinja2.render_template("line.html", request, {"frame": _frame(request)})


def _frame(request: web.Request) -> Frame:
    context, actor = context_of(request), actor_of(request)
    return Frame(
        site=context.site(),
        language=language(),
        large=large_type(request),
        path=request.path,
        token=csrf.token(request),
        actor=actor,
        line=request.get(LINE),
        today=context.now().astimezone(CHINA).date(),
    )


def day_text(day: date | None) -> Sentence | str:
    """Return a day as on forms, or a dash where there is none."""
    return chinese_text.date_text(day) if day else "—"


def clock_text(instant: datetime) -> str:
    """Return the hour and minute in China, ``10:32``."""
    return f"{instant.astimezone(CHINA):%H:%M}"


def moment_text(instant: datetime | None) -> str:
    """Return day and minute in China, ``11月22日 10:32``, or a dash where there is none."""
    if instant is None:
        return "—"
    there = instant.astimezone(CHINA)
    return Sentence("{month}月{day}日 {clock}", month=there.month, day=there.day, clock=f"{there:%H:%M}")
