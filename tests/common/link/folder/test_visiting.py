"""A stick among a village, a township and the hub: what is taken in, written, told and removed."""

import asyncio
import os
import shutil
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest

from common.casework import accept, receive
from common.crypto.enrolment import introduce
from common.crypto.root import CountyRoot
from common.domain.node import NodeId
from common.exchange import where
from common.exchange.sealing import seal_due
from common.journal.taking_in import Reason
from common.link.folder import walking
from common.link.folder.errors import FolderError, NoFolderError, OtherCountyError
from common.link.folder.report import FolderReport
from common.link.folder.visiting import visit
from common.store import cases, entries, parcels
from common.store.case_rows import CaseRow
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE, application
from tests.builders.county import NEIGHBOUR, Box, county
from tests.builders.desks import CHIEF, HELPER
from tests.common.exchange.test_parcels import runs_of, take_in_with_picture

SENSITIVE = application(item="YL-0002")
ORDINARY = application(item="YL-0001", insisted=True)


async def go(box: Box, stick: Path) -> FolderReport:
    await asyncio.to_thread(stick.mkdir, exist_ok=True)
    return await visit(box.exchange, stick)


async def take_in(box: Box, what: object = ORDINARY) -> UUID:
    return (await receive.receive(box.desk, HELPER, what)).case_id  # type: ignore[arg-type]


async def row(box: Box, case_id: UUID | str) -> CaseRow | None:
    return await box.vault.read(lambda tx: cases.find(tx, str(case_id)))


def files(stick: Path, ending: str) -> list[Path]:
    return sorted(path for path in stick.rglob(f"*{ending}"))


def seen(stick: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in stick.rglob("*") if path.is_file()}


async def applied_at_the_county(box: Box, case_id: UUID) -> bool:
    (told,) = (await where.whereabouts(box.exchange, [case_id])).values()
    return told[1].applied


async def test_a_case_goes_to_the_hub_by_stick_and_is_told_so_only_by_its_receipt(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await go(land.hub, stick)
        await go(land.village, stick)
        case_id = await take_in(land.village, SENSITIVE)
        up = await go(land.village, stick)
        assert up.for_whom[HUB] == 1
        there = await go(land.hub, stick)
        assert there.batches_in == 1
        assert await row(land.hub, case_id) is not None
        assert not await applied_at_the_county(land.village, case_id), "told before the receipt is here"
        home = await go(land.village, stick)
        assert home.receipts_in >= 1
        assert await applied_at_the_county(land.village, case_id)


async def test_a_fresh_stick_brings_a_case_up_though_the_hub_never_saw_it(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id = await take_in(land.village, SENSITIVE)
        up = await go(land.village, tmp_path / "stick")
        assert up.for_whom[HUB] == 1
        assert up.batches_out == 1, "what the hub's receipts say it holds is not written again"
        await go(land.hub, tmp_path / "stick")
        assert await row(land.hub, case_id) is not None


async def test_an_unseen_node_is_not_brought_its_own_words(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id = await take_in(land.village, SENSITIVE)
        await land.settle(1)
        await accept.accept(land.hub.desk, CHIEF, case_id)
        await land.settle(1)
        assert (await go(land.village, tmp_path / "stick")).batches_out == 0


async def test_an_unseen_writer_is_not_counted_among_those_who_lack_its_own(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        await take_in(land.village)
        await land.meet(land.village, land.township)
        town = await go(land.township, tmp_path / "stick")
        assert town.for_whom == {HUB: 2, VILLAGE: 1}, "the township's own entry is all the village lacks"


async def test_a_writer_that_lost_its_own_entries_gets_them_back_by_stick(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        village = land.village
        await village.close()
        shutil.copytree(village.folder, tmp_path / "yesterday")
        await village.open(village.exchange.network)
        await take_in(village, SENSITIVE)
        await land.settle(1)
        await village.close()
        shutil.rmtree(village.folder)
        shutil.copytree(tmp_path / "yesterday", village.folder)
        await village.open(village.exchange.network)
        await go(village, stick)
        back = await go(land.hub, stick)
        assert back.for_whom[VILLAGE] >= 1
        home = await go(village, stick)
        assert home.batches_in >= 1
        assert home.rolled_back


async def test_a_second_visit_with_nothing_new_writes_nothing(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        await take_in(land.village, SENSITIVE)
        for box in (land.village, land.hub, land.village, land.hub, land.village, land.hub):
            await go(box, stick)
        before = await asyncio.to_thread(seen, stick)
        for box in (land.village, land.hub):
            again = await go(box, stick)
            assert not again.changed_folder
            assert not again.parcels_in + again.receipts_in
        assert await asyncio.to_thread(seen, stick) == before


async def test_a_township_takes_what_it_cannot_read_from_stick_to_line_and_back(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id = await take_in(land.village, SENSITIVE)
        await go(land.village, stick)
        await go(land.township, stick)
        await land.meet(land.township, land.hub)
        assert await row(land.hub, case_id) is not None
        assert await row(land.township, case_id) is None, "it carried what it cannot read"
        await go(land.township, stick)
        home = await go(land.village, stick)
        assert home.receipts_in
        assert await applied_at_the_county(land.village, case_id)


async def test_several_villages_share_a_stick_and_none_takes_what_is_not_for_it(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path, (VILLAGE, NEIGHBOUR)) as land:
        neighbour = land.boxes[NEIGHBOUR]
        await go(land.hub, stick)
        await go(land.village, stick)
        await go(neighbour, stick)
        ours, theirs = await take_in(land.village), await take_in(neighbour, SENSITIVE)
        await go(land.village, stick)
        beside = await go(neighbour, stick)
        assert beside.batches_in == 0
        there = await go(land.hub, stick)
        assert there.batches_in == 2
        assert await row(land.hub, ours) is not None
        assert await row(land.hub, theirs) is not None
        assert await row(land.village, theirs) is None


async def test_a_picture_travels_by_stick_and_only_where_its_batch_is_held(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id, _ = await take_in_with_picture(land.village, 500_000)
        up = await go(land.village, stick)
        assert up.attachments_out == 1
        there = await go(land.hub, stick)
        assert (there.batches_in, there.attachments_in) == (1, 1)
        assert await row(land.hub, case_id) is not None


async def test_what_every_reader_holds_is_removed_and_nothing_before(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        await take_in_with_picture(land.village, 200_000)
        await go(land.village, stick)
        folder = stick / "JIUJIN" / "parcels" / "township-0101-0417"
        ours = [*files(folder, ".jjb"), *files(folder, ".jja")]
        assert len(ours) == 2
        hub = await go(land.hub, stick)
        assert hub.removed == 0, "the township, a reader, has it not"
        town = await go(land.township, stick)
        assert town.removed == 2, "the hub by its word, and now the township itself"
        assert not [path for path in ours if path.exists()]
        assert await asyncio.to_thread(files, stick, ".tmp") == []


async def test_an_attachment_stays_while_a_reader_asks_for_it(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        await take_in_with_picture(land.village, 200_000)
        await go(land.village, stick)
        (picture,) = files(stick, ".jja")
        kept = picture.read_bytes()
        for box in (land.hub, land.township):
            await asyncio.to_thread(picture.unlink, missing_ok=True)
            await go(box, stick)  # it takes the batch, and its word asks for the picture
        await asyncio.to_thread(picture.write_bytes, kept)
        await go(land.village, stick)
        assert picture.exists()
        for box in (land.hub, land.township, land.village, land.hub, land.village):
            await go(box, stick)
        assert not picture.exists()


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "longer"])
async def test_a_spoilt_parcel_is_told_set_aside_and_written_again(tmp_path: Path, damage: str) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id, _ = await take_in_with_picture(land.village, 200_000)
        await go(land.village, stick)
        (parcel,) = files(stick, ".jjb")
        (picture,) = files(stick, ".jja")
        for path in (parcel, picture):
            data = path.read_bytes()
            flipped = data[:-1] + bytes([data[-1] ^ 1])
            path.write_bytes(
                {"cut": data[:-9], "flipped": flipped, "emptied": b"", "longer": data + b"\0"}[damage]
            )
        there = await go(land.hub, stick)
        assert there.batches_in == 0
        assert there.spoilt == 1
        assert parcel.with_name(f"{parcel.name}.bad").exists()
        await go(land.village, stick)
        there = await go(land.hub, stick)
        assert there.batches_in == 1
        await go(land.village, stick)
        await go(land.hub, stick)
        assert await row(land.hub, case_id) is not None
        for box in (land.township, land.hub, land.village, land.hub, land.village):
            await go(box, stick)
        assert land.hub.exchange.files.has(bytes.fromhex(picture.stem))
        assert await asyncio.to_thread(files, stick, ".bad") == [], "gone with the parcel"


async def test_a_parcel_in_anothers_folder_is_set_aside(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path, (VILLAGE, NEIGHBOUR)) as land:
        await land.settle(1)
        await take_in(land.boxes[NEIGHBOUR], SENSITIVE)
        await go(land.boxes[NEIGHBOUR], stick)
        (parcel,) = files(stick, ".jjb")
        wrong = parcel.parents[1] / "county-0417"
        wrong.mkdir()
        shutil.copy(parcel, wrong)
        report = await go(land.village, stick)
        assert (report.spoilt, report.batches_in) == (1, 0)
        assert (wrong / f"{parcel.name}.bad").exists()


async def test_a_stick_of_another_county_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        (tmp_path / "other").mkdir()
        async with county(tmp_path / "other") as other:
            await go(other.hub, stick)
        before = await asyncio.to_thread(seen, stick)
        with pytest.raises(OtherCountyError, match="another county") as refused:
            await go(land.village, stick)
        assert "130638" in refused.value.sentence
        assert await asyncio.to_thread(seen, stick) == before


async def test_an_invented_introduction_is_set_aside_and_ours_written(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await go(land.hub, stick)
        shown = stick / "JIUJIN" / "county.jji"
        ours = shown.read_bytes()
        await asyncio.to_thread(
            shown.write_bytes, introduce(CountyRoot.create().public(), land.certificates[HUB])
        )
        await go(land.village, stick)
        assert shown.read_bytes() == ours


async def test_a_strangers_files_are_passed_over_and_nothing_changes(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        await take_in(land.village, SENSITIVE)
        await go(land.village, stick)
        top = stick / "JIUJIN"
        stranger = tmp_path / "stranger"
        stranger.write_bytes(b"something of this machine")
        public = top / "parcels" / "public"
        public.mkdir(exist_ok=True)
        name = "ab" * 32
        (public / f"{name}.jjb").symlink_to(stranger)
        (public / f"{'cd' * 32}.jjb").mkdir()
        os.mkfifo(public / f"{'ef' * 32}.jjb")
        (public / "holiday.jpg").write_bytes(b"\xff\xd8")
        (top / "nodes" / f"{TOWNSHIP}.jjw").symlink_to(stranger)
        (top / "nodes" / "130638-9999.jjw").write_bytes(b"JJW1 not a word")
        (top / "parcels" / "county-0999").symlink_to(tmp_path)
        report = await go(land.hub, stick)
        assert report.passed_over["no_file"] == 4
        assert report.passed_over["bad_word"] == 1
        assert report.batches_in == 1
        assert stranger.read_bytes() == b"something of this machine"
        assert (public / "holiday.jpg").exists()


@pytest.mark.parametrize("name", ["JIUJIN", "JIUJIN/parcels", "JIUJIN/nodes"])
async def test_a_folder_that_is_a_link_leads_nowhere(tmp_path: Path, name: str) -> None:
    stick, elsewhere = tmp_path / "stick", tmp_path / "elsewhere"
    async with county(tmp_path) as land:
        await land.settle(1)
        await take_in(land.village, SENSITIVE)
        elsewhere.mkdir()
        (stick / name).parent.mkdir(parents=True)
        (stick / name).symlink_to(elsewhere)
        with suppress(FolderError):
            await go(land.village, stick)
        assert list(elsewhere.iterdir()) == []


async def test_no_folder_is_said_in_a_sentence(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        with pytest.raises(NoFolderError):
            await visit(land.village.exchange, tmp_path / "not there")


async def test_a_locked_village_delivers_and_takes_in_by_stick_and_reads_nothing(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id = await take_in(land.village, SENSITIVE)
        await seal_due(land.village.exchange)
        land.village.lock()
        up = await go(land.village, stick)
        assert up.spoke
        there = await go(land.hub, stick)
        assert VILLAGE in there.words, "its receipt key signs its word"
        assert await row(land.hub, case_id) is not None
        home = await go(land.village, stick)
        assert home.receipts_in


async def test_more_files_than_a_visit_looks_at_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await go(land.hub, stick)
        public = stick / "JIUJIN" / "parcels" / "public"
        for number in range(1_200):
            (public / f"junk {number}").touch()
        monkeypatch.setattr(walking.Walk.__init__, "__defaults__", (1_000,))
        report = await go(land.village, stick)
        assert report.too_many


async def test_an_older_copy_of_the_stick_changes_nothing_that_should_not(tmp_path: Path) -> None:
    stick, older = tmp_path / "stick", tmp_path / "older"
    async with county(tmp_path) as land:
        await land.settle(1)
        await go(land.hub, stick)
        first = await take_in(land.village, SENSITIVE)
        await go(land.village, stick)
        shutil.copytree(stick, older)
        second = await take_in(land.village, SENSITIVE)
        for box in (land.village, land.hub, land.village):
            await go(box, stick)
        for box in (land.hub, land.village):
            report = await go(box, older)
            assert report.batches_in == 0
            assert not report.rolled_back
        for case_id in (first, second):
            assert await row(land.hub, case_id) is not None
            assert await applied_at_the_county(land.village, case_id)


async def test_a_box_put_back_to_yesterday_finds_its_own_word_and_writes_nothing_under_its_old_epoch(
    tmp_path: Path,
) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        await go(land.village, stick)
        village = land.village
        await village.close()
        shutil.copytree(village.folder, tmp_path / "yesterday")
        await village.open(village.exchange.network)
        await take_in(village, SENSITIVE)
        await go(village, stick)
        await village.close()
        shutil.rmtree(village.folder)
        shutil.copytree(tmp_path / "yesterday", village.folder)
        await village.open(village.exchange.network)
        word = stick / "JIUJIN" / "nodes" / f"{VILLAGE}.jjw"
        before = word.read_bytes()
        await asyncio.to_thread(shutil.rmtree, stick / "JIUJIN" / "parcels")  # its word alone is the witness
        report = await go(village, stick)
        assert report.rolled_back
        assert not report.changed_folder
        assert word.read_bytes() == before, "the witness is kept"


async def test_what_a_restored_node_lost_comes_back_after_its_own_word(tmp_path: Path) -> None:
    """Receipts of an epoch before stand for nothing once the node has spoken."""
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        hub = land.hub
        await hub.close()
        shutil.copytree(hub.folder, tmp_path / "yesterday")
        await hub.open(hub.exchange.network)
        case_id = await take_in(land.village, SENSITIVE)
        await land.settle(1)
        await hub.close()
        shutil.rmtree(hub.folder)
        shutil.copytree(tmp_path / "yesterday", hub.folder)
        await hub.open(hub.exchange.network)
        first = await go(land.village, stick)
        assert first.batches_out == 0, "by its receipts the hub has everything"
        await go(hub, stick)
        await go(land.village, stick)
        there = await go(hub, stick)
        assert there.batches_in == 1, "by its word it has not"
        assert await row(hub, case_id) is not None


async def test_what_a_revoked_node_left_on_a_stick_is_kept_apart(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        await take_in(land.village, SENSITIVE)
        await go(land.village, stick)
        await land.revoke(VILLAGE)
        report = await go(land.hub, stick)
        assert report.refused == {Reason.REVOKED: 1}
        assert report.passed_over["revoked_node"] == 1
        apart = await land.hub.exchange.open.read(lambda tx: parcels.in_state(tx, {"quarantined"}))
        assert len(apart) == 1


async def test_a_node_not_known_yet_becomes_known_by_the_same_stick(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path, strangers=(NEIGHBOUR,)) as land:
        await land.settle(1)
        await take_in(land.boxes[NEIGHBOUR], ORDINARY)
        await go(land.boxes[NEIGHBOUR], stick)
        before = await go(land.township, stick)
        assert before.batches_in == 0
        await land.certify(NEIGHBOUR)
        await go(land.hub, stick)
        after = await go(land.township, stick)
        assert after.batches_in == 2, "its certificate, and then its case"


async def test_the_same_case_by_stick_and_line_at_once_is_one_case(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id, _ = await take_in_with_picture(land.village, 900_000)
        await go(land.village, stick)
        await land.meet(land.village, land.township)
        await asyncio.gather(land.meet(land.township, land.hub), go(land.hub, stick))
        assert await row(land.hub, case_id) is not None
        held = await land.hub.exchange.open.read(lambda tx: parcels.in_state(tx, {"refused", "quarantined"}))
        assert held == []
        (picture,) = files(stick, ".jja")
        assert land.hub.exchange.files.has(bytes.fromhex(picture.stem))


async def test_batches_out_of_order_wait_for_the_gap(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        await runs_of(land.village, 3)
        await go(land.village, stick)
        folder = stick / "JIUJIN" / "parcels" / "township-0101-0417"
        first, *_ = sorted(files(folder, ".jjb"), key=lambda path: path.stat().st_mtime_ns)
        first.rename(tmp_path / first.name)
        report = await go(land.hub, stick)
        assert report.applied is not None
        shutil.move(tmp_path / first.name, first)
        await go(land.hub, stick)
        assert len(await land.hub.vault.read(entries.case_ids)) == 3


async def test_the_label_names_node_numbers_and_nobody(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path) as land:
        await land.settle(1)
        await take_in(land.village, SENSITIVE)
        for box in (land.hub, land.village):
            await go(box, stick)
        label = (stick / "JIUJIN" / "说明.txt").read_text(encoding="utf-8-sig")
        assert str(VILLAGE) in label
        assert str(HUB) in label
        assert not any(str(NodeId.of("130638", number)) in label for number in (2, 3))
        everything = b"".join((await asyncio.to_thread(seen, stick)).values())
        names = [str(path.relative_to(stick)) for path in stick.rglob("*")]
        for word in ("王", "11010519491231002X", "13800001234"):
            assert word.encode() not in everything
            assert not any(word in name for name in names)


async def test_names_on_the_stick_are_ones_every_file_system_takes(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with county(tmp_path, (VILLAGE, NEIGHBOUR)) as land:
        await land.settle(1)
        await take_in_with_picture(land.village, 100_000)
        for box in (land.hub, land.village, land.boxes[NEIGHBOUR], land.township):
            await go(box, stick)
        names = [path.name for path in stick.rglob("*") if path.name != "说明.txt"]
        assert all(name.isascii() and not set(name) & set('\\/:*?"<>|') for name in names)
        assert all(name == "JIUJIN" or name == name.lower() for name in names)
