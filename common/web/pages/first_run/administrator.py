"""The first administrator of a box that has joined, and the recovery code, shown until it is written down."""

import asyncio

from aiohttp import web

from common.casework.accounts import AccountError, NewAccount
from common.domain.findings import Finding
from common.domain.grants import Role
from common.domain.node import Tier
from common.web import csrf
from common.web.first_run_office import first_run_of
from common.web.forms import posted
from common.web.pages.first_run.stage import ADMINISTRATOR, DONE, FIRST, RECOVERY, Stage, own_name, stage
from common.web.pages.passwords import password_findings, secret
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import PUBLIC, Page, page
from common.web.views.first_run import AdministratorView, DoneView, RecoveryView
from common.web.views.form import EMPTY, Form

_ROLES = {
    Tier.VILLAGE: frozenset({Role.ADMINISTRATOR, Role.HELPER}),
    Tier.TOWNSHIP: frozenset({Role.ADMINISTRATOR, Role.CLERK}),
    Tier.COUNTY: frozenset({Role.ADMINISTRATOR}),
}
"""Whoever opens a station works there too; others are added, and roles kept apart, later."""


class FirstAdministrator:
    """The last pages of the first run."""

    def __init__(self) -> None:
        """Begin without a code to show."""
        self._recovery: tuple[str, str] | None = None
        self._one_at_a_time = asyncio.Lock()

    def pages(self) -> tuple[Page, ...]:
        """Return the pages to add."""
        return (
            page("GET", ADMINISTRATOR, PUBLIC, self._ask),
            page("POST", ADMINISTRATOR, PUBLIC, self._found),
            page("GET", RECOVERY, PUBLIC, self._code),
            page("POST", DONE, PUBLIC, self._done),
        )

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        return await self._elsewhere(request) or await _form(request, EMPTY, 200)

    async def _found(self, request: web.Request) -> web.StreamResponse:
        form = posted(request)
        async with self._one_at_a_time:
            elsewhere = await self._elsewhere(request)
            if elsewhere is not None:
                return elsewhere
            findings, office = tuple(password_findings(form)), first_run_of(request)
            try:
                new = NewAccount(form.text("login"), form.text("name"), _ROLES[office.tier])
                if not findings:
                    code = await office.found(new, secret(form, "password"))
                    self._recovery = (csrf.token(request), code)
            except AccountError as error:
                findings = (Finding(error.field, error.sentence), *findings)
            if findings:
                typed = {name: form.text(name) for name in ("name", "login", "unlock")}
                return await _form(request, Form(typed, findings), 400)
        return see_other(RECOVERY)

    async def _code(self, request: web.Request) -> web.StreamResponse:
        owner, code = self._recovery or ("", "")
        if owner != csrf.token(request):
            return await self._elsewhere(request) or see_other(FIRST)
        return show(request, RecoveryView(code))

    async def _done(self, request: web.Request) -> web.StreamResponse:
        owner, _ = self._recovery or ("", "")
        if owner == csrf.token(request):
            self._recovery = None
            first_run_of(request).finish()
        return show(request, DoneView())

    async def _elsewhere(self, request: web.Request) -> web.StreamResponse | None:
        """Return where to go when it is not time for the first administrator; None when it is."""
        at = await first_run_of(request).opened.read(stage)
        if at is Stage.JOIN:
            return see_other(FIRST)
        if at is Stage.ADMINISTRATOR:
            return None
        owner, _ = self._recovery or ("", "")
        return see_other(RECOVERY) if owner == csrf.token(request) else show(request, DoneView())


async def _form(request: web.Request, form: Form, status: int) -> web.StreamResponse:
    name = await first_run_of(request).opened.read(own_name)
    return show(request, AdministratorView(name, form=form), status=status)
