"""Sign-in and sign-out, alike on every tier; how a password is checked is the node's business."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import web

from common.domain.findings import Finding
from common.domain.spoken_error import SpokenError
from common.web import session
from common.web.attempts import Attempts
from common.web.authorisation import SIGN_IN
from common.web.context import WebContext
from common.web.forms import posted
from common.web.preferences import local_path
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import PUBLIC, SIGNED_IN, Page, page
from common.web.views.form import Form
from common.web.views.signing_in import SignInView

_WINDOW = timedelta(minutes=10)
_PER_ACCOUNT = 5
_PER_ADDRESS = 30


class WrongPasswordError(SpokenError):
    """No such account, or not its password: one sentence for both."""

    def __init__(self) -> None:
        """Say it without telling which of the two."""
        super().__init__("wrong account or password", "账号或密码不对，请看清大小写再输一次。")


@dataclass(frozen=True, slots=True)
class SignIn:
    """The pages of signing in.

    Attributes:
        check: takes account and password, returns when they are right (and the box is unlocked);
            :class:`WrongPasswordError` or another spoken error when not.
        locked: whether the box is locked now.
        home: where to go after signing in.
    """

    context: WebContext
    check: Callable[[str, str], Awaitable[None]]
    locked: Callable[[], bool]
    home: str = "/desk"
    accounts: Attempts = field(init=False)
    addresses: Attempts = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "accounts", Attempts(_PER_ACCOUNT, _WINDOW, self.context.now))
        object.__setattr__(self, "addresses", Attempts(_PER_ADDRESS, _WINDOW, self.context.now))

    def pages(self) -> tuple[Page, ...]:
        """Return the pages to add."""
        return (
            page("GET", SIGN_IN, PUBLIC, self._form),
            page("POST", SIGN_IN, PUBLIC, self._sign_in),
            page("POST", "/sign-out", SIGNED_IN, self._sign_out),
        )

    async def _form(self, request: web.Request) -> web.StreamResponse:
        form = Form({"next": request.query.get("next", "")})
        return show(request, await self._view(form))

    async def _sign_in(self, request: web.Request) -> web.StreamResponse:
        form, address = posted(request), request.remote or ""
        login = form.text("login")
        self.accounts.check(login)
        self.addresses.check(address)
        try:
            await self.check(login, next((value for key, value in form.fields if key == "password"), ""))
        except SpokenError as error:
            self.accounts.failed(login)
            self.addresses.failed(address)
            typed = {"login": login, "next": form.text("next")}
            again = Form(typed, (Finding("login", error.sentence),))
            return show(request, await self._view(again), status=403)
        self.accounts.passed(login)
        await session.begin(request, login)
        after = form.text("next")
        return see_other(local_path(after) if after else self.home)

    async def _view(self, form: Form) -> SignInView:
        line = await self.context.line()
        return SignInView(form, locked=self.locked(), ended=line.ended if line else None)

    async def _sign_out(self, request: web.Request) -> web.StreamResponse:
        await session.end(request)
        return see_other("/")
