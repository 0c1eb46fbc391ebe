"""Steps 3 and 4: everything once more, every finding at once, and the last word."""

from dataclasses import replace

from aiohttp import web

from common.casework.errors import NotReadyError
from common.casework.receive import Taken, receive
from common.domain.application import Application
from common.domain.findings import Finding, check
from common.domain.item import Item
from common.domain.sentence import Sentence
from common.web import csrf
from common.web.context import actor_of
from common.web.forms import posted
from common.web.office import office_of
from common.web.pages.applying.fresh_receipts import Fresh
from common.web.pages.applying.way import Sitting
from common.web.pages.handed import handed_words
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.views.applying import CheckView, ConfirmView, SummaryRow
from common.web.views.form import EMPTY, Form

_MENDABLE = 422


async def show_check(now: Sitting) -> web.StreamResponse:
    """Show everything typed and handed in, with what was found."""
    return show(now.request, _check_view(now))


async def take_check(now: Sitting) -> web.StreamResponse:
    """Go on, unless something must be mended first."""
    view = _check_view(now)
    return show(now.request, view, status=_MENDABLE) if view.blocked else see_other(f"{now.path}/confirm")


async def show_confirm(now: Sitting) -> web.StreamResponse:
    """Ask for the last word, and say what is missing."""
    return see_other(f"{now.path}/check") if _check_view(now).blocked else show(now.request, _confirm(now))


async def take_confirm(now: Sitting) -> web.StreamResponse:
    """Hand in: the draft becomes a case, once."""
    form = posted(now.request)
    if form.text("agreed") != "yes":
        unread = Finding("agreed", "请看一下并在“填写的内容和材料都是真实的”前面打勾，再提交。")
        return show(now.request, _confirm(now, Form({}, (unread,))), status=_MENDABLE)
    actor = actor_of(now.request) if now.way.helper else None
    application = replace(now.application, insisted=form.text("insist") == "yes")
    try:
        taken = await receive(now.desk, actor, application, draft_id=now.draft_id)
    except NotReadyError:
        return see_other(f"{now.path}/check")
    _remember(now, taken)
    office_of(now.request).kick()
    return see_other(f"{now.path}/receipt")


def _remember(now: Sitting, taken: Taken) -> None:
    fresh = Fresh(taken.query_code, taken.token)
    now.way.fresh.keep(taken.case_id, csrf.token(now.request), fresh, now.desk.clock.now())


def _found(now: Sitting) -> tuple[Finding, ...]:
    return check(now.application, now.item, now.desk.clock.today())


def _check_view(now: Sitting) -> CheckView:
    return CheckView(now.shown(), tuple(_rows(now.application, now.item)), _found(now))


def _confirm(now: Sitting, form: Form = EMPTY) -> ConfirmView:
    missing = tuple(_name(now.item, one.field) for one in _found(now) if one.missing)
    return ConfirmView(now.shown(), now.application.applicant.name, missing, form)


def _rows(application: Application, item: Item) -> list[SummaryRow]:
    person, agent = application.applicant, application.agent
    said = [
        ("申请人", person.name),
        ("身份证号码", person.identity),
        ("电话", person.phone),
        ("告诉谁", person.contact),
        ("住址", person.address),
    ]
    if agent is not None:
        said += [
            ("代办人", agent.person.name),
            ("代办人身份证号码", agent.person.identity),
            ("代办人电话", agent.person.phone),
            ("和申请人的关系", agent.relation),
            ("怎么委托的", agent.mandate),
        ]
    said += [("要说明的情况", application.answers.get("note", ""))]
    always = {"申请人", "身份证号码"}
    rows = [SummaryRow(word, text or Sentence("还没有填")) for word, text in said if text or word in always]
    given = {one.code: one for one in application.materials}
    return rows + [
        SummaryRow(material.name, handed_words(given.get(material.code)), "materials")
        for material in item.materials
    ]


def _name(item: Item, code: str) -> str:
    material = item.material(code)
    return material.name if material else code
