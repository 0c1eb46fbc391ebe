"""A case walks from a village to the hub and back, over lines that die, by boxes that are locked."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.casework import accept, book, decide, hand_out, receive, review, writing
from common.casework.book import Fresh
from common.casework.clock import NodeClock
from common.casework.desk import Desk
from common.casework.projection import project
from common.casework.rebuilding import rebuild_projections
from common.domain.application import MaterialGiven
from common.domain.audience import Audience
from common.domain.bodies.facts import HandedOver, Outcome
from common.domain.bodies.records import HandedOut
from common.domain.bodies.requests import Submitted
from common.domain.case import Case
from common.domain.entries import FIRST_FENCE, EntryClass, FactPosition
from common.domain.grants import Actor, NotAllowedError, Role
from common.domain.identifiers import new_id
from common.domain.node import NodeId
from common.domain.receipt_number import grouped
from common.exchange import applying, quarantine, sealing
from common.exchange import greetings as greeting
from common.exchange import receipts as giving
from common.exchange.applying import apply_held
from common.exchange.exchange import Exchange
from common.exchange.opening import entry_row
from common.exchange.receipts import verify
from common.exchange.sealing import seal_due
from common.exchange.vault_effects import apply_to_vault
from common.exchange.where import whereabouts
from common.journal.body import encode_body
from common.journal.chain import StoredEntry, chain, write_entry
from common.journal.entry import EntryHeader
from common.journal.ids import JournalId
from common.journal.limits import EXCEPTIONS_MAX
from common.journal.receipt import Receipt
from common.journal.taking_in import Reason
from common.store import cases, entries, exchange_queries, journals, ledger, parcels, rebuild, receipts
from common.store.engine import Tx
from common.store.rows import EntryRow
from tests.builders.cases import DAY, HUB, NOON, TOWNSHIP, VILLAGE, application
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


async def refused_entries(box: Box) -> list[tuple[str, str]]:
    rows = await box.vault.read(lambda tx: entries.with_status(tx, {"refused"}))
    return [(one.kind, one.reason) for one in rows]


def everything_on_disk(box: Box) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(box.folder.rglob("*")) if path.is_file())


async def test_a_sensitive_case_is_carried_unread(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id = await take_in(land.village, SENSITIVE)
        await land.meet(land.village, land.township)
        await land.meet(land.township, land.hub)
        await land.meet(land.village, land.township)
        assert await row(land.township, case_id) is None
        assert (await row(land.hub, case_id)).applicant == "王桂芳"  # type: ignore[attr-defined]
        township, hub = (await whereabouts(land.village.exchange, [case_id]))[case_id]
        assert (township.held_at is not None, township.applied) == (True, False)
        assert (hub.held_at is not None, hub.applied) == (True, True)
        assert "王桂芳".encode() not in everything_on_disk(land.township)


@settings(max_examples=4)
@given(cuts=st.lists(st.tuples(st.integers(0, 60_000), st.integers(1, 1000)), min_size=1, max_size=2))
def test_a_line_that_dies_anywhere_never_loses_or_doubles_a_case(cuts: list[tuple[int, int]]) -> None:
    asyncio.run(_die_and_heal(cuts))


async def _die_and_heal(cuts: list[tuple[int, int]]) -> None:
    with TemporaryDirectory() as folder:
        async with county(Path(folder)) as land:
            await land.settle(1)
            case_ids = {await take_in(land.village), await take_in(land.village, SENSITIVE)}
            for passes, seed in cuts:
                await land.meet(land.village, land.township, dies_after=passes, seed=seed)
                await land.meet(land.township, land.hub, dies_after=passes, seed=seed)
                await insist_on_receipts(land)
            await land.settle()
            ledger_rows = await land.hub.vault.read(lambda tx: ledger.page(tx, ledger.LedgerFilter()))
            assert {UUID(one.case_id) for one in ledger_rows.cases} == case_ids
            for box in land.boxes.values():
                await insist_on_chains(box)
                report = await rebuild_projections(box.desk)
                assert not report.differing, report


async def insist_on_receipts(land: County) -> None:
    """Nothing says applied at the village without the hub's signed word, and never more than the hub has."""
    for one in await land.village.exchange.open.read(lambda tx: exchange_queries.receipts_by(tx, str(HUB))):
        given = await land.village.exchange.open.read(lambda tx, at=one: receipts.newest(tx, at, str(HUB)))  # type: ignore[misc]
        assert given is not None
        assert verify(land.village.exchange, given.statement) is not None
        head = await land.village.exchange.open.read(lambda tx, at=one: journals.by_id(tx, at))  # type: ignore[misc]
        at_hub = await land.hub.vault.read(lambda tx, at=head.digest: journals.find(tx, at))  # type: ignore[misc]
        assert at_hub is not None
        assert given.applied_number <= at_hub.applied_number


async def insist_on_chains(box: Box) -> None:
    """Every journal in the vault is a chain from its digest to its head."""
    for head in await box.vault.read(journals.heads):
        rows = await box.vault.read(lambda tx, at=head.id: entries.from_number(tx, at, 1, 10_000))  # type: ignore[misc]
        before = head.digest
        for number, one in enumerate(rows, 1):
            before = chain(before, StoredEntry(one.header, one.salt, one.body, one.body_digest))
            assert (one.number, one.hash) == (number, before)
        assert (len(rows), before) == (head.applied_number, head.applied_hash)


async def test_a_session_held_again_changes_nothing(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        await take_in(land.village)
        await land.settle()
        before = [await snapshot_of(box) for box in land.boxes.values()]
        reports = [*await land.meet(land.village, land.township), *await land.meet(land.township, land.hub)]
        assert all(report.received == 0 for report in reports)
        assert [await snapshot_of(box) for box in land.boxes.values()] == before


async def snapshot_of(box: Box) -> object:
    return await box.vault.read(rebuild.snapshot), await box.exchange.open.read(journals.heads)


async def test_a_locked_township_carries_and_says_held(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        land.township.lock()
        case_id = await take_in(land.village)
        await land.meet(land.village, land.township)
        await land.meet(land.township, land.hub)
        await land.meet(land.village, land.township)
        assert await row(land.hub, case_id) is not None
        township, hub = (await whereabouts(land.village.exchange, [case_id]))[case_id]
        assert (township.held_at is not None, township.applied) == (True, False)
        assert hub.applied
        assert await row(land.township, case_id) is None
        await land.township.unlock()
        await land.settle(1)
        assert await row(land.township, case_id) is not None
        township, _ = (await whereabouts(land.village.exchange, [case_id]))[case_id]
        assert township.applied


async def test_a_locked_village_delivers_what_was_sealed_and_takes_what_comes(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        case_id = await take_in(land.village)
        await seal_due(land.village.exchange)
        land.village.lock()
        await land.village.restart()
        await land.meet(land.village, land.township)
        assert await row(land.township, case_id) is not None
        await land.settle()
        held = await land.village.exchange.open.read(exchange_queries.behind)
        assert held, "what came for the village waits unopened"
        await land.village.unlock()
        assert (await apply_held(land.village.exchange)).entries > 0
        assert not await land.village.exchange.open.read(exchange_queries.behind)


async def test_one_bad_entry_is_refused_and_the_others_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        desk = land.village.desk
        await take_in(land.village)
        audience = Audience.township(TOWNSHIP, land.village.node)
        with monkeypatch.context() as broken:
            broken.setattr(writing, "encode_body", lambda body: b'{"number": 5}')
            stray = writing.new_case(desk, audience)
            await desk.vault.write(lambda tx: writing.begin(tx, desk, audience, stray, None))  # type: ignore[arg-type]
        case_id = await take_in(land.village)
        await land.settle()
        assert await row(land.hub, case_id) is not None
        assert await row(land.township, case_id) is not None
        assert await refused_entries(land.hub) == [("submitted", "bad_body")]
        assert await refused_entries(land.township) == [("submitted", "bad_body")]
        assert "refused" in await said_at(land.village, HUB)


async def test_more_refusals_than_a_receipt_can_name_never_read_as_applied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await take_in(land.village)
        desk, audience = land.village.desk, Audience.township(TOWNSHIP, land.village.node)

        async def write_bad(tx: Tx) -> list[int]:
            cases = [writing.new_case(desk, audience) for _ in range(EXCEPTIONS_MAX + 2)]
            for one in cases:
                await writing.begin(tx, desk, audience, one, None)  # type: ignore[arg-type]
            rows = [await entries.of_case(tx, str(one.case_id)) for one in cases]
            return [found[0].number for found in rows]

        with monkeypatch.context() as broken:
            broken.setattr(writing, "encode_body", lambda body: b'{"number": 5}')
            bad = await desk.vault.write(write_bad)
        case_id = await take_in(land.village)
        await land.settle()
        assert await row(land.hub, case_id) is not None, "the case behind them is not held up"
        held = await land.village.exchange.open.read(lambda tx: exchange_queries.receipts_by(tx, str(HUB)))
        verified = [verify(land.village.exchange, one.statement) for one in held.values()]
        (receipt,) = [one[0] for one in verified if one is not None and one[0].exceptions]
        assert [one.number for one in receipt.exceptions] == bad[:EXCEPTIONS_MAX]
        assert receipt.applied_number == bad[EXCEPTIONS_MAX] - 1
        assert receipt.held_number > bad[-1]
        chained = await desk.vault.read(lambda tx: own_hash(tx, receipt))
        assert receipt.applied_hash == chained


async def own_hash(tx: Tx, receipt: Receipt) -> bytes | None:
    """The writer's own chain hash at the number a receipt calls applied."""
    head = await journals.find(tx, receipt.journal.digest())
    assert head is not None
    return await entries.hash_at(tx, head.id, receipt.applied_number)


OTHER = NodeId("130638-0418")


async def test_nobody_but_its_intake_node_begins_a_case(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        case_id = await take_in(land.village)
        await land.settle()
        desk, own = land.township.desk, Audience.county(TOWNSHIP)
        taken_over = replace(writing.new_case(desk, own), case_id=case_id)
        body = Submitted("010126000019", application(item="YL-0001"))
        earlier = desk.clock
        desk.clock = NodeClock(lambda: NOON - timedelta(days=300))
        await desk.vault.write(lambda tx: writing.begin(tx, desk, own, taken_over, body))
        desk.clock = earlier
        await land.settle()
        case = await land.hub.desk.vault.read(lambda tx: book.load(tx, case_id))
        assert case.intake == land.village.node
        assert await refused_entries(land.hub) == [("submitted", "not_its_case")]


async def test_a_record_of_a_node_outside_the_case_changes_nothing(tmp_path: Path) -> None:
    async with county(tmp_path, (VILLAGE, OTHER)) as land:
        await land.settle()
        case_id = await take_in(land.village)
        await land.settle()
        stranger = land.boxes[OTHER].desk
        position = FactPosition(FIRST_FENCE, 2)
        told = HandedOut("", "本人", NOON.date())
        own = Audience.township(TOWNSHIP, land.boxes[OTHER].node)
        await stranger.vault.write(
            lambda tx: writing.append(
                tx, stranger, own, "handed_out", told, case_id=case_id, position=position
            )
        )
        await land.settle()
        case = await land.hub.desk.vault.read(lambda tx: book.load(tx, case_id))
        assert case.handed_out is None


async def said_at(box: Box, receiver: NodeId) -> list[str]:
    """What the receipts of ``receiver`` that reached the box name as exceptions."""
    found = await box.exchange.open.read(lambda tx: exchange_queries.receipts_by(tx, str(receiver)))
    verified = [verify(box.exchange, one.statement) for one in found.values()]
    return [
        exception.state.name.lower() for one in verified if one is not None for exception in one[0].exceptions
    ]


async def test_a_case_that_cannot_be_folded_stops_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        bad, good = await take_in(land.village), await take_in(land.village)

        async def fold_all_but_one(
            tx: Tx, desk: Desk, case_ids: Collection[UUID], fresh: Fresh | None = None
        ) -> list[Case]:
            if bad in case_ids:
                raise OverflowError
            return await project(tx, desk, case_ids, fresh)

        monkeypatch.setattr(applying, "project", fold_all_but_one)
        await land.settle()
        assert await row(land.hub, good) is not None
        assert await row(land.hub, bad) is None
        assert {reason for _, reason in await refused_entries(land.hub)} == {"makes_no_sense"}


async def test_one_entry_without_sense_takes_none_of_its_case_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id = await take_in(land.village)

        async def cannot_fold_received(
            tx: Tx, desk: Desk, case_ids: Collection[UUID], fresh: Fresh | None = None
        ) -> list[Case]:
            rows = [row for case_id in case_ids for row in await entries.of_case(tx, str(case_id))]
            if any(row.kind == "received" and row.status != "refused" for row in rows):
                raise OverflowError
            return await project(tx, desk, case_ids, fresh)

        monkeypatch.setattr(applying, "project", cannot_fold_received)
        await land.settle()
        assert await refused_entries(land.hub) == [("received", "makes_no_sense")]
        assert await refused_entries(land.township) == [("received", "makes_no_sense")]
        case = await land.hub.desk.vault.read(lambda tx: book.load(tx, case_id))
        assert case.submitted is not None, "what the villager handed in is there"


async def test_a_box_locked_while_it_applies_leaves_no_entry_without_its_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id = await take_in(land.village)
        exchange, unlocked = land.township.exchange, land.township.exchange.unlocked
        through = apply_to_vault

        async def locked_meanwhile(tx: Tx, rows: list[EntryRow]) -> list[EntryRow]:
            exchange.unlocked = None
            return await through(tx, rows)

        with monkeypatch.context() as locking:
            locking.setattr(applying, "apply_to_vault", locked_meanwhile)
            await land.meet(land.village, land.township)
        exchange.unlocked = unlocked
        await apply_held(exchange)
        assert await row(land.township, case_id) is not None


async def test_what_is_applied_while_a_receipt_is_made_is_not_called_applied_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        with monkeypatch.context() as broken:
            broken.setattr(writing, "encode_body", lambda body: b'{"number": 5}')
            await take_in(land.village)
        exchange, unlocked = land.township.exchange, land.township.exchange.unlocked
        exchange.unlocked = None
        await land.meet(land.village, land.township)
        exchange.unlocked = unlocked
        through = giving._exceptions

        async def applied_meanwhile(one: Exchange) -> object:
            known = await through(one)
            await apply_held(one)
            return known

        with monkeypatch.context() as racing:
            racing.setattr(giving, "_exceptions", applied_meanwhile)
            await giving.give_due(exchange)
        (journal,) = await journal_rows(land.township, land.village)
        said = await exchange.open.read(lambda tx: exchange_queries.receipts_by(tx, str(TOWNSHIP)))
        assert said[journal.id].applied_number == 0  # type: ignore[attr-defined]
        await giving.give_due(exchange)
        assert "refused" in await said_at(land.township, TOWNSHIP)


@pytest.mark.parametrize("shown", [-1, 2**62 - 1, 253_402_300_799_999])
async def test_a_greeting_with_an_impossible_time_ends_the_session_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: int
) -> None:
    async with county(tmp_path) as land:
        with monkeypatch.context() as broken:
            broken.setattr(greeting, "to_milliseconds", lambda _: shown)
            one, two = await land.meet(land.village, land.township)
        assert not one.finished
        assert not two.finished
        assert land.village.exchange.clock.reading.offset_ms is None


async def test_a_handover_to_nobody_is_refused(tmp_path: Path) -> None:
    journal = JournalId(TOWNSHIP, bytes(16), Audience.county(TOWNSHIP))
    case_id = new_id(NOON, bytes(10))
    header = EntryHeader(EntryClass.FACT, "handed_over", case_id, NOON, position=FactPosition(FIRST_FENCE, 1))
    entry = write_entry(header, encode_body(HandedOver("nobody", DAY)), bytes(16))
    assert entry_row(journal, 1, 1, entry, bytes(32)).reason == "bad_body"


async def test_what_a_revoked_node_writes_is_kept_apart(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        before = await take_in(land.village)
        await land.settle()
        await land.revoke(land.village.node)
        after = await take_in(land.village)
        await land.meet(land.village, land.township)
        _, at_hub = await land.meet(land.township, land.hub)
        assert at_hub.refused == [Reason.REVOKED]
        assert await row(land.hub, before) is not None
        assert await row(land.hub, after) is None
        kept = await land.hub.exchange.open.read(lambda tx: parcels.in_state(tx, {"quarantined"}))
        assert [one.reason for one in kept] == ["revoked"]
        await land.settle()
        assert await row(land.hub, after) is None
        assert land.township.exchange.network.revoked(land.village.node, 1)


OPERATOR = Actor("admin", "县管理员", frozenset({Role.ADMINISTRATOR}))


@pytest.mark.parametrize("released", [True, False])
async def test_what_is_kept_apart_ends_by_a_named_person(tmp_path: Path, released: bool) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        await land.revoke(land.village.node)
        await land.meet(land.township, land.hub)
        after = await take_in(land.village)
        await land.meet(land.village, land.hub)
        await land.meet(land.village, land.township)
        hub = land.hub.exchange
        (apart,) = await quarantine.kept_apart(hub)
        assert apart.cases == ((grouped(await number_of(land.village, after)), "王*芳"),)
        with pytest.raises(quarantine.QuarantineError, match="no reason"):
            await quarantine.settle_by_hand(
                hub, land.hub.desk, OPERATOR, apart.parcel.name, " ", released=released
            )
        with pytest.raises(NotAllowedError):
            await quarantine.settle_by_hand(
                hub, land.hub.desk, HELPER, apart.parcel.name, "核实", released=released
            )
        await quarantine.settle_by_hand(
            hub, land.hub.desk, OPERATOR, apart.parcel.name, "已和本人核实", released=released
        )
        assert await quarantine.kept_apart(hub) == []
        await apply_held(hub)
        await land.meet(land.township, land.hub)
        for box in (land.hub, land.township):
            assert (await row(box, after) is not None) is released
            assert await box.exchange.open.read(lambda tx: parcels.in_state(tx, {"quarantined"})) == []
        with pytest.raises(quarantine.QuarantineError, match="nothing to settle"):
            await quarantine.settle_by_hand(
                hub, land.hub.desk, OPERATOR, apart.parcel.name, "再来", released=True
            )


async def number_of(box: Box, case_id: UUID) -> str:
    found = await box.vault.read(lambda tx: cases.find(tx, str(case_id)))
    assert found is not None
    return found.number.replace("-", "")


@pytest.mark.parametrize("where", ["after the vault", "before the vault"])
async def test_a_crash_between_the_databases_is_harmless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        case_id = await take_in(land.village)
        name = "_follow" if where == "after the vault" else "_insert"
        with monkeypatch.context() as broken:
            broken.setattr(applying, name, killed)
            with pytest.raises(KilledError):
                await land.meet(land.village, land.township)
        await land.township.restart()
        await land.settle()
        assert await row(land.township, case_id) is not None
        for box in land.boxes.values():
            await insist_on_chains(box)
            assert not await box.exchange.open.read(exchange_queries.behind)
        rows = await land.township.vault.read(lambda tx: entries.of_case(tx, str(case_id)))
        assert sorted(one.kind for one in rows) == ["arrived", "handed_over", "received", "submitted"]


class KilledError(Exception):
    """Stands for the process's death."""


async def killed(*_: object) -> None:
    raise KilledError


async def test_a_batch_sealed_before_a_crash_is_never_sealed_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await take_in(land.village)
        with monkeypatch.context() as broken:
            broken.setattr(sealing, "_stage", killed)
            with pytest.raises(KilledError):
                await seal_due(land.village.exchange)
        await land.village.restart()
        assert await seal_due(land.village.exchange) == 1
        await land.village.restart()
        assert await seal_due(land.village.exchange) == 0
        runs = await land.village.exchange.open.read(lambda tx: parcels.in_state(tx, {"opened"}, "batch"))
        own = [(one.journal_id, one.first_number) for one in runs]
        assert len(own) == len(set(own))


async def test_the_time_a_case_reached_a_node_does_not_move_with_later_receipts(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id = await take_in(land.village)
        await land.settle()
        before = (await whereabouts(land.village.exchange, [case_id]))[case_id]
        await take_in(land.village)
        await land.settle()
        assert (await whereabouts(land.village.exchange, [case_id]))[case_id] == before
        assert before[1].applied
