"""办件详情: one case on one screen."""

from aiohttp import web

from common.casework.errors import ArchivedError
from common.domain.case import Case
from common.domain.chinese_text import due_text, lateness_text
from common.domain.clocks import DueDate
from common.domain.course import STATE_NAMES
from common.domain.lateness import Light, lateness
from common.domain.receipt_number import grouped
from common.web.office import office_of
from common.web.pages.desk.archived import archived_view
from common.web.pages.desk.opened import Opened, open_case
from common.web.pages.desk.panels import DEEDS, panels
from common.web.pages.desk.papers_here import papers_here
from common.web.pages.desk.said import facts, materials
from common.web.pages.desk.words import STEP_WORDS, note_words
from common.web.rendering import show
from common.web.views.casework import CaseView, Clock, CourseLine
from common.web.views.form import EMPTY, Form


async def case_page(request: web.Request) -> web.StreamResponse:
    """Show a case, and what was done to it just now."""
    try:
        seen = await open_case(request)
    except ArchivedError as error:
        return show(request, archived_view(office_of(request), error))
    deed = DEEDS.get(request.query.get("done", ""))
    return show(request, case_view(seen, done=deed.done if deed else ""))


def case_view(
    seen: Opened, *, tried: str = "", form: Form = EMPTY, done: str = "", unmasked: bool = False
) -> CaseView:
    """Return the page of a case.

    Args:
        seen: the case as it is now.
        tried: a deed that was refused, with its ``form``; where it is not possible any more, its findings
            stand at the top.
        form: what was typed for it, and what is wrong.
        done: what has just been done.
        unmasked: whether names and numbers are shown in full.
    """
    case = seen.standing.case
    shown = panels(seen, tried, form)
    gone = tried and not any(panel.key == tried and not panel.refusal for panel in shown)
    return CaseView(
        path=seen.path,
        number=_number(case),
        item=seen.standing.item.name,
        state=STATE_NAMES[case.state],
        steps=seen.standing.steps,
        next=seen.standing.next,
        facts=facts(seen, unmasked=unmasked),
        clocks=_clocks(seen),
        materials=materials(seen),
        papers=papers_here(seen),
        course=_course(seen),
        panels=shown,
        notices=(*(one.sentence for one in form.findings if gone), *_notices(case)),
        done=done,
        unmask="" if unmasked else f"{seen.path}/unmask",
    )


def _number(case: Case) -> str:
    return grouped(case.submitted.number) if case.submitted else "—"


def _clocks(seen: Opened) -> tuple[Clock, ...]:
    clocks = seen.standing.clocks
    named: list[tuple[str, DueDate | None]] = [
        ("告知补正", clocks.correction),
        ("承诺时限", clocks.promised),
        ("法定时限", clocks.statutory),
    ]
    shown = [_clock(seen, word, day) for word, day in named if day is not None]
    held = (Clock("特别程序", "", "进行中，不计入办理时限"),) if clocks.held else ()
    return (*shown, *held)


def _clock(seen: Opened, word: str, day: DueDate) -> Clock:
    late = lateness(day, seen.desk.clock.today(), seen.desk.rules.calendar)
    light = late.light if not seen.standing.clocks.held else Light.STILL
    return Clock(word, due_text(day), lateness_text(late), light)


def _course(seen: Opened) -> tuple[CourseLine, ...]:
    return tuple(
        CourseLine(
            at=step.at,
            word=STEP_WORDS.get(step.kind, "其他记录"),
            who=" ".join(part for part in (seen.node_name(step.node), step.who) if part),
            note=note_words(step),
        )
        for step in sorted(seen.standing.case.steps, key=lambda one: one.at, reverse=True)
    )


def _notices(case: Case) -> tuple[str, ...]:
    application = case.submitted.application if case.submitted else None
    told = {
        "这个办件里有新版本程序才懂的内容，请先升级本站点的程序，之前不能办理。": bool(case.stopped),
        "申请人坚持提交：收件时材料不全，缺的已写在收件凭证上。": bool(application and application.insisted),
        "超过期限没有告知，依法自收件之日起视为受理。": case.deemed,
        "有几条记录还在路上，到了以后会自动接上。": bool(case.waiting) and not case.stopped,
        "有记录没有被采用，请县里指定的人处理。": bool(case.set_aside),
        "原办理站点还没有答复，它答复以前不能作决定。": bool(case.unanswered),
        "申请人提出了撤回，等办理单位答复。": any(
            one.kind == "withdrawal_asked" for one in case.open_requests.values()
        ),
    }
    return tuple(sentence for sentence, holds in told.items() if holds)
