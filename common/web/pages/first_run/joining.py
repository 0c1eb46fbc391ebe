"""From the code to the county: found, compared, asked for, waited for."""

import asyncio
import contextlib
from dataclasses import dataclass

from aiohttp import web

from common.crypto.invitation import InvitationCodeError
from common.crypto.root import spoken
from common.domain.division_code import DivisionCode
from common.domain.divisions import load_divisions
from common.domain.findings import Finding
from common.domain.spoken_error import SpokenError
from common.web.first_run_office import (
    CountyFound,
    FirstRunOffice,
    NotReachedError,
    StillWaitingError,
    first_run_of,
)
from common.web.forms import Posted, posted
from common.web.pages.first_run.stage import ADMINISTRATOR, COMPARE, FIRST, STOP, WAITING, Stage, stage
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import PUBLIC, Page, page
from common.web.views.first_run import CodeView, CompareView, EnrolmentView
from common.web.views.form import EMPTY, Form

_PAUSE_SECONDS = 3.0
_STOPPED = "已停下，没有向对方发送任何内容。请向发邀请码的人问清楚，再重新输入。"


@dataclass(frozen=True, slots=True)
class _Asked:
    code: str
    address: str
    county: CountyFound

    @property
    def fingerprint(self) -> tuple[str, ...]:
        return tuple(spoken(self.county.fingerprint).split(" "))


class Joining:
    """The pages of joining; a box joins once, so what was typed last counts for every window."""

    def __init__(self) -> None:
        """Begin with nothing typed."""
        self._asked: _Asked | None = None
        self._task: asyncio.Task[None] | None = None
        self._problem = ""

    def pages(self) -> tuple[Page, ...]:
        """Return the pages to add."""
        return (
            page("GET", FIRST, PUBLIC, self._code),
            page("POST", FIRST, PUBLIC, self._find),
            page("GET", COMPARE, PUBLIC, self._show_county),
            page("POST", COMPARE, PUBLIC, self._compared),
            page("GET", WAITING, PUBLIC, self._waiting),
            page("POST", STOP, PUBLIC, self._stop),
        )

    async def close(self, app: web.Application) -> None:  # noqa: ARG002 - as aiohttp calls it
        """Stop asking; the request is kept and goes on at the next start."""
        await self._end()

    async def _code(self, request: web.Request) -> web.StreamResponse:
        if await first_run_of(request).opened.read(stage) is not Stage.JOIN:
            return see_other(ADMINISTRATOR)
        if self._task is not None:
            return see_other(WAITING)
        return show(request, CodeView(EMPTY))

    async def _find(self, request: web.Request) -> web.StreamResponse:
        form, office = posted(request), first_run_of(request)
        if await office.opened.read(stage) is not Stage.JOIN or self._task is not None:
            return see_other(FIRST)
        findings = _findings(form)
        if not findings:
            code, address = form.text("code"), form.text("address")
            try:
                self._asked = _Asked(code, address, await office.find(code, address))
            except InvitationCodeError as error:
                findings = (Finding("code", error.sentence),)
            except SpokenError as error:
                findings = (Finding("address", error.sentence),)
        if findings:
            return show(request, CodeView(Form(form.values(), findings)), status=400)
        return see_other(COMPARE)

    async def _show_county(self, request: web.Request) -> web.StreamResponse:
        asked = self._asked
        if asked is None:
            return see_other(FIRST)
        name = load_divisions().path_name(DivisionCode(asked.county.county)) or asked.county.county
        return show(request, CompareView(name, asked.county.name, asked.address, asked.fingerprint))

    async def _compared(self, request: web.Request) -> web.StreamResponse:
        form, asked = posted(request), self._asked
        if asked is None or self._task is not None:
            return see_other(FIRST)
        if form.text("fingerprint") != "".join(asked.fingerprint):
            return see_other(COMPARE)  # another window has found another county meanwhile: compare that one
        if form.text("same") != "yes":
            self._asked = None
            return show(request, CodeView(Form({}, (Finding("address", _STOPPED),))))
        self._problem = ""
        self._task = asyncio.create_task(self._ask(first_run_of(request), asked))
        return see_other(WAITING)

    async def _ask(self, office: FirstRunOffice, asked: _Asked) -> None:
        """Ask until the box is enrolled or refused for good."""
        while True:
            try:
                await office.enrol(asked.code, asked.address)
            except (StillWaitingError, NotReachedError) as error:
                self._problem = error.sentence
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                return

    async def _waiting(self, request: web.Request) -> web.StreamResponse:
        task = self._task
        if task is None:
            return see_other(FIRST)
        if not task.done():
            return show(request, EnrolmentView(self._problem))
        typed, self._task, self._asked = self._asked, None, None
        try:
            await task
        except SpokenError as error:
            values = {"code": typed.code, "address": typed.address} if typed else {}
            return show(request, CodeView(Form(values, (Finding("code", error.sentence),))), status=400)
        return see_other(ADMINISTRATOR)

    async def _stop(self, request: web.Request) -> web.StreamResponse:  # noqa: ARG002 - as handlers are called
        await self._end()
        return see_other(FIRST)

    async def _end(self) -> None:
        task, self._task, self._asked = self._task, None, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, SpokenError):
                await task


def _findings(form: Posted) -> tuple[Finding, ...]:
    wanted = {"code": "请输入县里给的邀请码。", "address": "请输入县里或乡镇给的上级地址。"}
    return tuple(Finding(name, sentence) for name, sentence in wanted.items() if not form.text(name))
