"""Doing something to a case: the form read, the verb called, the page shown again."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from aiohttp import web

from common.casework import accept, correct, decide, hand_out, notice, review, withdraw
from common.casework.errors import CaseworkError, NotPossibleError
from common.domain.application import MaterialGiven
from common.domain.bodies.facts import MissingThing, Outcome
from common.domain.course import STATE_NAMES
from common.domain.findings import Finding
from common.domain.sentence import together
from common.domain.spoken_error import SpokenError
from common.papers.office import issue_decision
from common.web.failures import status_of
from common.web.forms import Posted, posted
from common.web.pages.applying.uploads import copies, keep_uploads
from common.web.pages.desk.case_page import case_view
from common.web.pages.desk.opened import Opened, open_case
from common.web.pages.desk.panels import DEEDS, Deed, to_tell
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import FORM_BYTES, UPLOAD_BYTES, Page, page
from common.web.views.form import Form


class FormIncompleteError(CaseworkError):
    """The form lacks a choice, or brought something that cannot be kept; each finding by its field."""

    def __init__(self, *findings: Finding) -> None:
        """Keep the findings."""
        super().__init__("the form is incomplete", together(one.sentence for one in findings))
        self.findings = findings


HOW_TOLD = frozenset({"in_person", "phone", "message"})
"""How a person is told, as the record names it: face to face, by telephone, by a message in writing."""

Work = Callable[[Opened, Posted], Awaitable[object]]


def pages() -> tuple[Page, ...]:
    """Return a page for each deed, open to who has its power at all."""
    return tuple(
        page(
            "POST",
            f"/desk/cases/{{case}}/{key}",
            DEEDS[key].power,
            partial(_do, DEEDS[key], work),
            largest=UPLOAD_BYTES if key == "correct" else FORM_BYTES,
        )
        for key, work in _WORK.items()
    )


async def _do(deed: Deed, work: Work, request: web.Request) -> web.StreamResponse:
    seen, form = await open_case(request), posted(request)
    try:
        await work(seen, form)
    except SpokenError as error:
        again = Form(form.values(), _findings(deed, error))
        after = await open_case(request)
        return show(request, case_view(after, tried=deed.key, form=again), status=status_of(error))
    seen.office.kick()
    return see_other(f"{seen.path}?done={deed.key}")


def _findings(deed: Deed, error: SpokenError) -> tuple[Finding, ...]:
    if isinstance(error, FormIncompleteError):
        return error.findings
    return (Finding(deed.field, error.sentence),)


async def _accept(seen: Opened, _form: Posted) -> None:
    await accept.accept(seen.desk, seen.actor, seen.case_id)


async def _notice(seen: Opened, form: Posted) -> None:
    chosen = [seen.standing.item.material(code) for code in form.texts("missing")]
    things = [MissingThing(one.code, one.name, one.note) for one in chosen if one is not None]
    lines = [text.strip() for text in form.text("other").splitlines() if text.strip()]
    told = (*things, *(MissingThing("", text) for text in lines))
    await notice.give_notice(seen.desk, seen.actor, seen.case_id, told)


async def _refuse(seen: Opened, form: Posted) -> None:
    reason, whose = form.text("reason"), form.text("whose")
    await notice.refuse_to_accept(seen.desk, seen.actor, seen.case_id, reason, whose)


async def _review(seen: Opened, form: Posted) -> None:
    favourable = form.text("favourable")
    if favourable not in {"yes", "no"}:
        raise FormIncompleteError(Finding("favourable", "请选“建议准予”或“建议不予”。"))
    opinion = form.text("opinion")
    await review.review(seen.desk, seen.actor, seen.case_id, opinion, favourable=favourable == "yes")


async def _decide(seen: Opened, form: Posted) -> None:
    outcome = form.text("outcome")
    if outcome not in set(Outcome):
        raise FormIncompleteError(Finding("outcome", "请选“准予”或“不予”。"))
    await decide.decide(seen.desk, seen.actor, seen.case_id, Outcome(outcome), form.text("reason"))


async def _issue(seen: Opened, _form: Posted) -> None:
    await issue_decision(seen.desk, seen.actor, seen.case_id)


async def _correct(seen: Opened, form: Posted) -> None:
    materials = seen.standing.item.materials
    files, findings = await keep_uploads(seen.studio, seen.desk, form, seen.standing.item)
    if findings:
        raise FormIncompleteError(*findings)
    counted = {one.code: copies(form, one.code) or 0 for one in materials}
    given = tuple(
        MaterialGiven(one.code, counted[one.code], files=files.get(one.code, ()))
        for one in materials
        if counted[one.code] or one.code in files
    )
    await correct.correct(seen.desk, seen.actor, seen.case_id, given, form.text("note"))


async def _take_correction(seen: Opened, _form: Posted) -> None:
    await correct.take_correction(seen.desk, seen.actor, seen.case_id)


async def _hand_out(seen: Opened, form: Posted) -> None:
    if form.text("signed") != "yes":
        raise FormIncompleteError(Finding("signed", "请先请领取人在送达回证上签名或按手印，再打勾登记。"))
    await hand_out.hand_out(seen.desk, seen.actor, seen.case_id, form.text("to"))


async def _tell(seen: Opened, form: Posted) -> None:
    how, what = form.text("how"), to_tell(seen.standing.case)
    if how not in HOW_TOLD:
        raise FormIncompleteError(Finding("how", "请选怎么告知的。"))
    if not what:
        raise NotPossibleError(STATE_NAMES[seen.standing.case.state])
    await hand_out.tell(seen.desk, seen.actor, seen.case_id, what, how)


async def _ask_withdrawal(seen: Opened, form: Posted) -> None:
    if form.text("signed") != "yes":
        raise FormIncompleteError(Finding("signed", "请先请申请人在撤回申请上签名或按手印，再打勾登记。"))
    await withdraw.ask_withdrawal(seen.desk, seen.actor, seen.case_id, form.text("reason"))


async def _grant_withdrawal(seen: Opened, _form: Posted) -> None:
    await withdraw.grant_withdrawal(seen.desk, seen.actor, seen.case_id)


async def _refuse_withdrawal(seen: Opened, form: Posted) -> None:
    await withdraw.refuse_withdrawal(seen.desk, seen.actor, seen.case_id, form.text("reason"))


_WORK: Mapping[str, Work] = {
    "accept": _accept,
    "notice": _notice,
    "refuse": _refuse,
    "review": _review,
    "decide": _decide,
    "issue": _issue,
    "correct": _correct,
    "take_correction": _take_correction,
    "hand_out": _hand_out,
    "tell": _tell,
    "ask_withdrawal": _ask_withdrawal,
    "grant_withdrawal": _grant_withdrawal,
    "refuse_withdrawal": _refuse_withdrawal,
}
