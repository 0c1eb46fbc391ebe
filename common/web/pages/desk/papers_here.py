"""A case's papers: made from its facts whenever asked for, or kept as they were issued."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from aiohttp import web

from common.domain.case import Case
from common.domain.routing import Seat
from common.papers.from_case import acceptance_of, non_acceptance_of, notice_of, receipt_of
from common.papers.models import Paper
from common.papers.rendering import render
from common.web.pages.desk.opened import Opened, open_case
from common.web.pages.documents import document, send_file
from common.web.views.casework import PaperLine

_PAPER_WORDS = {"decision": "决定书"}


@dataclass(frozen=True, slots=True)
class Made:
    """A paper made from facts: its word, its day, the fact it comes from, and how it is made."""

    word: str
    kind: str
    day: Callable[[Case], date | None]
    make: Callable[[Opened, Seat], Paper]


def _receipt(seen: Opened, seat: Seat) -> Paper:
    return receipt_of(seen.standing.case, seen.standing.item, seat, seen.desk.clock.reading)


def _notice(seen: Opened, seat: Seat) -> Paper:
    return notice_of(seen.standing.case, seen.standing.item, seat)


def _acceptance(seen: Opened, seat: Seat) -> Paper:
    return acceptance_of(seen.standing.case, seen.standing.item, seat, seen.desk.rules.calendar)


def _non_acceptance(seen: Opened, seat: Seat) -> Paper:
    return non_acceptance_of(seen.standing.case, seen.standing.item, seat)


_MADE: dict[str, Made] = {
    "receipt": Made("收件凭证", "submitted", lambda case: case.received_on, _receipt),
    "notice": Made(
        "一次性告知书", "notice_given", lambda case: case.noticed_on if case.notice else None, _notice
    ),
    "non-acceptance": Made(
        "不予受理通知书",
        "refused_to_accept",
        lambda case: case.refusal.on if case.refusal else None,
        _non_acceptance,
    ),
    "acceptance": Made("受理通知书", "accepted", lambda case: case.accepted_on, _acceptance),
}


def papers_here(seen: Opened) -> tuple[PaperLine, ...]:
    """Return every paper there is now."""
    case = seen.standing.case
    made = [
        PaperLine(_word(case, key, one), "", one.day(case), f"{seen.path}/papers/{key}")
        for key, one in _MADE.items()
        if one.day(case) is not None
    ]
    issued = [
        PaperLine(_PAPER_WORDS.get(paper.paper, "文书"), paper.number, paper.on, f"{seen.path}/papers/{at}")
        for at, paper in enumerate(case.papers)
    ]
    return (*made, *issued)


def _word(case: Case, key: str, made: Made) -> str:
    lawful = case.submitted is not None and case.submitted.lawful_receiver
    return "代办登记单" if key == "receipt" and not lawful else made.word


async def made_paper(request: web.Request) -> web.StreamResponse:
    """Make a paper from the case's facts; a receipt made again bears neither query code nor QR.

    Raises:
        HTTPNotFound: the case has no such paper (yet).
    """
    seen, key = await open_case(request), request.match_info["paper"]
    made = _MADE.get(key)
    if made is None or made.day(seen.standing.case) is None:
        raise web.HTTPNotFound
    paper = made.make(seen, _issuer(seen, made.kind))
    return document(await asyncio.to_thread(render, paper), key)


async def issued_paper(request: web.Request) -> web.StreamResponse:
    """Give a paper as it was issued.

    Raises:
        HTTPNotFound: the case has no such paper.
    """
    seen, at = await open_case(request), int(request.match_info["at"])
    papers = seen.standing.case.papers
    if at >= len(papers):
        raise web.HTTPNotFound
    return await send_file(request, seen.desk, papers[at].file, f"paper-{at + 1}")


def _issuer(seen: Opened, kind: str) -> Seat:
    """Return the seat whose name stands on the paper: the node that wrote the fact it tells."""
    writer = next((step.node for step in seen.standing.case.steps if step.kind == kind), None)
    return replace(seen.desk.seat, name=seen.node_name(writer) or seen.desk.seat.name)
