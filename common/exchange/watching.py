"""Watch: how this node and every node below it stand, from what lies in the open database."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from common.casework.rules import Rules
from common.domain.figures import Figure, Figures
from common.domain.node import NodeId, Tier
from common.domain.times import china_day, from_milliseconds, to_milliseconds
from common.domain.watching import Known, Watched, complete_to, danger, judge, limits_running
from common.exchange import figuring
from common.exchange.contacts import Contact, contacts
from common.exchange.exchange import Exchange
from common.exchange.figuring import Heard
from common.journal.receipt import ExceptionState, read_receipt
from common.journal.statement import Statement
from common.store import exchange_queries, journals, overview, parcels, registry
from common.store.engine import Tx
from common.store.rows import CertificateRow


@dataclass(frozen=True, slots=True)
class NodeWatched:
    """One node below this one.

    Attributes:
        row: its newest certificate.
        watched: how it stands.
        greeting: its last greeting here; None where it speaks with a township alone.
    """

    row: CertificateRow
    watched: Watched
    greeting: Contact | None = None

    @property
    def node(self) -> NodeId:
        """Which node."""
        return NodeId(self.row.node)

    @property
    def program(self) -> str:
        """What runs there, as it calls itself; empty where it never said."""
        if self.watched.known.figures is not None:
            return self.watched.known.figures.program
        return self.greeting.program if self.greeting is not None else ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known here of other nodes, by node."""

    greetings: Mapping[str, Contact]
    signed: Mapping[str, int]
    heard: Mapping[NodeId, Heard]
    refused: Counter[str]
    waiting: Counter[str]
    quarantined: Counter[str]


async def watch_below(tx: Tx, me: NodeId, rules: Rules, now: datetime) -> list[NodeWatched]:
    """Return every node below ``me`` that is not revoked, in order of number, as it stands ``now``.

    At the hub these are all other nodes, at a township its villages.
    """
    newest = {row.node: row for row in await registry.certificates(tx)}  # in order of generation
    below = [
        row
        for row in newest.values()
        if row.revoked_ms is None and row.node != str(me) and (me.is_hub or row.parent == str(me))
    ]
    seen = await _seen(tx, me)
    items = list(rules.in_force(china_day(now)).values())
    limits = {tier: limits_running(items, tier) for tier in Tier}
    listed = []
    for row in sorted(below, key=lambda one: one.node):
        known = _known(row, seen, now)
        since = complete_to(known) or from_milliseconds(row.valid_from_ms)
        running = danger(since, limits[Tier(row.tier)], rules.calendar)
        listed.append(NodeWatched(row, judge(known, now, running), seen.greetings.get(row.node)))
    return listed


async def watch_self(exchange: Exchange, rules: Rules, *, serving: bool = True) -> Watched:
    """Return how this node stands: its line to the node above counts as its sign of life.

    Args:
        exchange: this node.
        rules: its items and calendar.
        serving: whether this process serves it, or is a command beside.
    """
    figures = await figuring.figures_now(exchange, serving=serving)
    now = exchange.clock.corrected()
    heard = figures.instant(Figure.CONTACT) if not exchange.node.is_hub else now
    known = Known(
        heard,
        figures,
        figures.count(Figure.REFUSED),
        figures.count(Figure.WAITING),
        figures.count(Figure.QUARANTINED),
    )
    since = complete_to(known)
    running = None
    if since is not None and not exchange.node.is_hub:
        items = rules.in_force(china_day(now)).values()
        running = danger(since, limits_running(items, exchange.seat.tier), rules.calendar)
    return judge(known, now, running)


async def _seen(tx: Tx, me: NodeId) -> _Seen:
    refused, waiting = await _exceptions(tx, me)
    return _Seen(
        greetings=await contacts(tx),
        signed=await overview.last_receipts(tx),
        heard=await figuring.heard(tx),
        refused=refused,
        waiting=waiting,
        quarantined=await _quarantined(tx),
    )


def _known(row: CertificateRow, seen: _Seen, now: datetime) -> Known:
    said = seen.heard.get(NodeId(row.node))
    figures = said.figures if said is not None else None
    return Known(
        heard=_heard(row.node, said, seen, now),
        figures=figures,
        refused=max(seen.refused[row.node], _count(figures, Figure.REFUSED)),
        waiting=max(seen.waiting[row.node], _count(figures, Figure.WAITING)),
        quarantined=seen.quarantined[row.node] + _count(figures, Figure.QUARANTINED),
    )


def _count(figures: Figures | None, figure: Figure) -> int:
    return figures.count(figure) if figures is not None else 0


def _heard(node: str, said: Heard | None, seen: _Seen, now: datetime) -> datetime | None:
    """Return the last sign of life: a greeting here, or what it signed and another node brought.

    What is signed with a time to come is by a clock that is wrong, and no sign of when.
    """
    greeting, signed = seen.greetings.get(node), seen.signed.get(node)
    times = [min(greeting.at, now)] if greeting else []
    times += [from_milliseconds(signed)] if signed is not None and signed <= to_milliseconds(now) else []
    times += [min(said.figures.made, said.at, now)] if said is not None else []
    return max(times, default=None)


async def _exceptions(tx: Tx, me: NodeId) -> tuple[Counter[str], Counter[str]]:
    """Return how many entries of each writer this node's own receipts say it refused, and holds unapplied."""
    writers = {head.id: head.writer for head in await journals.heads(tx)}
    refused, waiting = Counter[str](), Counter[str]()
    for journal_id, row in (await exchange_queries.receipts_by(tx, str(me))).items():
        for one in read_receipt(Statement.decode(row.statement)).exceptions:
            counted = refused if one.state is ExceptionState.REFUSED else waiting
            counted[writers[journal_id]] += 1
    return refused, waiting


async def _quarantined(tx: Tx) -> Counter[str]:
    rows = await parcels.in_state(tx, {"quarantined"})
    writers = {head.id: head.writer for head in await journals.heads(tx)} if rows else {}
    return Counter(writers[row.journal_id] for row in rows if row.journal_id is not None)
