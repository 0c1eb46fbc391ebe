"""Bringing in a sheet of items: what can be read becomes drafts, what cannot is told by row and column."""

from aiohttp import web

from common.casework.publishing import import_items
from common.domain.findings import Finding
from common.domain.grants import Power
from common.sheets.catalogue_csv import COLUMNS, read_catalogue
from common.web.context import signed_in
from common.web.forms import posted
from common.web.office import desk_of
from common.web.pages.hub.catalogue import CATALOGUE
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.views.catalogue import RefusedRow, SheetView
from common.web.views.form import Form

_UPLOAD = f"{CATALOGUE}/upload"
_LARGEST = 16 * 1024 * 1024
_MOST_LISTED = 200


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (
        page("GET", _UPLOAD, Power.KEEP_CATALOGUE, _ask),
        page("POST", _UPLOAD, Power.KEEP_CATALOGUE, _read, largest=_LARGEST),
    )


async def _ask(request: web.Request) -> web.StreamResponse:
    return show(request, SheetView(COLUMNS))


async def _read(request: web.Request) -> web.StreamResponse:
    sheets = posted(request).files_of("sheet")
    if not sheets:
        wrong = Form({}, (Finding("sheet", "请选一个 CSV 文件，空文件不行。"),))
        return show(request, SheetView(COLUMNS, form=wrong), status=400)
    reading = read_catalogue(sheets[0])
    new = await import_items(desk_of(request), signed_in(request), reading.items) if reading.items else 0
    refused = tuple(RefusedRow(one.row, one.column, one.reason) for one in reading.refused)
    more = max(0, len(refused) - _MOST_LISTED)
    return show(request, SheetView(COLUMNS, len(reading.items), new, refused[:_MOST_LISTED], more))
