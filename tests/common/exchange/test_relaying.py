"""What is carried unread leaves when every reader has it, and comes again for a peer that lacks it."""

import shutil
from pathlib import Path
from uuid import UUID

from common.casework import attachments, receive
from common.domain.application import BackEntry
from common.exchange.inventory import take_inventory
from common.exchange.offering import plan
from common.exchange.relaying import let_go_carried
from common.journal.receipt import read_receipt
from common.journal.statement import Statement
from common.store import entries, exchange_queries, journals, parcels
from common.store.engine import Tx
from tests.builders.archives import PICTURE, back_up
from tests.builders.cases import HUB, VILLAGE, application
from tests.builders.county import NEIGHBOUR, Box, County, county
from tests.builders.desks import HELPER


async def sensitive(land: County) -> UUID:
    """Take in what the township carries and cannot read, with a picture."""
    file = await attachments.keep_file(land.village.desk, PICTURE, "image/jpeg", "照片")
    form = application(item="YL-0002", back_entry=BackEntry("12", "2026-11-16 09:00", file))
    return (await receive.receive(land.village.desk, HELPER, form)).case_id


async def carried(box: Box) -> tuple[int, int]:
    """Return how many batches and files lie here that this box cannot read."""

    async def work(tx: Tx) -> list[str]:
        heads = [head for head in await journals.heads(tx) if head.audience == f"county:{VILLAGE.digits}"]
        found = [one for head in heads for one in await parcels.of_journal(tx, head.id, {"held", "opened"})]
        return [one.kind for one in found]

    kinds = await box.exchange.open.read(work)
    return kinds.count("batch"), kinds.count("attachment")


async def test_a_relay_keeps_what_it_carries_until_every_reader_has_it(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        await sensitive(land)
        await land.meet(land.village, land.township)
        assert await let_go_carried(land.township.exchange) == 0
        assert await carried(land.township) == (1, 1)
        await land.meet(land.township, land.hub)
        await land.meet(land.township, land.hub)
        await let_go_carried(land.township.exchange)
        assert (await carried(land.township))[1] == 1, (
            "no receipt speaks of files: they wait for the safe mark"
        )
        await back_up(land)
        await land.settle(2)
        await let_go_carried(land.township.exchange)
        assert await carried(land.township) == (0, 0)
        assert not list((land.township.folder / "parcels").iterdir())
        assert await let_go_carried(land.hub.exchange) == 0


async def test_what_was_let_go_comes_again_from_above_for_a_village_that_lacks_it(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        await land.village.close()
        shutil.copytree(land.village.folder, tmp_path / "yesterday")
        await land.village.open(land.township.exchange.network)
        case_id = await sensitive(land)
        await land.settle(2)
        await back_up(land)
        await land.settle(2)
        await let_go_carried(land.township.exchange)
        await land.village.close()
        shutil.rmtree(land.village.folder)
        shutil.move(tmp_path / "yesterday", land.village.folder)
        land.village.epoch = bytes(14) + b"\x02\x02"
        await land.village.open(land.township.exchange.network)
        await land.village.exchange.refresh()
        await land.settle(4)
        rows = await land.village.vault.read(lambda tx: entries.of_case(tx, str(case_id)))
        assert [row.kind for row in rows][:2] == ["submitted", "received"]
        assert [
            path.stat().st_size > len(PICTURE) for path in (land.village.folder / "parcels").iterdir()
        ] == [True]
        await land.settle(1)
        await let_go_carried(land.township.exchange)
        assert await carried(land.township) == (0, 0)


async def test_a_peer_may_ask_for_parcels_of_its_own_scope_only(tmp_path: Path) -> None:
    """A name is no secret: what lies here for another village is not offered on asking."""
    async with county(tmp_path, (VILLAGE, NEIGHBOUR)) as land:
        await land.settle(1)
        await sensitive(land)
        await land.settle(1)
        rows = await land.hub.exchange.open.read(lambda tx: parcels.in_state(tx, {"held", "opened"}))
        names = [row.name for row in rows]
        for asker, some in ((VILLAGE, True), (NEIGHBOUR, False)):
            mine = await take_inventory(land.hub.exchange, asker)
            offers = (await plan(land.hub.exchange, mine, mine.heads, names, 1000)).offers
            of_village = {head.digest for head in mine.rows.values() if VILLAGE.digits in head.audience}
            assert any(one.journal in of_village for one in offers) is some


async def test_the_hub_says_safe_of_what_a_backup_covers_and_of_its_own_journals_too(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        await sensitive(land)
        await land.settle(1)
        await land.settle(2)
        await back_up(land)
        await land.settle(2)
        given = await land.village.exchange.open.read(lambda tx: exchange_queries.receipts_by(tx, str(HUB)))
        said = [read_receipt(Statement.decode(row.statement)) for row in given.values()]
        by_writer = {one.journal.writer: one for one in said if one.journal.audience.text == "county:0417"}
        assert by_writer.keys() == {VILLAGE, HUB}
        assert all(one.safe_number == one.held_number > 1 for one in by_writer.values())
