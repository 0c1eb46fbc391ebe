"""站点: the tree of the county's nodes, with search, last sign of life, generation and state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from common.domain.grants import Power
from common.domain.node import NodeId, Tier
from common.domain.sentence import Sentence
from common.domain.times import from_milliseconds, to_milliseconds
from common.exchange import backlog, node_register
from common.exchange.contacts import Contact, contacts
from common.store import overview, registry
from common.store.engine import Tx
from common.store.rows import CertificateRow, InvitationRow
from common.web.context import context_of
from common.web.office import office_of
from common.web.pages.hub import tree
from common.web.pages.hub.tree import Placed
from common.web.pages.silence import is_silent
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.session import SESSION
from common.web.views.form import Form
from common.web.views.network import NodeLine, NodesView

NODES = "/desk/nodes"
DONE = "nodes_done"
_ALARMS = {"code_used_twice": "有人用另一台设备又用了{name}的邀请码，没有让它加入。请打电话核实是谁。"}


@dataclass(frozen=True, slots=True)
class _Known:
    nodes: tuple[Placed, ...]
    invitations: list[InvitationRow]
    greetings: Mapping[str, Contact]
    signed: Mapping[str, int]
    owed: Mapping[NodeId, int]
    alarms: list[dict[str, object]]


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (page("GET", NODES, Power.KEEP_NODES, _nodes),)


async def _nodes(request: web.Request) -> web.StreamResponse:
    office, now = office_of(request), context_of(request).now()
    known = await office.open.read(lambda tx: _known(tx, office.seat.node))
    lines = {one.row.node: _line(one, known, now) for one in known.nodes}
    wanted = request.query.get("q", "").strip()
    listed = tree.found(known.nodes, wanted) if wanted else known.nodes
    return show(
        request,
        NodesView(
            nodes=tuple(lines[one.row.node] for one in listed),
            open_invitations=_open(known.invitations, now),
            form=Form({"q": wanted} if wanted else {}),
            total=len(lines),
            silent=sum(one.warn for one in lines.values()),
            alarms=_sentences(known),
            done=str(request[SESSION].pop(DONE, "")),
        ),
    )


async def _known(tx: Tx, me: NodeId) -> _Known:
    return _Known(
        nodes=tree.placed(await tree.newest(tx)),
        invitations=await registry.invitations(tx),
        greetings=await contacts(tx),
        signed=await overview.last_receipts(tx),
        owed=await backlog.owed(tx, me),
        alarms=await node_register.alarms(tx),
    )


def _line(one: Placed, known: _Known, now: datetime) -> NodeLine:
    row, node = one.row, NodeId(one.row.node)
    heard = _heard(row.node, known)
    gone = row.revoked_ms is not None
    silent = not gone and not node.is_hub and is_silent(heard, now)
    return NodeLine(
        node=row.node,
        name=row.name,
        tier=tree.TIER_NAMES[Tier(row.tier)],
        depth=one.depth,
        state=_state(row, heard, silent=silent),
        contact_at=heard,
        waiting=0 if gone else known.owed.get(node, 0),
        warn=silent,
        revoke="" if gone or node.is_hub else f"{NODES}/{node.digits}/revoke",
        generation=row.generation,
    )


def _heard(node: str, known: _Known) -> datetime | None:
    """Return the last sign of life: a greeting here, or a receipt of its own that came by way of another."""
    greeting = known.greetings.get(node)
    signed = known.signed.get(node)
    times = [greeting.at] if greeting else []
    times += [from_milliseconds(signed)] if signed is not None else []
    return max(times, default=None)


def _state(row: CertificateRow, heard: datetime | None, *, silent: bool) -> str:
    if row.revoked_ms is not None:
        return "已吊销"
    if NodeId(row.node).is_hub:
        return "本机"
    if heard is None:
        return "还没有联系过"
    return "没有消息" if silent else "正常"


def _open(invitations: list[InvitationRow], now: datetime) -> tuple[tuple[str, datetime], ...]:
    return tuple(
        (Sentence("{name}（{note}）", name=one.name, note=one.node), from_milliseconds(one.expires_ms))
        for one in invitations
        if one.state == "open" and one.expires_ms > to_milliseconds(now)
    )


def _sentences(known: _Known) -> tuple[str, ...]:
    names = {one.row.node: one.row.name for one in known.nodes} | {
        one.node: one.name for one in known.invitations
    }
    told = [
        Sentence(_ALARMS[str(alarm["what"])], name=names.get(str(alarm["node"]), str(alarm["node"])))
        for alarm in reversed(known.alarms)
        if alarm["what"] in _ALARMS
    ]
    return tuple(dict.fromkeys(told))
