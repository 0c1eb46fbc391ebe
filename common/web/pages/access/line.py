"""同步: since when the line is as it is, what waits to go up, what the others could not apply yet."""

from collections.abc import Mapping
from datetime import timedelta

from aiohttp import web

from common.casework.desk import Desk
from common.domain.node import NodeId
from common.domain.sentence import Sentence
from common.domain.times import from_milliseconds
from common.exchange import backlog
from common.exchange.backlog import Lying
from common.journal.receipt import ExceptionState, ReceiptException
from common.store import receipts
from common.store.engine import Tx
from common.web.context import context_of
from common.web.office import Office, desk_of, office_of
from common.web.pages.sizes import clock_words, size_text
from common.web.pages.watched import age_words
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import SIGNED_IN, Page, page
from common.web.session import SESSION
from common.web.views.frame import LineView
from common.web.views.network import SyncView, WaitingParcels

SYNC, RETRY = "/desk/sync", "/desk/sync/retry"
_ASKED = "retry_asked"


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (page("GET", SYNC, SIGNED_IN, _sync), page("POST", RETRY, SIGNED_IN, _retry))


async def _retry(request: web.Request) -> web.StreamResponse:
    office_of(request).kick()
    request[SESSION][_ASKED] = True
    return see_other(SYNC)


async def _sync(request: web.Request) -> web.StreamResponse:
    office, desk = office_of(request), desk_of(request)
    me = office.seat.node
    upper = None if me.is_hub else office.seat.township or me.hub()

    now = desk.clock.corrected()
    line = await context_of(request).line() or LineView(up=True, to="", synced_at=None)

    async def work(tx: Tx) -> SyncView:
        newest = await receipts.newest_checkpoint(tx)
        return SyncView(
            line=line,
            waiting=tuple(_waiting(office, one) for one in await _lying(tx, me, upper)),
            fresh_at=from_milliseconds(newest.hub_time_ms) if newest else None,
            fresh_age=age_words(now - from_milliseconds(newest.hub_time_ms)) if newest else None,
            exceptions=_sentences(office, await backlog.exceptions(tx, me)),
            clock=_clock(desk),
            asked=bool(request[SESSION].pop(_ASKED, False)),
        )

    return show(request, await office.open.read(work))


async def _lying(tx: Tx, me: NodeId, upper: NodeId | None) -> list[Lying]:
    return [] if upper is None else await backlog.waiting(tx, me, upper)


def _waiting(office: Office, one: Lying) -> WaitingParcels:
    own = one.writer == office.seat.node
    return WaitingParcels(
        what=Sentence("本站办的") if own else Sentence("{who}交来的", who=office.node_name(str(one.writer))),
        to=office.node_name(str(one.reader)),
        count=one.parcels.count,
        size=size_text(one.parcels.size),
        since=from_milliseconds(one.parcels.oldest_ms),
    )


def _sentences(office: Office, told: Mapping[NodeId, tuple[ReceiptException, ...]]) -> tuple[str, ...]:
    return tuple(
        sentence for node, listed in sorted(told.items()) for sentence in _of_node(office, node, listed)
    )


def _of_node(office: Office, node: NodeId, listed: tuple[ReceiptException, ...]) -> tuple[str, ...]:
    name = office.node_name(str(node))
    refused = sum(one.state is ExceptionState.REFUSED for one in listed)
    waits = len(listed) - refused
    said = []
    if waits:
        said.append(
            Sentence("{name}收到了{n}条记录，还在等前面的内容，到齐后会自动接着办。", name=name, n=waits)
        )
    if refused:
        said.append(
            Sentence(
                "{name}没有采用{n}条记录：内容它读不懂。记录没有丢，请告诉县级管理员。", name=name, n=refused
            )
        )
    return tuple(said)


def _clock(desk: Desk) -> Sentence:
    offset = desk.clock.reading.offset_ms
    if offset is None:
        return Sentence("还没有和上级对过")
    words = clock_words(-timedelta(milliseconds=offset))
    return words if words == "准" else Sentence("{off}，已自动校正", off=words)
