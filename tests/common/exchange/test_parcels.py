"""Attachments, gaps, forks, new nodes, quotas: what travels beside the plain run of a journal."""

from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from common.casework import attachments, receive, writing
from common.casework.desk import Desk
from common.domain.application import MaterialGiven
from common.domain.audience import Audience
from common.domain.entries import EntryClass
from common.domain.identifiers import new_id
from common.domain.kinds import ASIDE
from common.domain.node import NodeId
from common.exchange.applying import apply_held
from common.exchange.checkpoints import make_checkpoint
from common.exchange.exchange import Quotas
from common.exchange.intake import take_in
from common.exchange.network import Network
from common.exchange.opening import entry_row
from common.exchange.scope import audiences, in_scope
from common.exchange.sealing import seal_due
from common.journal.body import encode_body
from common.journal.chain import StoredEntry, write_entry
from common.journal.citation import Citation, to_body
from common.journal.entry import EntryHeader
from common.journal.ids import JournalId
from common.journal.taking_in import Accept, Duplicate, Fork, Hold, Reason, Refuse
from common.store import cases, entries, journals, parcels, receipts, settings
from common.store.engine import Tx
from common.sync.reasons import LaterReason
from tests.builders.cases import HUB, NOON, TOWNSHIP, VILLAGE, application
from tests.builders.county import NEIGHBOUR, Box, County, county
from tests.builders.desks import HELPER


def picture(size: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + Random(size).randbytes(size)


async def take_in_with_picture(box: Box, size: int) -> tuple[str, object]:
    file = await attachments.keep_file(box.desk, picture(size), "image/png", "残疾人证")
    given = (MaterialGiven("m1", files=(file,)), MaterialGiven("m2", copies=1))
    taken = await receive.receive(box.desk, HELPER, application(item="YL-0001", materials=given))
    return str(taken.case_id), file


async def test_a_picture_travels_with_its_case_and_resumes_where_the_line_was_cut(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id, file = await take_in_with_picture(land.village, 500_000)
        one, _ = await land.meet(land.village, land.township, dies_after=300_000)
        assert not one.finished
        one, two = await land.meet(land.village, land.township)
        assert two.received < 400_000, "what had landed was not sent again"
        await land.meet(land.township, land.hub)
        for box in (land.township, land.hub):
            assert await attachments.read_file(box.desk, file) == picture(500_000)  # type: ignore[arg-type]
            assert await box.vault.read(lambda tx: cases.find(tx, case_id)) is not None


async def test_a_picture_too_large_waits_and_its_case_does_not(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        land.township.exchange.quotas = Quotas(attachment=100_000)
        case_id, file = await take_in_with_picture(land.village, 200_000)
        one, two = await land.meet(land.village, land.township)
        assert (one.declined, two.put_off) == ([LaterReason.TOO_LARGE], [LaterReason.TOO_LARGE])
        assert await land.township.vault.read(lambda tx: cases.find(tx, case_id)) is not None
        land.township.exchange.quotas = Quotas()
        await land.meet(land.village, land.township)
        assert await attachments.read_file(land.township.desk, file) == picture(200_000)  # type: ignore[arg-type]


async def runs_of(box: Box, count: int) -> list[bytes]:
    """Seal ``count`` cases of the village, each into its own batch, and return the batches in order."""
    for _ in range(count):
        await receive.receive(
            box.desk,
            HELPER,
            application(item="YL-0001", materials=(MaterialGiven("m1", 1), MaterialGiven("m2", 1))),
        )
        await seal_due(box.exchange)
    rows = await box.exchange.open.read(lambda tx: parcels.in_state(tx, {"opened"}, "batch"))
    own = [one for one in rows if one.journal_id == rows[-1].journal_id]
    own.sort(key=lambda one: one.first_number)
    found = [await box.exchange.open.read(lambda tx, at=one.name: parcels.content(tx, at)) for one in own]  # type: ignore[misc]
    return [data for data in found if data is not None]


async def test_what_lies_beyond_a_gap_is_held_and_joins_when_the_gap_closes(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        first, second, third = await runs_of(land.village, 3)
        hub = land.hub.exchange
        assert isinstance(await take_in(hub, third), Hold)
        assert (await apply_held(hub)).entries == 0
        assert isinstance(await take_in(hub, first), Accept)
        assert isinstance(await take_in(hub, second), Accept)
        assert isinstance(await take_in(hub, third), Duplicate)
        assert len((await apply_held(hub)).cases) == 3


async def test_two_boxes_under_one_name_are_a_fork_and_both_branches_are_kept(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        twin = await twin_of(land, tmp_path_factory.mktemp("twin"))
        (ours,), (theirs,) = await runs_of(land.village, 1), await runs_of(twin, 1)
        assert isinstance(await take_in(land.hub.exchange, ours), Accept)
        verdict = await take_in(land.hub.exchange, theirs)
        assert isinstance(verdict, Fork)
        kept = await land.hub.exchange.open.read(lambda tx: parcels.in_state(tx, {"quarantined"}))
        assert [one.reason for one in kept] == ["fork"]
        stopped = await land.hub.exchange.open.read(lambda tx: journals.heads(tx, state="quarantined"))
        assert [one.writer for one in stopped] == [str(VILLAGE)]
        await twin.close()


async def twin_of(land: County, folder: Path) -> Box:
    """Clone the village's disk."""
    await land.village.close()
    for path in land.village.folder.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    await land.village.open(land.village.exchange.network)
    village = land.village
    twin = Box(folder, village.seat, village.epoch, village.keys, village.clock, vault_key=village.vault_key)
    await twin.open(village.exchange.network)
    return twin


async def test_a_new_village_is_known_by_public_and_its_first_case_passes(tmp_path: Path) -> None:
    async with county(tmp_path, strangers=[NEIGHBOUR]) as land:
        neighbour = land.boxes[NEIGHBOUR]
        neighbour.desk.rules = land.hub.desk.rules
        (batch,) = await runs_of(neighbour, 1)
        verdict = await take_in(land.township.exchange, batch)
        assert isinstance(verdict, Refuse)
        assert verdict.reason is Reason.SIGNER_UNKNOWN
        await land.certify(NEIGHBOUR)
        await land.meet(land.township, land.hub)
        assert land.township.exchange.network.current(NEIGHBOUR) is not None
        _, upper = await land.meet(neighbour, land.township)
        assert not upper.refused
        await land.meet(land.township, land.hub)
        (held,) = await land.hub.vault.read(lambda tx: journals.heads(tx, writer=str(NEIGHBOUR)))
        assert held.applied_number == held.held_number > 0


async def test_a_full_township_says_later_and_takes_it_when_there_is_room(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        land.township.exchange.quotas = Quotas(parcels=1)
        await runs_of(land.village, 1)
        one, _ = await land.meet(land.village, land.township)
        assert one.finished
        assert set(one.declined) == {LaterReason.QUOTA}
        land.township.exchange.quotas = Quotas()
        await land.meet(land.village, land.township)
        (held,) = [
            one
            for one in await land.township.vault.read(lambda tx: journals.heads(tx, writer=str(VILLAGE)))
            if one.audience.startswith("township")
        ]
        assert held.applied_number > 0


async def test_a_checkpoint_reaches_the_village_and_measures_its_clock(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        assert await make_checkpoint(land.hub.exchange)
        assert not await make_checkpoint(land.hub.exchange), "not again at once"
        await land.settle(1)
        newest = await land.village.exchange.open.read(receipts.newest_checkpoint)
        assert newest is not None
        assert newest.counter == 1
        assert land.village.exchange.clock.reading.offset_ms is not None


async def test_a_township_that_never_measured_its_own_clock_teaches_no_village(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.meet(land.village, land.township)
        assert land.village.exchange.clock.reading.offset_ms is None
        await land.meet(land.township, land.hub)
        await land.meet(land.village, land.township)
        reading, upper = land.village.exchange.clock.reading, land.township.exchange.clock.reading
        assert reading.certainty_ms is not None
        assert reading.certainty_ms > (upper.certainty_ms or 0), "no surer than the one it was learnt from"


async def test_what_a_session_measured_is_kept_for_the_next_process(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.meet(land.township, land.hub)
        kept = await land.township.exchange.open.read(lambda tx: settings.get(tx, "clock_measured"))
        assert kept["offset_ms"] == land.township.exchange.clock.reading.offset_ms


async def test_garbage_is_refused_once_and_its_name_is_kept(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        verdict = await take_in(land.township.exchange, b"JJB1 and nothing more")
        assert isinstance(verdict, Refuse)
        kept = await land.township.exchange.open.read(lambda tx: parcels.in_state(tx, {"refused"}))
        assert [one.reason for one in kept] == ["malformed"]


def test_a_township_carries_its_villages_and_nobody_elses() -> None:
    network = Network(bytes(32))
    assert in_scope(Audience.county(VILLAGE), VILLAGE, network)
    assert not in_scope(Audience.county(NEIGHBOUR), VILLAGE, network)
    assert in_scope(Audience.township(TOWNSHIP, VILLAGE), TOWNSHIP, network)
    assert not in_scope(Audience.county(VILLAGE), TOWNSHIP, network), "it is no village of this township yet"


async def test_the_names_of_audiences_and_the_rule_agree(tmp_path: Path) -> None:
    async with county(tmp_path, (VILLAGE, NEIGHBOUR)) as land:
        network = land.hub.exchange.network
        for lower in (VILLAGE, NEIGHBOUR, TOWNSHIP):
            assert all(in_scope(Audience(name), lower, network) for name in audiences(lower, network))
        assert Audience.county(NEIGHBOUR).text in audiences(TOWNSHIP, network)
        assert Audience.county(NEIGHBOUR).text not in audiences(VILLAGE, network)


async def test_a_cited_case_is_read_where_it_could_not_be_and_citing_twice_changes_nothing(
    tmp_path: Path,
) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        taken = await receive.receive(land.village.desk, HELPER, application(item="YL-0002"))
        case_id = str(taken.case_id)
        await land.settle()
        assert await land.township.vault.read(lambda tx: cases.find(tx, case_id)) is None
        for _ in range(2):
            await land.hub.desk.vault.write(lambda tx: cite_case(tx, land.hub.desk, case_id))
        await land.settle()
        hub_rows = await land.hub.vault.read(lambda tx: entries.of_case(tx, case_id))
        rows = await land.township.vault.read(lambda tx: entries.of_case(tx, case_id))
        assert sorted(one.hash for one in rows) == sorted(one.hash for one in hub_rows)
        seen = await land.township.vault.read(lambda tx: cases.find(tx, case_id))
        assert seen is not None
        assert seen.applicant == "王桂芳"


async def cite_case(tx: Tx, desk: Desk, case_id: str) -> None:
    for one in await entries.of_case(tx, case_id):
        if one.kind in ASIDE:
            continue
        head = await journals.by_id(tx, one.journal_id)
        journal = JournalId(NodeId(head.writer), head.epoch, Audience(head.audience))
        entry = StoredEntry(one.header, one.salt, one.body, one.body_digest)
        body = to_body(Citation(journal, one.number, one.hash, entry))
        await writing.append(tx, desk, Audience.county(TOWNSHIP), "cited", body, case_id=UUID(case_id))


async def test_a_citation_whose_header_names_another_case_is_refused() -> None:
    """What speaks of a case is found by its id alone (journal.md §6): an erasure must find its citations."""
    cited, other = (new_id(NOON, bytes(9) + bytes([at])) for at in (1, 2))
    journal = JournalId(VILLAGE, bytes(16), Audience.township(TOWNSHIP, VILLAGE))
    inner = write_entry(EntryHeader(EntryClass.RECORD, "told", cited, NOON), b"{}", bytes(16))
    body = encode_body(to_body(Citation(journal, 7, bytes(32), inner)))
    of_hub = JournalId(HUB, bytes(16), Audience.county(TOWNSHIP))
    for named, reason in ((cited, ""), (other, "not_its_case"), (None, "not_its_case")):
        entry = write_entry(EntryHeader(EntryClass.RECORD, "cited", named, NOON), body, bytes(16))
        assert entry_row(of_hub, 1, 1, entry, bytes(32)).reason == reason
