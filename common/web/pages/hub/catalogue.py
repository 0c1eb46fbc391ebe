"""事项: what is published and what waits to be; one item with its versions; publishing from a day on."""

from datetime import date

from aiohttp import web

from common.casework.publishing import publish_catalogue
from common.domain.chinese_text import limit_text
from common.domain.findings import Finding
from common.domain.grants import Power
from common.domain.item import KIND_NAMES, Item, Necessity
from common.domain.sentence import Sentence, together
from common.domain.spoken_error import SpokenError
from common.journal.body import from_plain
from common.store import items
from common.store.engine import Tx
from common.store.rows import ItemRow
from common.web.context import signed_in
from common.web.forms import posted
from common.web.office import desk_of, office_of
from common.web.pages.hub import listing
from common.web.pages.typed_dates import typed_day
from common.web.pages.watched import TIER_NAMES
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.routing import Page, page
from common.web.session import SESSION
from common.web.views.catalogue import CatalogueLine, CatalogueView, ItemView, PublishView, VersionLine
from common.web.views.form import Form, Paging

CATALOGUE = "/desk/catalogue"
DONE = "catalogue_done"
_PUBLISH = f"{CATALOGUE}/publish"
_PAGE = 50
_NEEDED = {Necessity.REQUIRED: "必须有", Necessity.OPTIONAL: "可以不交", Necessity.MAY_FOLLOW: "可以后补"}
_SHORT = 12


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (
        page("GET", CATALOGUE, Power.KEEP_CATALOGUE, _list),
        page("GET", f"{CATALOGUE}/items/{{code}}", Power.KEEP_CATALOGUE, _item),
        page("GET", _PUBLISH, Power.KEEP_CATALOGUE, _ask),
        page("POST", _PUBLISH, Power.KEEP_CATALOGUE, _publish),
    )


async def _list(request: web.Request) -> web.StreamResponse:
    desk = desk_of(request)
    held = await desk.open.read(listing.listed)
    today, wanted = desk.clock.today(), request.query.get("q", "").strip()
    found = [row for row in held.current if listing.fits(row, wanted)]
    number, pages = _number(request, len(found))
    shown = found[(number - 1) * _PAGE : number * _PAGE]
    form = Form({"q": wanted} if wanted else {})
    return show(
        request,
        CatalogueView(
            items=tuple(_line(row, held, today) for row in shown),
            form=form,
            version=held.version[:_SHORT],
            effective=held.effective,
            drafts=sum(row.state == "draft" for row in held.current),
            paging=Paging(number, pages, len(found), listing.query(wanted)),
            done=str(request[SESSION].pop(DONE, "")),
        ),
    )


def _number(request: web.Request, total: int) -> tuple[int, int]:
    pages = max(1, -(-total // _PAGE))
    asked = request.query.get("page", "1")
    return (min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 6 else 1), pages  # noqa: PLR2004


def _line(row: ItemRow, held: listing.Listed, today: date) -> CatalogueLine:
    item = from_plain(Item, row.content)
    return CatalogueLine(
        code=item.code,
        name=item.name,
        department=item.department,
        decides=TIER_NAMES[item.decides],
        limits=_limits(item),
        materials=len(item.materials),
        state=held.state(row, today),
        effective=None if row.state == "draft" else held.effective,
        path=f"{CATALOGUE}/items/{item.code}",
    )


async def _item(request: web.Request) -> web.StreamResponse:
    desk, code = desk_of(request), request.match_info["code"]

    async def work(tx: Tx) -> tuple[listing.Listed, list[ItemRow]]:
        return await listing.listed(tx), await items.versions(tx, code=code)

    held, rows = await desk.open.read(work)
    if not rows:
        raise web.HTTPNotFound
    newest = next((row for row in held.current if row.code == code), rows[-1])
    item, today = from_plain(Item, newest.content), desk.clock.today()
    versions = tuple(
        VersionLine(row.version[:_SHORT], held.state(row, today), held.effective if held.names(row) else None)
        for row in reversed(rows)
    )
    return show(request, ItemView(item, _facts(item), _materials(item), versions))


def _facts(item: Item) -> tuple[tuple[str, str], ...]:
    return (
        ("编码", item.code),
        ("单位", item.department),
        ("类型", Sentence(KIND_NAMES[item.kind]) if item.kind else ""),
        ("依据", item.legal_basis),
        ("怎么走", together((TIER_NAMES[tier] for tier in item.route), " → ")),
        ("谁决定", Sentence(TIER_NAMES[item.decides])),
        ("法定时限", limit_text(item.statutory) if item.statutory else ""),
        ("承诺时限", _limits(item)),
        ("公开的收件点", _yes(item.lawful_receiver, "是，村站收件就算收到")),
        ("不告知就算受理", _yes(item.deemed_acceptance)),
        ("敏感事项", _yes(item.sensitive, "是，只有本站和县里能看")),
        ("来源", item.source),
    )


def _yes(holds: object, words: str = "是") -> Sentence:
    return Sentence(words if holds else "否")


def _limits(item: Item) -> str:
    if item.instant:
        return Sentence("当场办结")
    return limit_text(item.promised) if item.promised else ""


def _materials(item: Item) -> tuple[tuple[str, str, str], ...]:
    return tuple((one.name, _NEEDED[one.necessity], one.note) for one in item.materials)


async def _ask(request: web.Request) -> web.StreamResponse:
    today = desk_of(request).clock.today()
    return await _publish_form(request, Form({"effective": today.isoformat()}), 200)


async def _publish(request: web.Request) -> web.StreamResponse:
    desk, typed = desk_of(request), posted(request).text("effective")
    effective, sentence = typed_day(typed), ""
    if effective is None:
        sentence = "请选一个生效日期，例如 2026-12-01。"
    elif effective < desk.clock.today():
        sentence = "生效日期不能早于今天：已经收的件按收件那天的目录办。"
    else:
        try:
            await publish_catalogue(desk, signed_in(request), effective)
        except SpokenError as error:
            sentence = error.sentence
    if sentence:
        again = Form({"effective": typed}, (Finding("effective", sentence),))
        return await _publish_form(request, again, 400)
    office_of(request).kick()
    request[SESSION][DONE] = "已经发布，各站点下次联系时就会收到。"
    return see_other(CATALOGUE)


async def _publish_form(request: web.Request, form: Form, status: int) -> web.StreamResponse:
    rows = await desk_of(request).open.read(lambda tx: items.versions(tx, state="draft"))
    return show(request, PublishView(tuple((row.code, row.name) for row in rows), form), status=status)
