"""Shutting a node out: asked once more, with a reason, and done once however many windows ask."""

from aiohttp import web

from common.domain.findings import Finding
from common.domain.grants import Power
from common.domain.node import NodeId
from common.domain.sentence import Sentence
from common.domain.spoken_error import SpokenError
from common.exchange.node_register import revoke
from common.store import ledger
from common.store.ledger import LedgerFilter
from common.store.rows import CertificateRow
from common.web.context import signed_in
from common.web.forms import posted
from common.web.network_office import network_of
from common.web.office import desk_of, office_of
from common.web.pages.hub import tree
from common.web.pages.hub.nodes import DONE, NODES
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.session import SESSION
from common.web.views.form import EMPTY, Form
from common.web.views.network import RevokeView

_REVOKE = f"{NODES}/{{number:[0-9]{{4}}}}/revoke"
_LONGEST_REASON = 200


class RevokedAlreadyError(SpokenError):
    """Somebody, perhaps another window of the same person, was first."""

    def __init__(self) -> None:
        """Say that there is nothing left to do."""
        super().__init__(
            "the node is revoked already",
            "这个站点已经吊销了（可能是在另一个窗口里），不用再做一次。请回到“站点”看看。",
        )


class NoSuchNodeError(SpokenError):
    """No node of that number can be revoked."""

    def __init__(self) -> None:
        """Say where the numbers are."""
        super().__init__("no such node", "没有这个站点，或者它不能吊销。请回到“站点”重新选。")


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (
        page("GET", _REVOKE, Power.KEEP_NODES, _ask),
        page("POST", _REVOKE, Power.KEEP_NODES, _revoke),
    )


async def _ask(request: web.Request) -> web.StreamResponse:
    return show(request, await _view(request, await _node(request), EMPTY))


async def _revoke(request: web.Request) -> web.StreamResponse:
    row = await _node(request)
    reason = posted(request).text("reason")
    findings = _findings(reason)
    if findings:
        again = Form({"reason": reason}, findings)
        return show(request, await _view(request, row, again), status=400)
    await revoke(desk_of(request), signed_in(request), NodeId(row.node), reason)
    await network_of(request).refresh()
    request[SESSION][DONE] = "已经吊销。各站点下次联系时都会知道。"
    return see_other(NODES)


async def _node(request: web.Request) -> CertificateRow:
    office = office_of(request)
    number = f"{office.seat.node.county}-{request.match_info['number']}"
    row = (await office.open.read(tree.newest)).get(number)
    if row is None or NodeId(row.node).is_hub:
        raise NoSuchNodeError
    if row.revoked_ms is not None:
        raise RevokedAlreadyError
    return row


def _findings(reason: str) -> tuple[Finding, ...]:
    if not reason:
        return (Finding("reason", "请写明为什么吊销，以后查得到。"),)
    if len(reason) > _LONGEST_REASON:
        return (Finding("reason", Sentence("原因最多{n}个字，请写短一些。", n=_LONGEST_REASON)),)
    return ()


async def _view(request: web.Request, row: CertificateRow, form: Form) -> RevokeView:
    desk, digits = desk_of(request), NodeId(row.node).digits
    rows = await desk.open.read(tree.newest)
    waiting = LedgerFilter(custodian=row.node, open_only=True)
    return RevokeView(
        path=f"{NODES}/{digits}/revoke",
        node=row.node,
        name=row.name,
        open_cases=await desk.vault.read(lambda tx: ledger.count(tx, waiting)),
        form=form,
        below=sum(one.parent == row.node and one.revoked_ms is None for one in rows.values()),
    )
