"""A case walks from a village to the hub and back, over lines that die, by boxes that are locked."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from common.casework import accept, decide, hand_out, receive, review
from common.domain.application import MaterialGiven
from common.domain.bodies.facts import Outcome
from common.store import cases, entries, journals, parcels, receipts
from tests.builders.cases import HUB, TOWNSHIP, application
from tests.builders.county import Box, County, county
from tests.builders.desks import CHIEF, CLERK, HELPER

GIVEN = (MaterialGiven("m1", copies=1), MaterialGiven("m2", copies=1))
ORDINARY = application(item="YL-0001", materials=GIVEN)
SENSITIVE = application(item="YL-0002")


async def take_in(box: Box, what: object = ORDINARY) -> UUID:
    return (await receive.receive(box.desk, HELPER, what)).case_id  # type: ignore[arg-type]


async def row(box: Box, case_id: UUID) -> object:
    return await box.vault.read(lambda tx: cases.find(tx, str(case_id)))


async def test_a_case_walks_to_the_hub_and_its_receipts_come_back(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id = await take_in(land.village)
        one, two = await land.meet(land.village, land.township)
        assert one.finished
        assert two.finished, (one, two)
        at_township = await row(land.township, case_id)
        assert at_township is not None
        one, two = await land.meet(land.township, land.hub)
        assert one.finished
        at_hub = await row(land.hub, case_id)
        assert at_hub is not None


async def journal_rows(box: Box, writer: Box, prefix: str = "township") -> list[object]:
    rows = await box.exchange.open.read(lambda tx: journals.heads(tx, writer=str(writer.node)))
    return [one for one in rows if one.audience.startswith(prefix)]


async def test_everything_flows_and_then_there_is_silence(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        case_id = await take_in(land.village)
        await land.settle()
        await accept_and_decide(land, case_id)
        await land.settle()
        here = await row(land.village, case_id)
        assert here.state == "decided"  # type: ignore[attr-defined]
        await hand_out.hand_out(land.village.desk, HELPER, case_id, "本人")
        await land.settle()
        states = {(await row(box, case_id)).state for box in land.boxes.values()}  # type: ignore[attr-defined]
        assert states == {"closed"}
        for _ in range(2):
            quiet = [await land.meet(land.village, land.township), await land.meet(land.township, land.hub)]
        for reports in quiet:
            for report in reports:
                assert (report.received, report.receipts_in, report.receipts_out) == (0, 0, 0), report


async def accept_and_decide(land: County, case_id: UUID) -> None:
    await review.review(land.township.desk, CLERK, case_id, "属实", favourable=True)
    await land.settle(1)
    await accept.accept(land.hub.desk, CHIEF, case_id)
    await decide.decide(land.hub.desk, CHIEF, case_id, Outcome.GRANTED, "符合条件")
