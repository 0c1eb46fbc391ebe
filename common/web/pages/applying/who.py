"""Step 1: for whom, who acts, and what there is to say."""

from dataclasses import fields, replace

from aiohttp import web

from common.domain import identity_number, phone
from common.domain.application import Agent, Application, Person
from common.domain.findings import Finding, check
from common.domain.spoken_error import SpokenError
from common.web.forms import Posted, posted
from common.web.pages.applying import drafts
from common.web.pages.applying.way import Sitting
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.views.applying import WhoView
from common.web.views.form import Form

_OF_THIS_STEP = ("applicant.", "agent.", "answers.")
_MENDABLE = 422


async def show_who(now: Sitting) -> web.StreamResponse:
    """Show what was typed so far."""
    return show(now.request, WhoView(now.shown(), Form(typed_in(now.application))))


async def take_who(now: Sitting) -> web.StreamResponse:
    """Keep what was typed, right or wrong; go on once it is right."""
    form = posted(now.request)
    if form.text("do") == "leave":
        return await _leave(now)
    after = await drafts.change(now.desk, now.draft_id, lambda before: told(form, before))
    findings = _findings(now, after)
    if not findings:
        return see_other(f"{now.path}/materials")
    return show(now.request, WhoView(now.shown(), Form(typed_in(after), findings)), status=_MENDABLE)


async def _leave(now: Sitting) -> web.StreamResponse:
    await drafts.drop(now.desk, now.draft_id)
    return see_other(now.way.home)


def _findings(now: Sitting, application: Application) -> tuple[Finding, ...]:
    found = check(application, now.item, now.desk.clock.today())
    return tuple(one for one in found if one.field.startswith(_OF_THIS_STEP))


def told(form: Posted, before: Application) -> Application:
    """Return the application with the persons and answers of the form."""
    other = form.text("acts") == "other"
    agent = Agent(_person(form, "agent"), _text(form, "agent.relation"), _text(form, "agent.mandate"))
    note = _text(form, "answers.note")
    return replace(
        before,
        applicant=_person(form, "applicant"),
        agent=agent if other else None,
        answers={"note": note} if note else {},
    )


def typed_in(application: Application) -> dict[str, str]:
    """Return an application as the form's fields."""
    values = _fields("applicant", application.applicant)
    agent = application.agent
    if agent is not None:
        values |= _fields("agent", agent.person)
        values |= {"agent.relation": agent.relation, "agent.mandate": agent.mandate}
    values["acts"] = "self" if agent is None else "other"
    values["answers.note"] = application.answers.get("note", "")
    return values


def _fields(prefix: str, person: Person) -> dict[str, str]:
    return {f"{prefix}.{one.name}": getattr(person, one.name) for one in fields(person)}


def _person(form: Posted, prefix: str) -> Person:
    typed = {one.name: _text(form, f"{prefix}.{one.name}") for one in fields(Person)}
    typed["identity"] = _identity(typed["identity"])
    typed["phone"] = _phone(typed["phone"])
    return Person(**typed)


def _text(form: Posted, name: str) -> str:
    """Return a field's text without control characters, which no paper can print."""
    return "".join(mark for mark in form.text(name) if mark == "\n" or mark >= " ").strip()


def _identity(typed: str) -> str:
    try:
        return identity_number.parse(typed).text
    except SpokenError:
        return typed


def _phone(typed: str) -> str:
    try:
        number = phone.parse(typed)
    except SpokenError:
        return typed
    return number.text if number else ""
