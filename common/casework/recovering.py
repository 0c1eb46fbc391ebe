"""A restored custodian takes in and holds, and writes no fact of an older case before it may (design §8)."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from common.casework import book
from common.casework.desk import Desk
from common.casework.errors import CaseworkError, PublishingWaitsError, RecoveringError
from common.casework.writing import append
from common.domain.audience import Audience
from common.domain.bodies.officer import Officer
from common.domain.bodies.records import EpochAnswered, RecoveryReleased
from common.domain.case import Case
from common.domain.grants import Actor, Power, authorise
from common.domain.node import NodeId, Tier
from common.domain.recovery import Answer, Beginning, Neighbours, Recovery, Release
from common.domain.sentence import Sentence, listed
from common.domain.times import to_milliseconds
from common.journal.body import from_plain, to_plain
from common.store import journals, registry, settings
from common.store.engine import Tx
from common.store.rows import JournalRow

_KEY = "recovery"
_REASON_MAX = 200
_NAMED = 5


async def find(tx: Tx) -> Recovery | None:
    """Return this node's last recovery, over or not; None where it was never restored."""
    kept = await settings.get(tx, _KEY)
    return None if kept is None else from_plain(Recovery, kept)


async def begin(tx: Tx, desk: Desk) -> None:
    """Begin to recover in the desk's epoch; an earlier recovery is overtaken."""
    await _keep(tx, Recovery(desk.epoch.hex(), to_milliseconds(desk.clock.corrected())))


@dataclass(frozen=True, slots=True)
class Hold:
    """A recovery that is not over, with what decides whom a case waits for."""

    desk: Desk
    recovery: Recovery
    near: Neighbours

    def waits_for(
        self, head: JournalRow, number: int, holders: tuple[NodeId, ...] = ()
    ) -> tuple[NodeId, ...]:
        """Return who must answer before a fact of the case that begins there is written."""
        begun = Beginning(
            NodeId(head.writer), head.epoch.hex(), head.digest.hex(), Audience(head.audience), number, holders
        )
        return self.recovery.waits_for(self.desk.seat.node, begun, self.near)


async def hold(tx: Tx, desk: Desk) -> Hold | None:
    """Return what holds facts back, None where nothing does."""
    recovery = await find(tx)
    if recovery is None or recovery.is_over():
        return None
    return Hold(desk, recovery, await _near(tx, desk))


async def waits_for(tx: Tx, desk: Desk, case: Case) -> tuple[NodeId, ...]:
    """Return whom a case waits for; nobody where the node is not recovering."""
    held = await hold(tx, desk)
    return () if held is None else held.waits_for(*await book.beginning(tx, case.case_id), case.holders)


async def insist_recovered(tx: Tx, desk: Desk, case: Case) -> None:
    """Insist that a fact of the case may be written.

    Raises:
        RecoveringError: somebody must answer first.
    """
    waited = await waits_for(tx, desk, case)
    if waited:
        raise RecoveringError(named(waited))


async def insist_publishing(tx: Tx, desk: Desk) -> None:
    """Insist that the hub may publish: every township has answered or was released.

    Raises:
        PublishingWaitsError: one has not.
    """
    held = await hold(tx, desk)
    if held is None:
        return
    rows = await registry.certificates(tx, tier=str(Tier.TOWNSHIP))
    waited = held.recovery.missing({NodeId(row.node) for row in rows}, held.near.gone)
    if waited:
        raise PublishingWaitsError(named(waited))


def named(nodes: Collection[NodeId]) -> Sentence:
    """Return nodes as a sentence names them, the first of many."""
    some = listed(Sentence("{number}号站点", number=node.digits) for node in list(nodes)[:_NAMED])
    return some if len(nodes) <= _NAMED else Sentence("{some}等{n}处", some=some, n=len(nodes))


async def note_answer(tx: Tx, desk: Desk, writer: NodeId, body: EpochAnswered) -> None:
    """Keep an answer to this node's own recovery; another's is none of its business."""
    recovery = await find(tx)
    if recovery is None or body.node != str(desk.seat.node) or body.epoch != recovery.epoch:
        return
    now = to_milliseconds(desk.clock.corrected())
    await _keep(tx, recovery.answered(writer, Answer(now, body.held, body.written)))


async def review(tx: Tx, desk: Desk, expected: Collection[NodeId]) -> frozenset[NodeId]:
    """See which answers are covered by now; return the nodes that are waited for no longer.

    Args:
        tx: the transaction, of the vault.
        desk: where.
        expected: everybody who shares an audience with this node, or carries for one who does.
    """
    recovery = await find(tx)
    if recovery is None or recovery.is_over():
        return frozenset()
    own = await journals.heads(tx, writer=str(desk.seat.node))
    applied = {head.digest.hex(): head.applied_number for head in own}
    answers = {
        node: replace(one, covered=True, held={}) if _is_covered(one, applied) else one
        for node, one in recovery.answers.items()
    }
    reviewed = replace(recovery, answers=answers, expected=tuple(map(str, sorted(expected))))
    if not reviewed.missing(expected):
        reviewed = replace(reviewed, ended_ms=to_milliseconds(desk.clock.corrected()))
    if reviewed != recovery:
        await _keep(tx, reviewed)
    return frozenset(recovery.missing(expected)) - frozenset(reviewed.missing(expected))


def _is_covered(answer: Answer, applied: dict[str, int]) -> bool:
    return answer.covered or all(applied.get(name, 0) >= number for name, number in answer.held.items())


async def release(desk: Desk, actor: Actor, node: NodeId, reason: str) -> None:
    """Wait for a node no longer, on record: what it still knows is set aside if it ever comes.

    Raises:
        CaseworkError: the node is not waited for, or no reason is given.
    """
    authorise(actor, Power.KEEP_NODES, "*", desk.clock.today())
    said = reason.strip()
    if not said or len(said) > _REASON_MAX:
        raise CaseworkError("no reason", "放行要写明原因，不超过200个字。")

    async def work(tx: Tx) -> None:
        held = await hold(tx, desk)
        if held is None or node == desk.seat.node or held.recovery.done_with(node):
            raise CaseworkError("not waited for", "本机没有在等这个站点，不用放行。请用 recovery show 核对。")
        now = to_milliseconds(desk.clock.corrected())
        body = RecoveryReleased(str(node), said, desk.clock.today(), Officer(actor.login, actor.name))
        await append(tx, desk, _shared(desk, node), "recovery_released", body)
        await _keep(tx, held.recovery.release(node, Release(actor.login, said, now)))

    await desk.vault.write(work)


def _shared(desk: Desk, node: NodeId) -> Audience:
    """Return where a release of ``node`` is written: its readers are this node, the hub, and it."""
    seat = desk.seat
    if node.is_hub or seat.node.is_hub:
        return Audience.county(node if seat.node.is_hub else seat.node)
    return Audience.township(seat.township or seat.node, seat.node if seat.township else node)


async def _near(tx: Tx, desk: Desk) -> Neighbours:
    seat = desk.seat
    if seat.township is not None:
        return Neighbours({seat.node: (seat.township,)})
    if not seat.node.is_hub:
        return Neighbours()
    carriers: dict[NodeId, set[NodeId]] = {}
    standing: dict[NodeId, bool] = {}
    for row in await registry.certificates(tx):
        node = NodeId(row.node)
        standing[node] = standing.get(node, False) or row.revoked_ms is None
        if row.tier == Tier.VILLAGE and row.parent:
            carriers.setdefault(node, set()).add(NodeId(row.parent))
    return Neighbours(carriers, frozenset(node for node, stands in standing.items() if not stands))


async def _keep(tx: Tx, recovery: Recovery) -> None:
    await settings.put(tx, _KEY, to_plain(recovery))
