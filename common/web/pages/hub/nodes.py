"""站点: the tree of the county's nodes, who needs a look and why, and one node's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from common.casework.rules import Rules
from common.domain.grants import Power
from common.domain.node import NodeId, Tier
from common.domain.sentence import Sentence
from common.domain.spoken_error import SpokenError
from common.domain.times import from_milliseconds, to_milliseconds
from common.domain.watching import Health
from common.exchange import backlog, node_register
from common.exchange.watching import NodeWatched, watch_below
from common.store import registry
from common.store.engine import Tx
from common.store.rows import CertificateRow, InvitationRow
from common.web.context import context_of
from common.web.office import Office, office_of
from common.web.pages import watched
from common.web.pages.hub import tree
from common.web.pages.hub.tree import Placed
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.session import SESSION
from common.web.views.form import Form
from common.web.views.network import NodeLine, NodesView, Told

NODES = "/desk/nodes"
DONE = "nodes_done"
_NODE = f"{NODES}/{{number:[0-9]{{4}}}}"
_MOST_GRAVE = 10
ALARMS = {
    "code_used_twice": "有人用另一台设备又用了{name}的邀请码，没有让它加入。请打电话核实是谁。",
    "hub_superseded": "县里已经启用了另一台恢复出来的县级中心，这一台（{name}）是旧的，已停止办理，请关机。",
    "hub_rolled_back": "{name}退回到了以前的状态，已停止办理。请运维人员带县根U盘运行 recovery begin。",
    "two_checkpoints": "县里的密钥为同一个位置签了两个检查点。密钥可能被盗用，或有两台机器在跑：请马上核实。",
}


class UnknownNodeError(SpokenError):
    """No node of that number is in use."""

    def __init__(self) -> None:
        """Say where the numbers are."""
        super().__init__("no such node", "没有这个站点，或者它已经吊销。请回到“站点”重新选。")


@dataclass(frozen=True, slots=True)
class _Known:
    nodes: tuple[Placed, ...]
    invitations: list[InvitationRow]
    watched: Mapping[str, NodeWatched]
    owed: Mapping[NodeId, int]
    alarms: list[dict[str, object]]


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (
        page("GET", NODES, Power.KEEP_NODES, _nodes),
        page("GET", _NODE, Power.KEEP_NODES, _node),
    )


async def _nodes(request: web.Request) -> web.StreamResponse:
    office, now = office_of(request), context_of(request).now()
    known = await office.open.read(lambda tx: _known(tx, office, now))
    lines = {one.row.node: _line(one, known) for one in known.nodes}
    wanted = request.query.get("q", "").strip()
    listed = tree.found(known.nodes, wanted) if wanted else known.nodes
    return show(
        request,
        NodesView(
            nodes=tuple(lines[one.row.node] for one in listed),
            open_invitations=_open(known.invitations, now),
            form=Form({"q": wanted} if wanted else {}),
            total=len(lines),
            silent=_how_many(known, Health.SILENT),
            looked=_how_many(known, Health.LOOK),
            grave=_grave(known),
            alarms=_sentences(known),
            done=str(request[SESSION].pop(DONE, "")),
        ),
    )


async def _node(request: web.Request) -> web.StreamResponse:
    """Show one node.

    Raises:
        UnknownNodeError: there is none of that number, or it is revoked.
    """
    office, now = office_of(request), context_of(request).now()
    node = NodeId.of(office.seat.node.county, int(request.match_info["number"]))
    known = await office.open.read(lambda tx: _known(tx, office, now))
    found = known.watched.get(str(node))
    if found is None:
        raise UnknownNodeError
    parent = office.node_name(found.row.parent or "")
    return show(request, watched.page_of(found, parent, NODES, revoke=f"{NODES}/{node.digits}/revoke"))


async def _known(tx: Tx, office: Office, now: datetime) -> _Known:
    desk, me = office.desk_now(), office.seat.node
    listed = await watch_below(tx, me, desk.rules if desk else Rules(), now)
    return _Known(
        nodes=tree.placed(await tree.newest(tx)),
        invitations=await registry.invitations(tx),
        watched={one.row.node: one for one in listed},
        owed=await backlog.owed(tx, me),
        alarms=await node_register.alarms(tx),
    )


def _line(one: Placed, known: _Known) -> NodeLine:
    row, node = one.row, NodeId(one.row.node)
    found = known.watched.get(row.node)
    return NodeLine(
        node=row.node,
        name=row.name,
        tier=watched.TIER_NAMES[Tier(row.tier)],
        depth=one.depth,
        state=_state(row, found),
        contact_at=found.watched.known.heard if found else None,
        waiting=known.owed.get(node, 0) if found else 0,
        warn=found is not None and found.watched.health is not Health.FINE,
        there=watched.there(found.watched) if found else None,
        told=watched.told_of(found.watched) if found else (),
        page=f"{NODES}/{node.digits}" if found else "",
        revoke=f"{NODES}/{node.digits}/revoke" if found else "",
    )


def _state(row: CertificateRow, found: NodeWatched | None) -> str:
    if row.revoked_ms is not None:
        return "已吊销"
    return watched.state_of(found.watched) if found is not None else "本机"


def _how_many(known: _Known, health: Health) -> int:
    return sum(one.watched.health is health for one in known.watched.values())


def _grave(known: _Known) -> tuple[tuple[str, str, Told], ...]:
    told = [(one, watched.grave(one)) for one in known.watched.values()]
    return tuple(
        (one.row.name, f"{NODES}/{one.node.digits}", what) for one, what in told if what is not None
    )[:_MOST_GRAVE]


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
        Sentence(ALARMS[str(alarm["what"])], name=names.get(str(alarm["node"]), str(alarm["node"])))
        for alarm in reversed(known.alarms)
        if alarm["what"] in ALARMS
    ]
    return tuple(dict.fromkeys(told))
