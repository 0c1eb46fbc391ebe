"""Step 2: pictures, documents and paper copies, material by material."""

from dataclasses import replace

from aiohttp import web

from common.domain.application import Application, FileRef, MaterialGiven
from common.domain.findings import Finding
from common.domain.item import Item, Material, Necessity
from common.domain.sentence import Sentence
from common.media.limits import FILE_MAX
from common.web.forms import Posted, posted
from common.web.pages.applying import drafts
from common.web.pages.applying.uploads import copies, keep_uploads, size_text
from common.web.pages.applying.way import Sitting
from common.web.pages.documents import send_file
from common.web.pictures import studio_of
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.views.applying import FileShown, MaterialSlot, MaterialsView
from common.web.views.form import Form

_MENDABLE = 422


async def show_materials(now: Sitting) -> web.StreamResponse:
    """Show what is there."""
    return show(now.request, _view(now, now.application))


async def take_materials(now: Sitting) -> web.StreamResponse:
    """Keep what came; go on once nothing of it was refused."""
    form = posted(now.request)
    files, findings = await keep_uploads(studio_of(now.request), now.desk, form, now.item)
    findings += _miscounted(form, now.item)

    def altered(before: Application) -> Application:
        given = {one.code: one for one in before.materials}
        slots = (
            _slot(form, material.code, given, files, helper=now.way.helper) for material in now.item.materials
        )
        kept = tuple(one for one in slots if one.files or one.copies or one.original_seen)
        return _without(replace(before, materials=kept), form.text("remove"))

    after = await drafts.change(now.desk, now.draft_id, altered)
    if findings:
        return show(now.request, _view(now, after, findings), status=_MENDABLE)
    onward = "check" if form.text("do") == "next" else "materials"
    return see_other(f"{now.path}/{onward}")


async def show_file(now: Sitting) -> web.StreamResponse:
    """Show one picture of the draft.

    Raises:
        HTTPNotFound: it was taken back.
    """
    code, at = now.request.match_info["code"], int(now.request.match_info["at"])
    files = next((one.files for one in now.application.materials if one.code == code), ())
    if at >= len(files):
        raise web.HTTPNotFound
    return await send_file(now.request, now.desk, files[at], f"material-{at + 1}")


def _miscounted(form: Posted, item: Item) -> tuple[Finding, ...]:
    return tuple(
        Finding(material.code, "份数请填0到99之间的数字。")
        for material in item.materials
        if copies(form, material.code) is None
    )


def _slot(
    form: Posted,
    code: str,
    given: dict[str, MaterialGiven],
    files: dict[str, tuple[FileRef, ...]],
    *,
    helper: bool,
) -> MaterialGiven:
    """Pictures of both windows are kept; counts are the form's. Only a helper can have seen an original."""
    before = given.get(code, MaterialGiven(code))
    counted = copies(form, code)
    seen = helper and form.text(f"seen.{code}") == "yes"
    number = before.copies if counted is None else counted
    return MaterialGiven(code, number, seen, (*before.files, *files.get(code, ())))


def _without(application: Application, place: str) -> Application:
    """Return the application without the file at ``code/index``; a place that is gone changes nothing."""
    code, _, at = place.rpartition("/")
    kept = []
    for one in application.materials:
        files = one.files
        if one.code == code and at.isascii() and at.isdigit():
            files = tuple(file for index, file in enumerate(files) if index != int(at))
        kept.append(replace(one, files=files))
    return replace(application, materials=tuple(kept))


def _view(now: Sitting, application: Application, findings: tuple[Finding, ...] = ()) -> MaterialsView:
    given = {one.code: one for one in application.materials}
    slots = tuple(
        _shown(now, material, given.get(material.code, MaterialGiven(material.code)))
        for material in now.item.materials
    )
    return MaterialsView(now.shown(), slots, f"{FILE_MAX // 1024 // 1024} MB", Form({}, findings))


def _shown(now: Sitting, material: Material, given: MaterialGiven) -> MaterialSlot:
    return MaterialSlot(
        code=material.code,
        name=material.name,
        required=material.necessity is Necessity.REQUIRED,
        later=material.necessity is Necessity.MAY_FOLLOW,
        note=material.note,
        copies=given.copies,
        seen=given.original_seen,
        files=tuple(
            FileShown(
                Sentence("第{n}张", n=at + 1),
                size_text(file.length),
                f"{now.path}/files/{material.code}/{at}",
            )
            for at, file in enumerate(given.files)
        ),
    )
