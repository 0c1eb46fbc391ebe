"""The receipt on the screen and as a PDF; query code and QR only for who has just handed in."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from common.casework import book
from common.casework.acting import item_of
from common.casework.desk import Desk
from common.domain.case import Case
from common.domain.case_clocks import clocks_of
from common.domain.item import Item
from common.domain.receipt_number import grouped
from common.domain.whereabouts import next_sentence
from common.papers.from_case import receipt_of
from common.papers.qr_code import qr_svg
from common.papers.rendering import render
from common.web import csrf
from common.web.context import context_of
from common.web.office import desk_of
from common.web.pages.applying import drafts
from common.web.pages.applying.fresh_receipts import Fresh
from common.web.pages.applying.way import Way
from common.web.pages.documents import document
from common.web.pages.status_address import status_address
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.views.applying import ReceiptView


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A draft that became a case, and what may be shown with it once."""

    desk: Desk
    case: Case
    item: Item
    fresh: Fresh | None


async def show_receipt(way: Way, request: web.Request) -> web.StreamResponse:
    """Show the receipt of a draft that was handed in."""
    handed_in = await _handed_in(way, request)
    if handed_in is None:
        return see_other(f"{way.of(request.match_info['draft'])}/who")
    return show(request, _view(way, request, handed_in))


async def print_receipt(way: Way, request: web.Request) -> web.StreamResponse:
    """Give the receipt's PDF.

    Raises:
        HTTPNotFound: nothing was handed in yet.
    """
    done = await _handed_in(way, request)
    if done is None:
        raise web.HTTPNotFound
    paper = receipt_of(
        done.case,
        done.item,
        done.desk.seat,
        done.desk.clock.reading,
        query_code=done.fresh.code if done.fresh else "",
        qr=_qr(request, done),
    )
    return document(await asyncio.to_thread(render, paper), "receipt")


async def _handed_in(way: Way, request: web.Request) -> HandedIn | None:
    desk = desk_of(request)
    row = await drafts.find(desk, request.match_info["draft"], helper=way.helper)
    if row.confirmed_case is None:
        return None
    case_id = UUID(row.confirmed_case)
    case = await desk.vault.read(lambda tx: book.load(tx, case_id))
    fresh = way.fresh.of(case_id, csrf.token(request), desk.clock.now())
    return HandedIn(desk, case, item_of(desk, case), fresh)


def _qr(request: web.Request, done: HandedIn) -> str:
    """Return the address in the QR; only a site with public pages has anything to show there."""
    if done.fresh is None or not context_of(request).site().public:
        return ""
    return status_address(request, done.case.case_id, done.fresh.token)


def _view(way: Way, request: web.Request, done: HandedIn) -> ReceiptView:
    case, item, submitted = done.case, done.item, done.case.submitted
    if submitted is None or case.submitted_at is None:
        raise web.HTTPNotFound
    clocks = clocks_of(case, item, done.desk.rules.calendar, done.desk.clock.today())
    path, address = way.of(request.match_info["draft"]), _qr(request, done)
    materials = {material.code: material.name for material in item.materials}
    return ReceiptView(
        number=grouped(submitted.number),
        code=done.fresh.code if done.fresh else "",
        qr_svg=qr_svg(address) if address else "",
        item=item.name,
        decides=item.authority,
        received_at=case.submitted_at,
        paper=f"{path}/receipt.pdf",
        next=next_sentence(case, clocks),
        lawful=submitted.lawful_receiver,
        missing=tuple(materials.get(code, code) for code in submitted.application.missing),
        back=f"/desk/cases/{case.case_id}" if way.helper else way.home,
    )
