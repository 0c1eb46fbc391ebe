"""恢复: whom a restored node still waits for, since when, and letting one go with a reason."""

from aiohttp import web

from common.casework import recovering
from common.domain.findings import Finding
from common.domain.grants import Power
from common.domain.node import NodeId
from common.domain.recovery import Recovery
from common.domain.spoken_error import SpokenError
from common.domain.times import from_milliseconds
from common.web.context import signed_in
from common.web.forms import posted
from common.web.office import desk_of, office_of
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import SIGNED_IN, Page, page
from common.web.views.form import EMPTY, Form
from common.web.views.recovery import RecoveryLine, RecoveryView, ReleaseView

RECOVERY = "/desk/recovery"
_RELEASE = f"{RECOVERY}/{{number:[0-9]{{4}}}}/release"
_LONGEST_REASON = 200


class NotWaitedForError(SpokenError):
    """The node is not waited for."""

    def __init__(self) -> None:
        """Say that nothing is left to do."""
        super().__init__("not waited for", "本机没有在等这个站点，不用放行。请回到“恢复”看看。")


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (
        page("GET", RECOVERY, SIGNED_IN, _recovery),
        page("GET", _RELEASE, Power.KEEP_NODES, _ask),
        page("POST", _RELEASE, Power.KEEP_NODES, _release),
    )


async def _recovery(request: web.Request) -> web.StreamResponse:
    found = await desk_of(request).vault.read(recovering.find)
    if found is None:
        return show(request, RecoveryView(None, ()))
    name = office_of(request).node_name
    lines = tuple(_line(found, NodeId(node), name(node)) for node in found.expected)
    may_release = Power.KEEP_NODES in signed_in(request).powers
    since = from_milliseconds(found.since_ms)
    return show(request, RecoveryView(since, lines, over=found.is_over(), may_release=may_release))


def _line(found: Recovery, node: NodeId, name: str) -> RecoveryLine:
    answer, released = found.answers.get(str(node)), found.released.get(str(node))
    if released is not None:
        return RecoveryLine(node.digits, name, "已放行", from_milliseconds(released.at_ms), released.reason)
    if answer is None:
        return RecoveryLine(node.digits, name, "还没有答复", None, waited=True)
    state = "已送回" if answer.covered else "已答复，旧记录还在路上"
    return RecoveryLine(node.digits, name, state, from_milliseconds(answer.at_ms), waited=not answer.covered)


async def _ask(request: web.Request) -> web.StreamResponse:
    return show(request, _view(request, await _node(request), EMPTY))


async def _release(request: web.Request) -> web.StreamResponse:
    node = await _node(request)
    reason = posted(request).text("reason")
    if not reason or len(reason) > _LONGEST_REASON:
        wrong = "请写明为什么不再等它，以后查得到。" if not reason else "原因最多200个字，请写短一些。"
        again = Form({"reason": reason}, (Finding("reason", wrong),))
        return show(request, _view(request, node, again), status=400)
    await recovering.release(desk_of(request), signed_in(request), node, reason)
    office_of(request).kick()
    return see_other(RECOVERY)


async def _node(request: web.Request) -> NodeId:
    node = NodeId(f"{office_of(request).seat.node.county}-{request.match_info['number']}")
    found = await desk_of(request).vault.read(recovering.find)
    if found is None or str(node) not in found.expected or found.done_with(node):
        raise NotWaitedForError
    return node


def _view(request: web.Request, node: NodeId, form: Form) -> ReleaseView:
    return ReleaseView(f"{RECOVERY}/{node.digits}/release", office_of(request).node_name(str(node)), form)
