"""Pictures of a case's materials: shown to who may see the case and says why, which is written down."""

import asyncio

from aiohttp import web

from common.casework.looking import Look, may_look, note_look
from common.domain.application import FileRef
from common.domain.findings import Finding
from common.domain.receipt_number import grouped
from common.web.forms import posted
from common.web.pages.desk.opened import Opened, open_case
from common.web.pages.documents import is_picture, send_file
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.views.form import EMPTY, Choice, Form
from common.web.views.pictures import PageShown, PicturesView

_REASONS = {
    "handle": "办理这个办件",
    "compare": "核对原件",
    "asked": "申请人要看",
    "check": "检查或复核",
}
_MENDABLE = 422


async def material(request: web.Request) -> web.StreamResponse:
    """Show a material's pages in order, or ask why first."""
    seen = await open_case(request)
    code, files = _files(request, seen)
    if not await may_look(seen.desk, seen.actor, seen.case_id, Look.PICTURES):
        return show(request, _asking(seen, code))
    return show(request, await _showing(seen, code, files))


async def look(request: web.Request) -> web.StreamResponse:
    """Write down why, and show the pages."""
    seen = await open_case(request)
    code, _ = _files(request, seen)
    reason = _REASONS.get(posted(request).text("reason"), "")
    if not await note_look(seen.desk, seen.actor, seen.case_id, Look.PICTURES, reason):
        form = Form({}, (Finding("reason", "请先选一个理由，再点“看材料”。"),))
        return show(request, _asking(seen, code, form), status=_MENDABLE)
    return see_other(_path(seen, code))


async def picture(request: web.Request) -> web.StreamResponse:
    """Send one page; without a reason given a short while ago, the reason is asked first.

    Raises:
        HTTPNotFound: the material has no such page.
    """
    seen, at = await open_case(request), int(request.match_info["at"])
    code, files = _files(request, seen)
    if at >= len(files):
        raise web.HTTPNotFound
    if not await may_look(seen.desk, seen.actor, seen.case_id, Look.PICTURES):
        return see_other(_path(seen, code))
    return await send_file(request, seen.desk, files[at], f"material-{at + 1}")


def _files(request: web.Request, seen: Opened) -> tuple[str, tuple[FileRef, ...]]:
    code = request.match_info["code"]
    given = seen.standing.case.materials.get(code)
    if given is None or not given.files:
        raise web.HTTPNotFound
    return code, given.files


def _path(seen: Opened, code: str) -> str:
    return f"{seen.path}/materials/{code}"


def _asking(seen: Opened, code: str, form: Form = EMPTY) -> PicturesView:
    reasons = tuple(Choice(value, word) for value, word in _REASONS.items())
    return _view(seen, code, (), reasons, form)


async def _showing(seen: Opened, code: str, files: tuple[FileRef, ...]) -> PicturesView:
    names = [bytes.fromhex(file.parcel) for file in files]
    here = await asyncio.to_thread(lambda: [seen.desk.files.has(name) for name in names])
    pages = tuple(
        PageShown(f"{seen.path}/files/{code}/{at}", there, is_picture(file))
        for at, (file, there) in enumerate(zip(files, here, strict=True))
    )
    return _view(seen, code, pages, (), EMPTY)


def _view(
    seen: Opened, code: str, pages: tuple[PageShown, ...], reasons: tuple[Choice, ...], form: Form
) -> PicturesView:
    case, known = seen.standing.case, seen.standing.item.material(code)
    return PicturesView(
        path=_path(seen, code),
        case=seen.path,
        number=grouped(case.submitted.number) if case.submitted else "—",
        item=seen.standing.item.name,
        material=known.name if known else code,
        pages=pages,
        reasons=reasons,
        form=form,
    )
