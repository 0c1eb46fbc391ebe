"""授权: who may accept, review and decide which items, from when to when; given and ended here."""

import asyncio
import re
import secrets
from datetime import date, timedelta

from aiohttp import web

from common.casework import grants_known
from common.casework.desk import Desk
from common.casework.publishing import end_grant, give_grant
from common.domain.bodies.hub import GrantGiven
from common.domain.findings import Finding
from common.domain.grants import GRANTED, POWER_NAMES, Grant, Power
from common.domain.sentence import Sentence, listed
from common.domain.spoken_error import SpokenError
from common.web.context import signed_in
from common.web.forms import Posted, posted
from common.web.office import Office, desk_of, office_of
from common.web.pages.hub import tree
from common.web.pages.typed_dates import typed_day
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.session import SESSION
from common.web.views.form import Choice, Form
from common.web.views.grants import EndView, GiveView, GrantLine, GrantsView

GRANTS = "/desk/grants"
_DONE = "grants_done"
_DAY = timedelta(days=1)
_NUMBER = re.compile(r"[0-9a-f]{12}")
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{0,39}")
_SEPARATORS = re.compile(r"[\s,，;；、]+")
_POWERS = tuple(power for power in Power if power in GRANTED)
_LONGEST = 60


class EndedAlreadyError(SpokenError):
    """The grant is over, perhaps through another window."""

    def __init__(self) -> None:
        """Say that there is nothing left to do."""
        super().__init__("the grant is over", "这个授权已经结束了（可能是在另一个窗口里），不用再做一次。")


class NoSuchGrantError(SpokenError):
    """No grant of that number."""

    def __init__(self) -> None:
        """Say where they are."""
        super().__init__("no such grant", "没有这个授权。请回到“授权”重新选。")


class Granting:
    """The pages of grants; one form gives one grant, however often it is sent."""

    def __init__(self) -> None:
        """Begin."""
        self._one_at_a_time = asyncio.Lock()

    def pages(self) -> tuple[Page, ...]:
        """Return the pages to add."""
        return (
            page("GET", GRANTS, Power.KEEP_GRANTS, _list),
            page("GET", f"{GRANTS}/give", Power.KEEP_GRANTS, _ask),
            page("POST", f"{GRANTS}/give", Power.KEEP_GRANTS, self._give),
            page("GET", f"{GRANTS}/{{grant}}/end", Power.KEEP_GRANTS, _ask_end),
            page("POST", f"{GRANTS}/{{grant}}/end", Power.KEEP_GRANTS, self._end),
        )

    async def _give(self, request: web.Request) -> web.StreamResponse:
        form, desk = posted(request), desk_of(request)
        number = form.text("number") if _NUMBER.fullmatch(form.text("number")) else secrets.token_hex(6)
        async with self._one_at_a_time:
            if await _find(desk, number) is None:
                findings = _findings(form, desk)
                if not findings:
                    try:
                        await give_grant(desk, signed_in(request), _given(form, number))
                    except SpokenError as error:
                        findings = (Finding("powers", error.sentence),)
                if findings:
                    again = Form(form.values() | {"number": number}, findings)
                    return await _form(request, again, frozenset(form.texts("powers")), 400)
        office_of(request).kick()
        request[SESSION][_DONE] = "授权已经给出，对方站点下次联系时生效。"
        return see_other(GRANTS)

    async def _end(self, request: web.Request) -> web.StreamResponse:
        desk, form = desk_of(request), posted(request)
        async with self._one_at_a_time:
            grant = await _still_going(request)
            findings = tuple(_end_findings(form, desk.clock.today()))
            if findings:
                view = EndView(_end_path(grant), _line(office_of(request), grant, desk.clock.today()))
                return show(
                    request, EndView(view.path, view.grant, Form(form.values(), findings)), status=400
                )
            on = typed_day(form.text("on")) or desk.clock.today()
            await end_grant(desk, signed_in(request), grant.grant, on, form.text("reason"))
        office_of(request).kick()
        request[SESSION][_DONE] = "授权已经结束。已经做出的决定仍然算数。"
        return see_other(GRANTS)


async def _list(request: web.Request) -> web.StreamResponse:
    desk, office = desk_of(request), office_of(request)
    today, wanted = desk.clock.today(), request.query.get("q", "").strip()
    held = sorted(await desk.vault.read(grants_known.every), key=lambda one: (_over(one, today), one.since))
    lines = tuple(_line(office, one, today) for one in held)
    found = tuple(one for one in lines if any(wanted in text for text in (one.name, one.login, one.node)))
    form = Form({"q": wanted} if wanted else {})
    return show(request, GrantsView(found, form, str(request[SESSION].pop(_DONE, ""))))


async def _ask(request: web.Request) -> web.StreamResponse:
    return await _form(request, Form({"since": desk_of(request).clock.today().isoformat()}), frozenset(), 200)


async def _form(request: web.Request, form: Form, ticked: frozenset[str], status: int) -> web.StreamResponse:
    rows = await office_of(request).open.read(tree.newest)
    nodes = tuple(
        Choice(one.row.node, Sentence("{name}（{note}）", name=one.row.name, note=one.row.node))
        for one in tree.placed(rows)
        if one.row.revoked_ms is None
    )
    powers = tuple(Choice(power, POWER_NAMES[power]) for power in _POWERS)
    number = form.value("number") or secrets.token_hex(6)
    return show(request, GiveView(nodes, powers, number, ticked, form), status=status)


def _findings(form: Posted, desk: Desk) -> tuple[Finding, ...]:
    found = []
    if not _LOGIN.fullmatch(form.text("login")):
        found.append(Finding("login", "账号名是小写字母和数字，例如 li.wei，请向对方站点的管理员要。"))
    for name, word in (("name", "姓名"), ("post", "职务")):
        text = form.text(name)
        if not text or len(text) > _LONGEST or not text.isprintable():
            found.append(
                Finding(name, Sentence("请填写{word}，最多{n}个字。", word=Sentence(word), n=_LONGEST))
            )
    if not set(form.texts("powers")) & set(_POWERS):
        found.append(Finding("powers", "请至少勾选一项权力。"))
    known = {code for code, _ in desk.rules.versions}
    unknown = [code for code in _items(form) if code != "*" and code not in known]
    if unknown:
        found.append(
            Finding(
                "items",
                Sentence("目录里没有这些编码：{codes}。请核对，或留空给全部事项。", codes=tuple(unknown[:5])),
            )
        )
    return (*found, *_date_findings(form))


def _date_findings(form: Posted) -> tuple[Finding, ...]:
    since, until = typed_day(form.text("since")), typed_day(form.text("until"))
    if since is None:
        return (Finding("since", "请选开始日期。"),)
    if form.text("until") and until is None:
        return (Finding("until", "最后一天不是一个日期；没有期限就留空。"),)
    if until is not None and until < since:
        return (Finding("until", "最后一天不能早于开始日期。"),)
    return ()


def _items(form: Posted) -> tuple[str, ...]:
    return tuple(code for code in _SEPARATORS.split(form.text("items")) if code) or ("*",)


def _given(form: Posted, number: str) -> GrantGiven:
    until = typed_day(form.text("until"))
    return GrantGiven(
        grant=number,
        node=form.text("node"),
        login=form.text("login"),
        name=form.text("name"),
        post=form.text("post"),
        powers=tuple(power for power in _POWERS if power in form.texts("powers")),
        items=_items(form),
        since=typed_day(form.text("since")) or date.max,
        until=until + _DAY if until else None,
    )


async def _ask_end(request: web.Request) -> web.StreamResponse:
    grant, today = await _still_going(request), desk_of(request).clock.today()
    line = _line(office_of(request), grant, today)
    return show(request, EndView(_end_path(grant), line, Form({"on": today.isoformat()})))


def _end_findings(form: Posted, today: date) -> tuple[Finding, ...]:
    found = []
    on = typed_day(form.text("on"))
    if on is None or on < today:
        found.append(Finding("on", "请选今天或以后的日期：从这一天起不再有权。"))
    if not form.text("reason") or len(form.text("reason")) > 200:  # noqa: PLR2004 - a line on paper
        found.append(Finding("reason", "请写明原因，最多200个字。"))
    return tuple(found)


async def _still_going(request: web.Request) -> Grant:
    desk = desk_of(request)
    grant = await _find(desk, request.match_info["grant"])
    if grant is None:
        raise NoSuchGrantError
    if _over(grant, desk.clock.today()):
        raise EndedAlreadyError
    return grant


async def _find(desk: Desk, number: str) -> Grant | None:
    held = await desk.vault.read(grants_known.every)
    return next((one for one in held if one.grant == number), None)


def _over(grant: Grant, today: date) -> bool:
    return grant.until is not None and grant.until <= today


def _line(office: Office, grant: Grant, today: date) -> GrantLine:
    over = _over(grant, today)
    return GrantLine(
        name=grant.name,
        post=grant.post,
        login=grant.login,
        node=office.node_name(grant.node),
        powers=tuple(POWER_NAMES[power] for power in grant.powers),
        items=Sentence("全部事项") if "*" in grant.items else listed(grant.items),
        since=grant.since,
        until=grant.until - _DAY if grant.until else None,
        state="已结束" if over else "在用" if grant.since <= today else "还没开始",
        end="" if over else _end_path(grant),
    )


def _end_path(grant: Grant) -> str:
    return f"{GRANTS}/{grant.grant}/end"
