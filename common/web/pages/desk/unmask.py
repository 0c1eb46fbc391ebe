"""Looking behind the masks: with a reason, written down before anything is shown."""

from aiohttp import web

from common.domain.times import to_milliseconds
from common.store import grants
from common.store.rows import UnmaskRow
from common.web.forms import posted
from common.web.pages.desk.case_page import case_view
from common.web.pages.desk.opened import open_case
from common.web.rendering import show

_LONGEST = 100
_EVERYTHING = "everything"


async def unmask(request: web.Request) -> web.StreamResponse:
    """Show names and numbers in full to who says why."""
    seen, reason = await open_case(request), posted(request).text("reason")[:_LONGEST]
    if not reason:
        view = case_view(seen, done="请先写为什么要看，再点“查看”。")
        return show(request, view, status=422)
    look = UnmaskRow(
        seen.actor.login, str(seen.case_id), _EVERYTHING, reason, to_milliseconds(seen.desk.clock.now())
    )
    await seen.desk.vault.write(lambda tx: grants.note_unmask(tx, look))
    return show(request, case_view(seen, unmasked=True))
