"""查进度: by number and query code, or by the receipt's QR; nothing beyond what its holder may see."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from aiohttp import web

from common.casework import book
from common.casework.desk import Desk
from common.casework.errors import CaseworkError, UnknownCaseError
from common.casework.receive import query_digest, token_digest
from common.domain.case import Case
from common.domain.case_summary import CaseSummary
from common.domain.findings import Finding
from common.domain.masking import mask_name
from common.domain.receipt_number import ReceiptNumberError, grouped, parse
from common.domain.sentence import Sentence
from common.domain.typed_text import plain
from common.domain.whereabouts import StepShown, archived_steps
from common.store import cases
from common.store.engine import Tx
from common.web.attempts import Attempts, TooManyTriesError
from common.web.context import context_of
from common.web.forms import Posted, posted
from common.web.office import desk_of, office_of
from common.web.pages.status_address import read_status
from common.web.pages.whereabouts import missing_now, standing_of
from common.web.rendering import show
from common.web.views.form import Form
from common.web.views.public import ProgressCaseView, ProgressView

_WINDOW = timedelta(minutes=10)
_PER_NUMBER = 5
_PER_ADDRESS = 30
_MENDABLE = 422


class NoSuchReceiptError(CaseworkError):
    """Number and code belong to no case here; which of the two is wrong is not said."""

    def __init__(self) -> None:
        """Say what to look at and where else to ask."""
        super().__init__(
            "number and query code fit no case",
            "收件号和查询码对不上，请对照收件凭证再看一遍；在别的站点交的，请到那个站点查。",
        )


@dataclass(slots=True)
class Guard:
    """Failures by number and by address, counted from the first try on."""

    by_number: Attempts | None = field(default=None)
    by_address: Attempts | None = field(default=None)

    def of(self, request: web.Request) -> tuple[Attempts, Attempts]:
        """Return the counters, made with the node's clock."""
        now = context_of(request).now
        self.by_number = self.by_number or Attempts(_PER_NUMBER, _WINDOW, now)
        self.by_address = self.by_address or Attempts(_PER_ADDRESS, _WINDOW, now)
        return self.by_number, self.by_address


async def ask(request: web.Request) -> web.StreamResponse:
    """Ask for number and code."""
    return show(request, ProgressView())


async def answer(guard: Guard, request: web.Request) -> web.StreamResponse:
    """Show where the case is, if number and code belong together."""
    form, (by_number, by_address) = posted(request), guard.of(request)
    address = request.remote or ""
    try:
        number = str(parse(form.text("number")))
        by_address.check(address)
        by_number.check(number)
        case = await _by_code(desk_of(request), number, plain(form.text("code")))
    except ReceiptNumberError as error:
        return _again(request, form, error.sentence)
    except TooManyTriesError as error:
        return _again(request, form, error.sentence, status=429)
    except NoSuchReceiptError as error:
        by_number.failed(number)
        by_address.failed(address)
        return _again(request, form, error.sentence)
    return await _shown(request, case)


async def by_token(request: web.Request) -> web.StreamResponse:
    """Show where the case of a receipt's QR is.

    Raises:
        HTTPNotFound: it is no receipt of a case here.
    """
    read = read_status(request.match_info["token"])
    if read is None:
        raise web.HTTPNotFound
    case_id, token = read
    try:
        case = await _load(desk_of(request), case_id)
    except UnknownCaseError as error:
        raise web.HTTPNotFound from error
    said = case.submitted or case.summary
    kept = said.token_digest if said else ""
    if not kept or not hmac.compare_digest(kept, token_digest(token)):
        raise web.HTTPNotFound
    return await _shown(request, case)


def _again(request: web.Request, form: Posted, sentence: str, *, status: int = _MENDABLE) -> web.Response:
    typed = {"number": form.text("number")}
    return show(request, ProgressView(Form(typed, (Finding("number", sentence),))), status=status)


async def _by_code(desk: Desk, number: str, code: str) -> Case:
    async def work(tx: Tx) -> Sequence[Case]:
        rows = await cases.by_number(tx, number)
        return [await book.load_what_stays(tx, UUID(row.case_id)) for row in rows]

    for case in await desk.vault.read(work):
        said = case.submitted or case.summary
        kept = said.query_digest if said else ""
        if kept and hmac.compare_digest(kept, query_digest(case.case_id, code)):
            return case
    raise NoSuchReceiptError


async def _load(desk: Desk, case_id: UUID) -> Case:
    return await desk.vault.read(lambda tx: book.load_what_stays(tx, case_id))


async def _shown(request: web.Request, case: Case) -> web.StreamResponse:
    if case.summary is not None:
        return show(request, _archived(case, case.summary))
    submitted = case.submitted
    if submitted is None:
        raise web.HTTPNotFound
    standing = await standing_of(office_of(request), desk_of(request), case)
    view = ProgressCaseView(
        number=grouped(submitted.number),
        item=standing.item.name,
        applicant=mask_name(submitted.application.applicant.name),
        received_on=case.received_on,
        steps=_told_apart(standing.steps),
        next=standing.next,
        missing=missing_now(case, standing.item),
    )
    return show(request, view)


def _archived(case: Case, summary: CaseSummary) -> ProgressCaseView:
    return ProgressCaseView(
        number=grouped(summary.number),
        item=summary.title,
        applicant=summary.applicant,
        received_on=summary.received_on,
        steps=archived_steps(case),
        next=Sentence("这个办件已归档到县里。要看材料或经过，请凭收件号向县政务服务中心查询。"),
    )


def _told_apart(steps: tuple[StepShown, ...]) -> tuple[StepShown, ...]:
    """Return the steps in the public's words: where a township stands between, the county begins the work."""
    if not any(step.key == "township" for step in steps):
        return steps
    return tuple(replace(step, public="开始办") if step.key == "county" else step for step in steps)
