"""Inviting a node: above it first, then what it serves; the code is shown once."""

import asyncio
import secrets

from aiohttp import web

from common.crypto.root import fingerprint
from common.domain.division_code import DivisionCode, DivisionLevel
from common.domain.divisions import Division, load_divisions
from common.domain.findings import Finding
from common.domain.grants import Power
from common.domain.node import NodeId, Tier
from common.domain.sentence import Sentence
from common.domain.spoken_error import SpokenError
from common.exchange.network import load_network
from common.exchange.node_register import Invited, Wanted, invite
from common.papers.qr_code import qr_svg
from common.store.rows import CertificateRow
from common.web.context import context_of, signed_in
from common.web.forms import Posted, posted
from common.web.network_office import network_of
from common.web.office import desk_of, office_of
from common.web.pages.hub import tree
from common.web.pages.hub.nodes import NODES
from common.web.pages.shown_once import ShownOnce
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.views.form import EMPTY, Choice, Form
from common.web.views.network import InvitedView, InviteView, ParentsView

_INVITE = f"{NODES}/invite"
_COMMITTEES = ("村民委员会", "居民委员会")
_ENDINGS = ("村", "社区", "居委会")


class CodeGoneError(SpokenError):
    """The code was shown before, or to somebody else."""

    def __init__(self) -> None:
        """Say what to do without it."""
        super().__init__(
            "the code is shown once",
            "邀请码只显示一次，已经看不到了。没有记下来就再邀请一次，原来那个到期自己作废。",
        )


class NoParentError(SpokenError):
    """There is no such node in use to stand above another."""

    def __init__(self) -> None:
        """Say where to choose."""
        super().__init__("no such parent", "上级站点不在用了，请返回重新选一个。没有发出邀请。")


class Inviting:
    """The pages of inviting; one form makes one invitation, however often it is sent."""

    def __init__(self) -> None:
        """Begin with nothing shown."""
        self._shown: ShownOnce[tuple[Invited, Wanted]] = ShownOnce()
        self._one_at_a_time = asyncio.Lock()

    def pages(self) -> tuple[Page, ...]:
        """Return the pages to add."""
        return (
            page("GET", _INVITE, Power.KEEP_NODES, _parents),
            page("GET", f"{_INVITE}/{{parent:[0-9]{{4}}}}", Power.KEEP_NODES, _ask),
            page("POST", f"{_INVITE}/{{parent:[0-9]{{4}}}}", Power.KEEP_NODES, self._invite),
            page("GET", f"{NODES}/invited/{{number}}", Power.KEEP_NODES, self._code),
        )

    async def _invite(self, request: web.Request) -> web.StreamResponse:
        form, now = posted(request), context_of(request).now()
        number, owner = form.text("number"), signed_in(request).login
        parent = await _parent(request)
        wanted = _wanted(parent, form)
        async with self._one_at_a_time:
            if self._shown.of(number, owner, now) is None:
                findings = tuple(_findings(form))
                try:
                    if not findings:
                        invited = await _given(request, wanted)
                        self._shown.keep(number, owner, (invited, wanted), now)
                except SpokenError as error:
                    findings = (Finding("divisions", error.sentence),)
                if findings:
                    again = Form({"name": form.text("name"), "number": number}, findings)
                    return await _form(request, parent, again, frozenset(form.texts("divisions")), 400)
        return see_other(f"{NODES}/invited/{number}")

    async def _code(self, request: web.Request) -> web.StreamResponse:
        shown = self._shown.of(
            request.match_info["number"], signed_in(request).login, context_of(request).now()
        )
        if shown is None:
            raise CodeGoneError
        invited, wanted = shown
        office = office_of(request)
        return show(
            request,
            InvitedView(
                name=wanted.name,
                code=invited.code,
                qr_svg=qr_svg(invited.code.replace("-", "")),
                expires=invited.expires,
                address=network_of(request).address if wanted.parent.is_hub else "",
                ask="" if wanted.parent.is_hub else office.node_name(str(wanted.parent)),
                node=str(invited.node),
            ),
        )


async def _given(request: web.Request, wanted: Wanted) -> Invited:
    county = await load_network(office_of(request).open)
    invited = await invite(desk_of(request), signed_in(request), fingerprint(county.root), wanted)
    await network_of(request).refresh()
    return invited


async def _parents(request: web.Request) -> web.StreamResponse:
    rows = await office_of(request).open.read(tree.newest)
    listed = [one for one in tree.placed(rows) if _may_be_above(one.row)]
    parents = tuple(Choice(NodeId(one.row.node).digits, one.row.name) for one in listed)
    return show(request, ParentsView(parents))


async def _ask(request: web.Request) -> web.StreamResponse:
    return await _form(request, await _parent(request), EMPTY, frozenset(), 200)


async def _form(
    request: web.Request, parent: CertificateRow, form: Form, ticked: frozenset[str], status: int
) -> web.StreamResponse:
    rows = await office_of(request).open.read(tree.newest)
    served = {code for row in rows.values() if row.revoked_ms is None for code in row.divisions}
    divisions = tuple(
        Choice(
            one.code.text,
            Sentence("{name}（已有站点）", name=one.name) if one.code.text in served else one.name,
        )
        for one in _below(parent)
    )
    view = InviteView(
        parent=NodeId(parent.node).digits,
        parent_name=parent.name,
        village=parent.tier == Tier.TOWNSHIP,
        divisions=divisions,
        ticked=ticked,
        number=form.value("number") or secrets.token_urlsafe(12),
        form=form,
    )
    return show(request, view, status=status)


async def _parent(request: web.Request) -> CertificateRow:
    office = office_of(request)
    number = NodeId(f"{office.seat.node.county}-{request.match_info['parent']}")
    row = (await office.open.read(tree.newest)).get(str(number))
    if row is None or not _may_be_above(row):
        raise NoParentError
    return row


def _may_be_above(row: CertificateRow) -> bool:
    return row.revoked_ms is None and row.tier != Tier.VILLAGE


def _below(parent: CertificateRow) -> list[Division]:
    """Return the divisions one level below what the parent serves."""
    level = DivisionLevel.TOWNSHIP if parent.tier == Tier.COUNTY else DivisionLevel.VILLAGE
    served = [DivisionCode(code) for code in parent.divisions]
    return [
        one
        for one in load_divisions().by_code.values()
        if one.level is level and any(code.contains(one.code) for code in served)
    ]


def _wanted(parent: CertificateRow, form: Posted) -> Wanted:
    divisions = form.texts("divisions")
    tier = Tier.TOWNSHIP if parent.tier == Tier.COUNTY else Tier.VILLAGE
    return Wanted(tier, NodeId(parent.node), form.text("name") or _usual_name(tier, divisions), divisions)


def _usual_name(tier: Tier, divisions: tuple[str, ...]) -> str:
    """Return what such a station is called, after the first division it serves."""
    known = load_divisions().by_code
    names = [one.name for one in known.values() if one.code.text in divisions[:1]]
    if not names:
        return ""
    if tier is Tier.TOWNSHIP:
        return f"{names[0]}便民服务中心"
    place = names[0].removesuffix(_COMMITTEES[0]).removesuffix(_COMMITTEES[1])
    return f"{place if place.endswith(_ENDINGS) else place + '村'}综合服务站"


def _findings(form: Posted) -> list[Finding]:
    if not form.texts("divisions"):
        return [Finding("divisions", "请勾选这个站点服务的地方，至少一个。")]
    if len(form.text("name")) > 60:  # noqa: PLR2004 - as wide as a sign over a door
        return [Finding("name", "站点名称最多60个字。")]
    return []
