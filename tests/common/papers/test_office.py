"""Papers from facts: every paper of a case, made where it is given, with its fact only once it is kept."""

from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from common.casework import accept, attachments, decide, notice, receive
from common.casework.book import load
from common.casework.desk import Desk
from common.casework.errors import NotPossibleError
from common.domain.application import MaterialGiven
from common.domain.bodies.facts import MissingThing, Outcome
from common.domain.case import Case
from common.domain.course import State
from common.domain.grants import NotAllowedError
from common.domain.identifiers import new_id
from common.domain.node import NodeId
from common.papers.from_case import acceptance_of, decision_of, non_acceptance_of, notice_of, receipt_of
from common.papers.office import issue_decision, series_of
from common.papers.rendering import render
from tests.builders.cases import HUB, NOON, TOWNSHIP, VILLAGE, application
from tests.builders.desks import CHIEF, CLERK, REVIEWER, open_desk, seat_of, with_catalogue

LACKING = application(item="YL-0001", materials=(MaterialGiven("m1", copies=1),), insisted=True)


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = await with_catalogue(await open_desk(tmp_path, HUB))
    yield desk
    await desk.vault.close()


def text_of(document: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)


async def test_a_receipt_says_what_was_handed_in_and_what_is_missing(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, LACKING)
    case = await hub.vault.read(lambda tx: load(tx, taken.case_id))
    item = hub.rules.in_force(hub.clock.today())["YL-0001"]
    paper = receipt_of(case, item, hub.seat, hub.clock.reading, query_code=taken.query_code)
    assert [one.name for one in paper.materials] == ["残疾人证"]
    assert [one.name for one in paper.missing] == ["户口簿"]
    words = text_of(render(paper))
    assert str(taken.number) in words
    assert taken.query_code in words.replace(" ", "")
    assert "王桂芳" not in words


async def test_notice_and_acceptance_come_from_the_facts(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, LACKING)
    item = hub.rules.in_force(hub.clock.today())["YL-0001"]
    case = await notice.give_notice(
        hub, REVIEWER, taken.case_id, (MissingThing("m2", "户口簿", "村里可代取"),)
    )
    assert notice_of(case, item, hub.seat).missing[0].how == "村里可代取"
    third = await receive.receive(hub, CLERK, LACKING)
    refused = await notice.refuse_to_accept(hub, REVIEWER, third.case_id, "户籍不在本县", "容城县民政局")
    words = text_of(render(non_acceptance_of(refused, item, hub.seat)))
    for said in ("不予受理", "户籍不在本县", "容城县民政局", "行政复议"):
        assert said in words, "why, whom to turn to, and what can be done about it"
    second = await receive.receive(hub, CLERK, LACKING)
    accepted = await accept.accept(hub, REVIEWER, second.case_id)
    paper = acceptance_of(accepted, item, hub.seat, hub.rules.calendar)
    assert paper.promised is not None
    assert str(paper.promised.day) == "2026-11-20"
    assert "受理" in text_of(render(paper))


async def test_a_decision_is_kept_numbered_and_named_by_its_fact(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, LACKING)
    await accept.accept(hub, REVIEWER, taken.case_id)
    with pytest.raises(NotPossibleError):
        await issue_decision(hub, CHIEF, taken.case_id)
    await decide.decide(hub, CHIEF, taken.case_id, Outcome.REFUSED, "不符合条件\n户籍不在本县")
    with pytest.raises(NotAllowedError):
        await issue_decision(hub, replace(CHIEF, grants=()), taken.case_id)
    case = await issue_decision(hub, CHIEF, taken.case_id)
    assert case.state is State.PAPER_MADE
    kept = await attachments.read_file(hub, case.papers[0].file)
    words = text_of(kept)
    assert "复议" in words
    assert "王桂芳" in words
    assert case.papers[0].number.startswith("雄县政务〔2026〕0001")
    assert case.papers[0].number.endswith("-1号")


@pytest.mark.parametrize(
    ("node", "series"),
    [(HUB, "雄县政务"), (TOWNSHIP, "雄县雄州镇政务"), (VILLAGE, "雄县雄州镇坛台村民委员会政务")],
)
def test_a_series_is_named_after_the_place_not_the_office(node: NodeId, series: str) -> None:
    assert series_of(seat_of(node)) == series


def test_a_paper_without_its_fact_cannot_be_made(hub: Desk) -> None:
    case = Case(new_id(NOON, bytes(10)))
    item = next(iter(hub.rules.versions.values()))
    for make in (
        lambda: receipt_of(case, item, hub.seat, hub.clock.reading),
        lambda: notice_of(case, item, hub.seat),
        lambda: non_acceptance_of(case, item, hub.seat),
        lambda: acceptance_of(case, item, hub.seat, hub.rules.calendar),
        lambda: decision_of(case, item, hub.seat, "1"),
    ):
        with pytest.raises(ValueError, match=r"was|submission"):
            make()
