"""The hub's side of who belongs: invites, certifies what an invitation allows, revokes (identity.md §6–8)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.casework.desk import Desk
from common.casework.writing import append
from common.crypto.certificates import SignedCertificate, read_certificate
from common.crypto.invitation import Invitation
from common.domain.audience import PUBLIC
from common.domain.bodies.hub import NodeRevoked
from common.domain.division_code import DivisionCode, parse
from common.domain.grants import Actor, Power, authorise
from common.domain.log import event
from common.domain.node import NodeId, Tier
from common.domain.sentence import together
from common.domain.spoken_error import SpokenError
from common.domain.times import to_milliseconds
from common.store import registry, serials, settings
from common.store.engine import Tx
from common.store.rows import InvitationRow, RevocationRow

INVITATION_LASTS = timedelta(days=7)
_LAST_NUMBER = 9999
SERIES = "node"
"""Numbers of nodes, less one."""
_ALARMS = "alarms"
_MOST_ALARMS = 100
_log = logging.getLogger(__name__)


class NodeRegisterError(SpokenError):
    """The hub may not invite, certify or revoke that."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom an operator invites.

    Attributes:
        parent: the hub of a township, the township of a village.
        divisions: division codes it is to serve, inside its parent's.
    """

    tier: Tier
    parent: NodeId
    name: str
    divisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation given: the code is shown once."""

    node: NodeId
    code: str
    expires: datetime


async def invite(
    desk: Desk, actor: Actor, fingerprint: bytes, wanted: Wanted, lasts: timedelta = INVITATION_LASTS
) -> Invited:
    """Give a node number never given before and a code for it; the secret is kept as a digest only.

    Who may not is a ``NotAllowedError``; what the parent may not have below it a ``NodeRegisterError``.
    """
    authorise(actor, Power.KEEP_NODES, "*", desk.clock.today())
    invitation = Invitation.create(fingerprint)
    expires = desk.clock.now() + lasts

    async def work(tx: Tx) -> NodeId:
        divisions = await _allowed(tx, wanted)
        node = await _new_number(tx, desk.seat.node)
        await registry.add_invitation(
            tx,
            InvitationRow(
                secret_digest=invitation.secret_digest(),
                node=str(node),
                generation=1,
                tier=str(wanted.tier),
                parent=str(wanted.parent),
                name=wanted.name,
                divisions=divisions,
                expires_ms=to_milliseconds(expires),
                invited_by=actor.login,
            ),
        )
        return node

    return Invited(await desk.open.write(work), invitation.code(), expires)


async def revoke(desk: Desk, actor: Actor, node: NodeId, reason: str) -> int:
    """Revoke the node's newest generation, tell everybody through ``public``, and return the generation.

    A node that is not certified is a ``NodeRegisterError``; one revoked before is told again to nobody.
    """
    authorise(actor, Power.KEEP_NODES, "*", desk.clock.today())

    async def work(tx: Tx) -> int:
        row = await registry.newest_certificate(tx, str(node))
        if row is None or node.is_hub:
            raise NodeRegisterError("no such node", "没有这个站点，请用 node list 核对编号。")
        if not await registry.is_revoked(tx, row.node, row.generation):
            body = NodeRevoked(row.node, row.generation, reason, desk.clock.today())
            await append(tx, desk, PUBLIC, "node_revoked", body)
            now = to_milliseconds(desk.clock.now())
            await registry.revoke(tx, RevocationRow(row.node, row.generation, now, b""))
        return row.generation

    return await desk.open.write(work)


async def current(tx: Tx, node: NodeId) -> SignedCertificate | None:
    """Return the certificate a node works under, None where there is none or it is revoked."""
    row = await registry.newest_certificate(tx, str(node))
    if row is None or row.revoked_ms is not None:
        return None
    return read_certificate(row.statement)


async def alarm(tx: Tx, what: str, node: str, now_ms: int) -> None:
    """Keep an alarm for the operator to see, and say it in the log."""
    event(_log, logging.WARNING, "alarm", what=what, node=node)
    kept = await settings.get(tx, _ALARMS, [])
    await settings.put(tx, _ALARMS, [*kept, {"what": what, "node": node, "at_ms": now_ms}][-_MOST_ALARMS:])


async def alarms(tx: Tx) -> list[dict[str, object]]:
    """Return the alarms kept, oldest first: what, node, at_ms."""
    return list(await settings.get(tx, _ALARMS, []))


async def _allowed(tx: Tx, wanted: Wanted) -> list[str]:
    divisions = sorted({parse(code).text for code in wanted.divisions})
    if wanted.tier is Tier.COUNTY or not divisions:
        raise NodeRegisterError("not an invitable tier", "只能邀请乡镇或村级站点，并至少写一个区划代码。")
    if not wanted.name.strip() or not wanted.name.isprintable():
        raise NodeRegisterError("no name", "请给站点写一个名称。")
    parent = await registry.newest_certificate(tx, str(wanted.parent))
    above = Tier.COUNTY if wanted.tier is Tier.TOWNSHIP else Tier.TOWNSHIP
    if parent is None or parent.revoked_ms is not None or parent.tier != above:
        sentence = (
            "乡镇站点的上级是县级中心。" if above is Tier.COUNTY else "村级站点的上级要是一个在用的乡镇站点。"
        )
        whole = together((sentence, "请用 node list 核对上级的编号。"))
        raise NodeRegisterError("not a parent for this tier", whole)
    if not _inside(divisions, parent.divisions):
        raise NodeRegisterError("outside the parent's divisions", "区划代码不在上级站点的范围内，请核对。")
    return divisions


def _inside(divisions: Sequence[str], served: Sequence[str]) -> bool:
    own = [DivisionCode(code) for code in served]
    return all(any(code.contains(DivisionCode(one)) for code in own) for one in divisions)


async def never_give_again(tx: Tx, node: NodeId) -> None:
    """Give no number up to this one: a restored hub hears of nodes it had forgotten."""
    await serials.raise_to(tx, 0, node.number - 1, SERIES)


async def _new_number(tx: Tx, hub: NodeId) -> NodeId:
    number = 1 + await serials.next_serial(tx, 0, SERIES)
    if number > _LAST_NUMBER:
        raise NodeRegisterError("node numbers used up", "站点编号已用完，请联系开发团队。")
    return NodeId.of(hub.county, number)
