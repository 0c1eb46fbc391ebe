"""Looking behind the masks: with a reason, written down before anything is shown."""

from aiohttp import web

from common.casework.looking import Look, note_look
from common.web.forms import posted
from common.web.pages.desk.case_page import case_view
from common.web.pages.desk.opened import open_case
from common.web.rendering import show


async def unmask(request: web.Request) -> web.StreamResponse:
    """Show names and numbers in full to who says why."""
    seen, reason = await open_case(request), posted(request).text("reason")
    if not await note_look(seen.desk, seen.actor, seen.case_id, Look.EVERYTHING, reason):
        view = case_view(seen, done="请先写为什么要看，再点“查看”。")
        return show(request, view, status=422)
    return show(request, case_view(seen, unmasked=True))
