"""Accounts of this node, for its administrators: who there is, a new one, a forgotten password."""

from datetime import datetime

from aiohttp import web

from common.casework.accounts import AccountError, NewAccount
from common.domain.findings import Finding
from common.domain.grants import ROLE_NAMES, Power, Role
from common.domain.node import Tier
from common.domain.sentence import Sentence
from common.domain.spoken_error import SpokenError
from common.domain.times import to_milliseconds
from common.store import accounts
from common.store.rows import AccountRow
from common.web.access_office import access_of
from common.web.context import context_of
from common.web.forms import Posted, posted
from common.web.office import desk_of
from common.web.pages.passwords import password_findings, secret
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.session import SESSION
from common.web.views.accounts import AccountLine, AccountsView, NewAccountView, PasswordView
from common.web.views.form import EMPTY, Choice, Form

ACCOUNTS = "/desk/accounts"
_DONE = "accounts_done"
_ROLES = {
    Tier.VILLAGE: (Role.HELPER, Role.ADMINISTRATOR),
    Tier.TOWNSHIP: (Role.CLERK, Role.REVIEWER, Role.CHIEF, Role.SUPERVISOR, Role.ADMINISTRATOR),
    Tier.COUNTY: tuple(role for role in Role if role is not Role.HELPER),
}
"""Which roles have work at a tier."""


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (
        page("GET", ACCOUNTS, Power.KEEP_ACCOUNTS, _list),
        page("GET", f"{ACCOUNTS}/add", Power.KEEP_ACCOUNTS, _ask),
        page("POST", f"{ACCOUNTS}/add", Power.KEEP_ACCOUNTS, _add),
        page("GET", f"{ACCOUNTS}/password", Power.KEEP_ACCOUNTS, _ask_password),
        page("POST", f"{ACCOUNTS}/password", Power.KEEP_ACCOUNTS, _set_password),
    )


async def _list(request: web.Request) -> web.StreamResponse:
    now = context_of(request).now()
    lines = tuple(_line(row, name, now) for row, name in await _people(request))
    return show(request, AccountsView(lines, str(request[SESSION].pop(_DONE, ""))))


async def _ask(request: web.Request) -> web.StreamResponse:
    return show(request, NewAccountView(_choices(request)))


async def _add(request: web.Request) -> web.StreamResponse:
    form = posted(request)
    ticked = frozenset(form.texts("roles"))
    findings = tuple(password_findings(form))
    roles = frozenset(Role(one.value) for one in _choices(request) if one.value in ticked)
    try:
        new = NewAccount(form.text("login"), form.text("name"), roles)
        if not findings:
            await access_of(request).add_user(new, secret(form, "password"))
    except AccountError as error:
        findings = (Finding(error.field, error.sentence), *findings)
    if findings:
        again = Form(_kept(form), findings)
        return show(request, NewAccountView(_choices(request), ticked, again), status=400)
    request[SESSION][_DONE] = "账号已经建好，可以登录了。"
    return see_other(ACCOUNTS)


async def _ask_password(request: web.Request) -> web.StreamResponse:
    return await _password_form(request, EMPTY, 200)


async def _set_password(request: web.Request) -> web.StreamResponse:
    form = posted(request)
    findings = tuple(password_findings(form))
    if not findings:
        try:
            await access_of(request).set_password(form.text("login"), secret(form, "password"))
        except SpokenError as error:
            findings = (Finding("login", error.sentence),)
    if findings:
        return await _password_form(request, Form(_kept(form), findings), 400)
    request[SESSION][_DONE] = "新密码已经设好。"
    return see_other(ACCOUNTS)


async def _password_form(request: web.Request, form: Form, status: int) -> web.StreamResponse:
    logins = tuple(
        Choice(row.login, Sentence("{name}（{note}）", name=name, note=row.login))
        for row, name in await _people(request)
    )
    return show(request, PasswordView(logins, form), status=status)


async def _people(request: web.Request) -> list[tuple[AccountRow, str]]:
    desk = desk_of(request)
    rows = await desk.open.read(accounts.every)
    names = {one.login: one.display_name for one in await desk.vault.read(accounts.persons)}
    return [(row, names.get(row.login, row.login)) for row in rows]


def _line(row: AccountRow, name: str, now: datetime) -> AccountLine:
    known = frozenset(Role)
    roles = tuple(ROLE_NAMES[Role(role)] for role in row.roles if role in known)
    waits = row.locked_until_ms > to_milliseconds(now)
    state = "已停用" if row.disabled else "密码连续输错，暂时不能登录" if waits else "在用"
    return AccountLine(row.login, name, roles, state, warn=row.disabled or waits)


def _choices(request: web.Request) -> tuple[Choice, ...]:
    return tuple(Choice(role, ROLE_NAMES[role]) for role in _ROLES[context_of(request).site().tier])


def _kept(form: Posted) -> dict[str, str]:
    return {name: form.text(name) for name in ("login", "name")}
