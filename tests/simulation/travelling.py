"""What lines, power and clocks do in the simulation."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from common.casework.projection import project
from common.domain.node import NodeId
from common.exchange.applying import apply_held
from common.exchange.intake import take_in
from common.exchange.report import SessionReport
from common.exchange.scope import in_scope
from common.exchange.session import run_session
from common.journal.batch import parse_batch
from common.store import entries, exchange_queries, journals, parcels, rebuild
from common.store.engine import Tx
from common.store.exchange_queries import Place
from common.sync.greeting import Role
from common.sync.limits import Limits
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE
from tests.builders.county import NEIGHBOUR, Box
from tests.builders.lines import Echo, line
from tests.simulation.crashes import Power, PowerCutError, lose_what_was_not_synced
from tests.simulation.world import NODES, World

LINES = ((VILLAGE, TOWNSHIP), (NEIGHBOUR, TOWNSHIP), (TOWNSHIP, HUB), (VILLAGE, HUB))
"""Who dials whom; a village may also reach the hub by itself."""
Line = tuple[NodeId, NodeId]
_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Weather:
    """How a line behaves.

    Attributes:
        dies_after: bytes after which it is dead, None: never.
        counted: whose bytes count towards that: 0 the lower node's, 1 the upper's, None both.
        seed: how it cuts and joins what it carries; 0 leaves it whole.
    """

    dies_after: int | None = None
    counted: int | None = None
    seed: int = 0


FAIR = Weather()


async def meet(world: World, between: Line, weather: Weather = FAIR) -> tuple[SessionReport, ...]:
    """Run one session; what both said is kept, to be said again later."""
    lower, upper = (world.box(node) for node in between)
    before = [await read_so_far(box) for box in (lower, upper)]
    one, two = line(weather.dies_after, weather.seed, weather.counted)
    ends = ((lower, one, Role.DIALER, upper.node), (upper, two, Role.ANSWERER, lower.node))

    async def side(box: Box, end: object, role: Role, peer: NodeId) -> SessionReport:
        try:
            return await run_session(box.exchange, end, role, peer, limits=Limits())  # type: ignore[arg-type]
        finally:
            await end.close()  # type: ignore[attr-defined]

    reports = await asyncio.gather(*(side(*end) for end in ends), return_exceptions=True)
    for key, end in (((lower.node, upper.node), one), ((upper.node, lower.node), two)):
        if end.said:
            world.said[key] = bytes(end.said)
    for report in reports:
        if isinstance(report, BaseException):
            raise report
    for box, was in zip((lower, upper), before, strict=True):
        assert box.exchange.unlocked is not None or await read_so_far(box) == was, (
            "a locked box read something"
        )
    return tuple(report for report in reports if isinstance(report, SessionReport))


async def read_so_far(box: Box) -> int:
    """Return how many entries of cases a box has."""

    async def work(tx: Tx) -> int:
        ids = await entries.case_ids(tx)
        return sum([len(await entries.of_case(tx, case_id)) for case_id in ids])

    return await box.vault.read(work)


async def storm(world: World, both: Sequence[Line], weather: Weather) -> None:
    """Run sessions of several lines at once."""
    await asyncio.gather(*(meet(world, between, weather) for between in dict.fromkeys(both)))


async def echo(world: World, between: Line, seed: int) -> None:
    """Say to a node again what another said to it in an old session."""
    speaker, listener = between
    said = world.said.get(between)
    if said is None:
        return
    role = Role.DIALER if (listener, speaker) in LINES else Role.ANSWERER
    await run_session(world.box(listener).exchange, Echo(said, seed), role, speaker, limits=Limits())


async def bring_again(world: World, node: NodeId, choice: int) -> None:
    """Bring a parcel that exists somewhere to a node once more, as a stick would."""
    box, found = world.box(node), []
    for other in NODES:
        for data in await world.box(other).exchange.open.read(_batches):
            audience = parse_batch(data).journal.audience
            if box.node == HUB or in_scope(audience, node, box.exchange.network):
                found.append(data)
    if found:
        await take_in(box.exchange, found[choice % len(found)])
        await apply_held(box.exchange)


async def _batches(tx: Tx) -> list[bytes]:
    rows = await parcels.in_state(tx, {"held", "opened"}, "batch")
    found = [await parcels.content(tx, row.name) for row in rows]
    return [data for data in found if data is not None]


async def power_cut(
    world: World, node: NodeId, between: Line, *, transactions: int, durable: bool, seed: int
) -> None:
    """Cut the power of a box in its n-th transaction of a session, or after it; start it again, locked."""
    box = world.box(node)
    power = Power(box, transactions, durable=durable)
    try:
        await meet(world, between, Weather(seed=seed))
    except PowerCutError:
        assert power.gone
    await restart(world, node, seed)


async def restart(world: World, node: NodeId, seed: int) -> None:
    """Kill a box's process and start it again from its files; below the hub somebody must sign in first."""
    box = world.box(node)
    await box.restart()
    lose_what_was_not_synced(box, seed)
    if node != HUB:
        box.lock()


async def keep_copy(world: World, node: NodeId) -> None:
    """Copy a box's files, as a backup of that moment."""
    kept = world.copies.setdefault(node, [])
    world.copied += 1
    folder = world.land.folder.parent / f"copy-{world.copied}"
    kept.append(await world.land.keep_copy(node, folder))


async def back_up(world: World) -> None:
    """Take and verify a backup of the hub: nobody restores it from anything older any more."""
    world.copies[HUB] = []
    await keep_copy(world, HUB)
    await world.back_up()


async def restore(world: World, node: NodeId, choice: int) -> None:
    """Restore a box from one of its copies; what it alone knew since is lost with its disk."""
    kept = world.copies.get(node)
    if not kept:
        return
    forgotten = await _own_cases(world, node)
    box = await world.land.restore(node, kept[choice % len(kept)])
    world.heads = {key: place for key, place in world.heads.items() if key[0] != node}
    there = await box.vault.read(_case_ids)
    lost = {case_id for case_id in forgotten if str(case_id) not in there}
    found = {case_id for case_id in lost if await _is_elsewhere(world, node, forgotten[case_id])}
    world.taken = [one for one in world.taken if one.case_id not in lost - found]
    world.coming_home |= found


async def _own_cases(world: World, node: NodeId) -> dict[UUID, Place]:
    box = world.box(node)
    mine = [one.case_id for one in world.taken if one.node == node]
    places = await box.vault.read(lambda tx: exchange_queries.submissions(tx, mine))
    return {UUID(case_id): place for case_id, place in places.items()}


async def _case_ids(tx: Tx) -> set[str]:
    return set(await entries.case_ids(tx))


async def _is_elsewhere(world: World, node: NodeId, place: Place) -> bool:
    """Whether another box holds the entry a case begins with, opened or not."""

    async def work(tx: Tx) -> bool:
        head = await journals.find(tx, place.digest)
        return head is not None and head.held_number >= place.number

    return any([await world.box(other).exchange.open.read(work) for other in NODES if other != node])


async def drop_projections(world: World, node: NodeId) -> None:
    """Lose every projection of a box and make them again: the rows must be the same."""
    box = world.box(node)
    if box.exchange.unlocked is None:
        return

    async def work(tx: Tx) -> tuple[object, object]:
        before = await rebuild.snapshot(tx)
        await rebuild.drop_projections(tx)
        await project(tx, box.desk, [UUID(one) for one in await entries.case_ids(tx)])
        return before, await rebuild.snapshot(tx)

    before, after = await box.vault.write(work)
    assert before == after, "rebuild differs from live"


async def heal(world: World) -> None:
    """Sign in everywhere and mend every line until a whole round brings nothing new to anybody."""
    for node in NODES:
        if world.locked(node):
            await world.box(node).unlock()
    for _ in range(_ROUNDS):
        reports = [report for between in LINES for report in await meet(world, between)]
        assert all(report.finished for report in reports), reports
        if not any(report.received + report.receipts_in + report.receipts_out for report in reports):
            return
    message = f"not quiet after {_ROUNDS} rounds: {reports}"
    raise AssertionError(message)
