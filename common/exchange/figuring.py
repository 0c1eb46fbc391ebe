"""Figures: gathered here, signed now and then, handed up, and the newest of each node below kept."""

import asyncio
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.crypto.errors import BadSignatureError
from common.crypto.wire import FormatError
from common.domain.figures import Figure, Figures
from common.domain.node import NodeId
from common.domain.times import from_milliseconds, to_milliseconds
from common.exchange import backlog
from common.exchange.battery import battery_dead
from common.exchange.contacts import contacts
from common.exchange.exchange import Exchange
from common.exchange.network import Network
from common.exchange.version import PROGRAM
from common.exchange.where import waiting_cases
from common.journal.figures import read_figures, sign_figures
from common.journal.receipt import ExceptionState
from common.journal.statement import Statement
from common.store import overview, receipts, settings
from common.store.engine import Tx
from common.sync.extensions import FiguresMark

SOONEST = timedelta(minutes=1)
"""How long after figures were said a noteworthy change is said."""
LATEST = timedelta(hours=1)
"""How old the last figures grow where nothing changes."""
_PREFIX = "figures:"
_OWN = "own_figures"
_DISK_STEP = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Heard:
    """The newest figures of a node, and when they came here by this node's clock."""

    figures: Figures
    at: datetime
    generation: int
    statement: bytes


async def gather(exchange: Exchange) -> Mapping[Figure, int]:
    """Return how this node is now; what cannot be told while it is locked is left out."""
    values: dict[Figure, int | None] = dict(await exchange.open.read(lambda tx: _kept(tx, exchange)))
    if not exchange.node.is_hub:  # the hub serves unlocked or not at all
        locked = exchange.unlocked is None
        values[Figure.LOCKED] = int(locked)
        values[Figure.CASES] = None if locked else await waiting_cases(exchange)
    values[Figure.CLOCK] = exchange.clock.reading.offset_ms
    disk = await asyncio.to_thread(shutil.disk_usage, exchange.files.folder)
    values[Figure.DISK_FREE], values[Figure.DISK] = disk.free // _DISK_STEP * _DISK_STEP, disk.total
    return {figure: value for figure, value in values.items() if value is not None}


async def _kept(tx: Tx, exchange: Exchange) -> dict[Figure, int | None]:
    me = exchange.node
    newest = await receipts.newest_checkpoint(tx)
    values: dict[Figure, int | None] = {Figure.FRESH: newest.hub_time_ms if newest else None}
    if not me.is_hub:
        upper = exchange.seat.township or me.hub()
        greeting = (await contacts(tx)).get(str(upper))
        values[Figure.CONTACT] = to_milliseconds(greeting.at) if greeting else None
        lying = [one.parcels for one in await backlog.waiting(tx, me, upper)]
        values[Figure.PARCELS] = sum(one.count for one in lying)
        values[Figure.BYTES] = sum(one.size for one in lying)
        values[Figure.OLDEST] = min((one.oldest_ms for one in lying), default=None)
    told = [one for listed in (await backlog.exceptions(tx, me)).values() for one in listed]
    values[Figure.REFUSED] = sum(one.state is ExceptionState.REFUSED for one in told)
    values[Figure.WAITING] = len(told) - sum(one.state is ExceptionState.REFUSED for one in told)
    values[Figure.QUARANTINED] = await overview.count_in_state(tx, "quarantined")
    values[Figure.BATTERY] = int(await battery_dead(tx))
    return values


async def figures_now(exchange: Exchange, *, serving: bool) -> Figures:
    """Return this node's figures as they are now.

    A command beside ``serve`` (``serving`` false) is locked by itself, which says nothing of the box: what
    only an unlocked one knows is then what the box said last.
    """
    values = dict(await gather(exchange))
    if not serving:
        last = (await exchange.open.read(heard)).get(exchange.node)
        for figure in (Figure.LOCKED, Figure.CASES):
            values.pop(figure, None)
            if last is not None and figure in last.figures.values:
                values[figure] = last.figures.values[figure]
    return Figures(1, exchange.clock.corrected(), PROGRAM, values)


async def say_own(exchange: Exchange, known: FiguresMark | None) -> None:
    """Sign and keep new figures if they are due; ``known`` are those the upper node has of this one."""
    own = await exchange.open.read(lambda tx: settings.get(tx, _OWN, {}))
    now, last = exchange.clock.corrected(), int(own.get("counter", 0))
    above = known.counter if known is not None and known.generation == exchange.generation else 0
    age = now - from_milliseconds(own["made_ms"]) if own else LATEST
    old = above > last or not timedelta() <= age < LATEST
    if not old and age < SOONEST:
        return
    figures = Figures(1 + max(last, above), now, PROGRAM, await gather(exchange))
    said = {str(int(figure)): value for figure, value in figures.noteworthy.items()}
    if not old and said == own.get("said"):
        return
    statement = sign_figures(figures, exchange.node, exchange.generation, exchange.keys.receipt).encode()

    async def work(tx: Tx) -> None:
        made = {"counter": figures.counter, "made_ms": to_milliseconds(now), "said": said}
        await settings.put(tx, _OWN, made)
        await _put(tx, exchange, exchange.node, exchange.generation, figures.counter, statement)

    await exchange.open.write(work)


async def marks(exchange: Exchange, lower: NodeId) -> list[FiguresMark]:
    """Return whose figures are here, of a lower node and of those below it."""
    scope = {str(node) for node in _scope(exchange.network, lower)}
    kept = await exchange.open.read(lambda tx: overview.settings_under(tx, _PREFIX))
    return [
        FiguresMark(NodeId(node), int(value["generation"]), int(value["counter"]))
        for node, value in sorted(kept.items())
        if node in scope
    ]


async def newer(exchange: Exchange, theirs: Iterable[FiguresMark]) -> list[bytes]:
    """Return the figures, this node's and of those below it, that the upper node does not have."""
    known = {str(mark.node): (mark.generation, mark.counter) for mark in theirs}
    scope = {str(node) for node in _scope(exchange.network, exchange.node)}
    kept = await exchange.open.read(lambda tx: overview.settings_under(tx, _PREFIX))
    return [
        bytes.fromhex(value["statement"])
        for node, value in sorted(kept.items())
        if node in scope and (value["generation"], value["counter"]) > known.get(node, (0, 0))
    ]


async def keep_figures(exchange: Exchange, lower: NodeId, came: Sequence[bytes]) -> int:
    """Keep the figures that hold, of a lower node and those below it, and are newer; return how many."""
    scope = _scope(exchange.network, lower)
    good = [one for one in (_verified(exchange.network, data) for data in came) if one is not None]
    listed = [(statement, figures) for statement, figures in good if statement.signer in scope]

    async def work(tx: Tx) -> int:
        kept = await overview.settings_under(tx, _PREFIX)
        news = 0
        for statement, figures in listed:
            before = kept.get(str(statement.signer), {"generation": 0, "counter": 0})
            mark = statement.generation, figures.counter
            if mark > (before["generation"], before["counter"]):
                await _put(tx, exchange, statement.signer, *mark, statement.encode())
                kept[str(statement.signer)] = {"generation": mark[0], "counter": mark[1]}
                news += 1
        return news

    return await exchange.open.write(work) if listed else 0


async def heard(tx: Tx) -> dict[NodeId, Heard]:
    """Return the newest figures of every node that said any; they were verified when they were kept."""
    kept = await overview.settings_under(tx, _PREFIX)
    found = {}
    for node, value in kept.items():
        statement = bytes.fromhex(value["statement"])
        figures = read_figures(Statement.decode(statement))
        at = from_milliseconds(value["heard_ms"])
        found[NodeId(node)] = Heard(figures, at, int(value["generation"]), statement)
    return found


async def _put(
    tx: Tx, exchange: Exchange, node: NodeId, generation: int, counter: int, statement: bytes
) -> None:
    heard_ms = to_milliseconds(exchange.clock.corrected())
    value = {
        "generation": generation, "counter": counter, "heard_ms": heard_ms, "statement": statement.hex()
    }  # fmt: skip
    await settings.put(tx, f"{_PREFIX}{node}", value)


def _scope(network: Network, lower: NodeId) -> frozenset[NodeId]:
    return network.villages_of(lower) | {lower}


def _verified(network: Network, data: bytes) -> tuple[Statement, Figures] | None:
    try:
        statement = Statement.decode(data)
        cert = network.signer(statement.signer, statement.generation)
        if cert is None or network.revoked(statement.signer, statement.generation):
            return None
        statement.verify(cert.receipt)
        return statement, read_figures(statement)
    except (FormatError, BadSignatureError):
        return None
