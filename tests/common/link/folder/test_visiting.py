"""A stick among a village, a township and the hub: what is taken in, written, told and removed."""

from pathlib import Path
from uuid import UUID

from common.casework import receive
from common.exchange import where
from common.link.folder.report import FolderReport
from common.link.folder.visiting import visit
from common.store import cases
from common.store.case_rows import CaseRow
from tests.builders.cases import HUB, application
from tests.builders.county import Box, county
from tests.builders.desks import HELPER

SENSITIVE = application(item="YL-0002")


async def go(box: Box, stick: Path) -> FolderReport:
    stick.mkdir(exist_ok=True)
    return await visit(box.exchange, stick)


async def row(box: Box, case_id: UUID) -> CaseRow | None:
    return await box.vault.read(lambda tx: cases.find(tx, str(case_id)))


async def test_a_case_goes_to_the_hub_by_stick_and_its_receipt_comes_back(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await go(land.hub, stick)
        await go(land.village, stick)
        taken = await receive.receive(land.village.desk, HELPER, SENSITIVE)
        up = await go(land.village, stick)
        assert up.for_whom[HUB] >= 1
        there = await go(land.hub, stick)
        assert there.batches_in >= 1
        assert await row(land.hub, taken.case_id) is not None
        (told,) = (await where.whereabouts(land.village.exchange, [taken.case_id])).values()
        assert not told[1].applied, "nobody is told before the receipt is here"
        home = await go(land.village, stick)
        assert home.receipts_in >= 1
        (told,) = (await where.whereabouts(land.village.exchange, [taken.case_id])).values()
        assert told[1].applied
