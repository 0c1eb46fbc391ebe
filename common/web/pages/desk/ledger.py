"""办件: the ledger, searched and filtered, a page at a time."""

from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

from aiohttp import web

from common.casework.desk import Desk
from common.domain.course import STATE_NAMES, State
from common.domain.grants import Power
from common.domain.lateness import DEFAULT_THRESHOLDS, Light
from common.domain.receipt_number import ReceiptNumberError, grouped, parse
from common.store import ledger
from common.store.case_rows import CaseRow
from common.store.engine import Tx
from common.store.ledger import LedgerFilter
from common.web.context import signed_in
from common.web.office import Office, desk_of, office_of
from common.web.pages.desk.words import MARK_WORDS, due_words, state_word
from common.web.rendering import show
from common.web.views.casework import CaseLine, CasesView
from common.web.views.form import Choice, Form, Paging

ERASURES = "/desk/erasures"
_FIELDS = ("q", "state", "station", "light")
_LONGEST = 60
_MOST_PAGES = 10_000
_STATES = tuple(Choice(state, name) for state, name in STATE_NAMES.items())
_DAY = timedelta(days=1)


async def cases(request: web.Request) -> web.StreamResponse:
    """Show a page of the ledger."""
    office, desk = office_of(request), desk_of(request)
    asked = {name: request.query.get(name, "").strip()[:_LONGEST] for name in _FIELDS}
    chosen = {name: value for name, value in asked.items() if value}
    number, wanted = _page_number(request), wanted_of(chosen, desk)

    async def work(tx: Tx) -> tuple[int, tuple[CaseRow, ...], list[str]]:
        total = await ledger.count(tx, wanted)
        shown = await ledger.page(tx, wanted, skip=(number - 1) * ledger.PAGE)
        return total, shown.cases, await ledger.intake_nodes(tx)

    total, rows, nodes = await desk.vault.read(work)
    view = CasesView(
        cases=tuple(line(office, desk, row) for row in rows),
        form=Form(chosen),
        states=_STATES,
        stations=tuple(Choice(node, office.node_name(node)) for node in nodes) if len(nodes) > 1 else (),
        paging=Paging(number, max(1, -(-total // ledger.PAGE)), total, urlencode(chosen)),
        erasures=ERASURES if office.seat.node.is_hub and Power.ERASE in signed_in(request).powers else "",
    )
    return show(request, view)


def wanted_of(chosen: Mapping[str, str], desk: Desk) -> LedgerFilter:
    """Return the filter of the form's fields; a value that is none of ours filters nothing."""
    state, light = chosen.get("state", ""), chosen.get("light", "")
    today = desk.clock.today()
    late_until, warned_until = today - _DAY, _warned_until(desk, today)
    bounds = {Light.OVERDUE: (None, late_until), Light.WARNING: (today, warned_until)}
    due_from, due_until = bounds[Light(light)] if light in bounds else (None, None)
    return LedgerFilter(
        text=_searched(chosen.get("q", "")),
        states=(state,) if state in set(State) else (),
        intake_nodes=(chosen["station"],) if chosen.get("station") else (),
        due_from=due_from,
        due_until=due_until,
        open_only=bool(light),
    )


def line(office: Office, desk: Desk, row: CaseRow) -> CaseLine:
    """Return a case as one line of a list."""
    words, light = due_words(row.due_on, desk.clock.today(), desk.rules.calendar)
    return CaseLine(
        path=f"/desk/cases/{row.case_id}",
        number=grouped(row.number),
        item=row.title,
        applicant=row.applicant_masked,
        station=office.node_name(row.intake_node),
        state=state_word(row.state),
        received_on=row.received_on,
        due=words,
        light=light,
        marks=tuple(MARK_WORDS.get(mark, mark) for mark in row.marks),
    )


def _page_number(request: web.Request) -> int:
    typed = request.query.get("page", "1")
    good = typed.isascii() and typed.isdigit() and len(typed) <= 5  # noqa: PLR2004
    return min(max(1, int(typed)), _MOST_PAGES) if good else 1


def _searched(text: str) -> str:
    """Return the words to look for: a receipt number in any form as its digits."""
    try:
        return parse(text).digits
    except ReceiptNumberError:
        return text.replace("-", "") if text.replace("-", "").isdigit() else text


def _warned_until(desk: Desk, today: date) -> date:
    return desk.rules.calendar.guess_workdays(today, DEFAULT_THRESHOLDS.warning)
