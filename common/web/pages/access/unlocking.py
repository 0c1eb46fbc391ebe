"""The recovery code opens a box whose passwords are forgotten; then an account gets a new one."""

from datetime import timedelta

from aiohttp import web

from common.domain.findings import Finding
from common.domain.spoken_error import SpokenError
from common.web.access_office import access_of
from common.web.attempts import Attempts
from common.web.authorisation import SIGN_IN
from common.web.context import WebContext
from common.web.forms import posted
from common.web.pages.passwords import password_findings, secret
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import PUBLIC, Page, page
from common.web.session import SESSION
from common.web.views.accounts import RecoveredView
from common.web.views.form import Form
from common.web.views.signing_in import UnlockView

_UNLOCK, _PASSWORD = "/unlock", "/unlock/password"
_RECOVERED = "recovered"
_GOOD_FOR = timedelta(minutes=10)
_WINDOW = timedelta(minutes=10)
_TRIES = 5


class NotRecoveredError(SpokenError):
    """A new password is asked for without the recovery code, or too long after it."""

    def __init__(self) -> None:
        """Say where to begin."""
        super().__init__("no recovery code before", "请先输入恢复码，再在10分钟内设新密码。密码没有改动。")


class Unlocking:
    """The pages of the recovery code; tries are counted for the whole box."""

    def __init__(self, context: WebContext) -> None:
        """Begin with no tries."""
        self._context = context
        self._tries = Attempts(_TRIES, _WINDOW, context.now)

    def pages(self) -> tuple[Page, ...]:
        """Return the pages to add."""
        return (
            page("GET", _UNLOCK, PUBLIC, _code),
            page("POST", _UNLOCK, PUBLIC, self._unlock),
            page("GET", _PASSWORD, PUBLIC, self._ask),
            page("POST", _PASSWORD, PUBLIC, self._set),
        )

    async def _unlock(self, request: web.Request) -> web.StreamResponse:
        self._tries.check(_UNLOCK)
        try:
            await access_of(request).recover(posted(request).text("code"))
        except SpokenError as error:
            self._tries.failed(_UNLOCK)
            wrong = Form({}, (Finding("code", error.sentence),))
            return show(request, UnlockView(wrong), status=403)
        request[SESSION][_RECOVERED] = self._context.now().timestamp()
        return see_other(_PASSWORD)

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        self._insist(request)
        return show(request, RecoveredView())

    async def _set(self, request: web.Request) -> web.StreamResponse:
        self._insist(request)
        form = posted(request)
        findings = tuple(password_findings(form))
        if not findings:
            try:
                await access_of(request).set_password(form.text("login"), secret(form, "password"))
            except SpokenError as error:
                findings = (Finding("login", error.sentence),)
        if findings:
            again = Form({"login": form.text("login")}, findings)
            return show(request, RecoveredView(again), status=400)
        del request[SESSION][_RECOVERED]
        return see_other(SIGN_IN)

    def _insist(self, request: web.Request) -> None:
        when = float(request[SESSION].get(_RECOVERED, 0))
        if not 0 <= self._context.now().timestamp() - when < _GOOD_FOR.total_seconds():
            raise NotRecoveredError


async def _code(request: web.Request) -> web.StreamResponse:
    return show(request, UnlockView())
