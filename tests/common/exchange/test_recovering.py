"""A restored custodian takes in, holds and waits; what had been decided comes home and is decided once."""

import shutil
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from common.casework import accept, book, decide, hand_out, receive, recovering, review, writing
from common.casework.errors import (
    CaseworkError,
    HubStoppedError,
    PublishingWaitsError,
    RecoveringError,
)
from common.casework.publishing import import_items, publish_catalogue
from common.casework.rebuilding import rebuild_projections
from common.casework.sweeping import sweep
from common.crypto.root import CountyRoot, fingerprint
from common.domain.application import MaterialGiven
from common.domain.bodies.facts import Decided, Outcome
from common.domain.grants import NotAllowedError, Role
from common.domain.node import NodeId, Tier
from common.domain.receipt_number import parse
from common.exchange import epochs, node_register
from common.exchange.checkpoints import make_checkpoint
from common.exchange.hub_epoch import NUMBER_GAP, RootError, sign_next_epoch
from common.exchange.node_register import Wanted, invite, revoke
from common.exchange.verifying import verify_node
from common.journal.body import decode_body
from common.store import cases, entries, receipts, registry, settings
from common.store.case_rows import CaseRow
from common.store.engine import Tx
from common.sync.reasons import ByeReason
from tests.builders.cases import DAY, HUB, TOWNSHIP, VILLAGE, application
from tests.builders.county import NEIGHBOUR, Box, County, county
from tests.builders.desks import CHIEF, CLERK, HELPER, ITEMS, OFFICE, person

GIVEN = (MaterialGiven("m1", copies=1), MaterialGiven("m2", copies=1))
ORDINARY = application(item="YL-0001", materials=GIVEN)
BY_TOWNSHIP = application(item="YL-0004")
BY_VILLAGE = application(item="YL-0003")
HEAD = person("head", Role.ADMINISTRATOR)


@pytest.fixture
async def land(tmp_path: Path) -> AsyncIterator[County]:
    (tmp_path / "land").mkdir()
    async with county(tmp_path / "land", villages=(VILLAGE, NEIGHBOUR)) as built:
        await make_checkpoint(built.hub.exchange)
        await built.settle()
        yield built


async def take_in(box: Box, what: object = ORDINARY) -> UUID:
    return (await receive.receive(box.desk, HELPER, what)).case_id  # type: ignore[arg-type]


async def to_the_hub(land: County, case_id: UUID) -> None:
    """Review at the township; the case is the hub's then."""
    await review.review(land.township.desk, CLERK, case_id, "材料齐全", favourable=True)


async def decided_at(box: Box, case_id: UUID, outcome: Outcome = Outcome.GRANTED) -> None:
    await accept.accept(box.desk, CHIEF, case_id)
    await review.review(box.desk, CHIEF, case_id, "属实", favourable=True)
    await decide.decide(box.desk, CHIEF, case_id, outcome, "符合条件")


async def row(box: Box, case_id: UUID) -> CaseRow | None:
    return await box.vault.read(lambda tx: cases.find(tx, str(case_id)))


async def decisions(box: Box, case_id: UUID) -> list[str]:
    """Outcomes of every decision of the case that lies here, on its path or set aside."""
    rows = await box.vault.read(lambda tx: entries.of_case(tx, str(case_id)))
    bodies = [decode_body(one.kind, one.body) for one in rows if one.kind == "decided" and one.body]
    return [str(body.outcome) for body in bodies if isinstance(body, Decided)]


async def all_well(land: County) -> None:
    """Chains hold, projections are their entries', and no place of a case has two facts."""
    for box in land.boxes.values():
        assert (await verify_node(box.exchange)).whole
        assert not (await rebuild_projections(box.desk)).differing
        rows = await box.vault.read(_facts)
        assert not rows or max(rows.values()) == 1


async def _facts(tx: Tx) -> "Counter[tuple[object, ...]]":
    found = [await entries.of_case(tx, case_id) for case_id in await entries.case_ids(tx)]
    facts = [one for rows in found for one in rows if one.entry_class == 0]
    return Counter((one.case_id, one.takings, one.moves, one.fact_number) for one in facts)


async def waited(box: Box, case_id: UUID) -> tuple[NodeId, ...]:
    async def work(tx: Tx) -> tuple[NodeId, ...]:
        return await recovering.waits_for(tx, box.desk, await book.load(tx, case_id))

    return await box.vault.read(work)


async def is_over(box: Box) -> bool:
    found = await box.vault.read(recovering.find)
    return found is not None and found.is_over()


async def the_hub_of_yesterday(land: County, folder: Path) -> tuple[UUID, UUID]:
    """A case decided and told since the copy, one waiting; the hub is restored. Returns decided, waiting."""
    told, waiting = await take_in(land.village), await take_in(land.village)
    await land.settle()
    for one in (told, waiting):
        await to_the_hub(land, one)
    await land.settle()
    copy = await land.keep_copy(HUB, folder)
    await decided_at(land.hub, told)
    await land.settle()
    assert (await row(land.village, told)).outcome == "granted"  # type: ignore[union-attr]
    await land.restore(HUB, copy)
    return told, waiting


async def test_a_restored_hub_decides_nothing_twice_and_shows_what_was_told(
    land: County, tmp_path: Path
) -> None:
    told, waiting = await the_hub_of_yesterday(land, tmp_path / "copy")
    assert (await row(land.hub, told)).state == "received"  # type: ignore[union-attr]
    for case_id in (told, waiting):
        with pytest.raises(RecoveringError, match="recovering"):
            await accept.accept(land.hub.desk, CHIEF, case_id)
    await land.settle(4)
    assert await is_over(land.hub)
    assert (await row(land.hub, told)).outcome == "granted"  # type: ignore[union-attr]
    assert await decisions(land.hub, told) == ["granted"]
    await decided_at(land.hub, waiting, Outcome.REFUSED)
    await land.settle()
    for box in (land.hub, land.township, land.village):
        assert await decisions(box, told) == ["granted"]
        assert await decisions(box, waiting) == ["refused"]
    await all_well(land)


async def test_new_cases_go_on_at_a_recovering_hub(land: County, tmp_path: Path) -> None:
    _, waiting = await the_hub_of_yesterday(land, tmp_path / "copy")
    # The neighbour and the township answer, the village does not.
    for _ in range(3):
        await land.meet(land.boxes[NEIGHBOUR], land.township)
        await land.meet(land.township, land.hub)
    assert not await is_over(land.hub)
    new = await take_in(land.boxes[NEIGHBOUR])
    await land.meet(land.boxes[NEIGHBOUR], land.township)
    await to_the_hub(land, new)
    await land.meet(land.township, land.hub)
    await decided_at(land.hub, new)
    assert await waited(land.hub, waiting) == (VILLAGE,)
    with pytest.raises(RecoveringError):
        await accept.accept(land.hub.desk, CHIEF, waiting)


async def test_a_case_the_old_hub_never_saw_is_new_only_once_its_writer_answered(
    land: County, tmp_path: Path
) -> None:
    copy = await land.keep_copy(HUB, tmp_path / "copy")
    seen = await take_in(land.village)
    await land.settle()
    await to_the_hub(land, seen)
    await land.meet(land.township, land.hub)
    await accept.accept(land.hub.desk, CHIEF, seen)
    await land.meet(land.township, land.hub)
    await land.restore(HUB, copy)
    await land.meet(land.township, land.hub)  # the village's batch comes, and the hub's own acceptance
    assert await waited(land.hub, seen) == (TOWNSHIP, VILLAGE)
    await land.settle(4)
    assert await waited(land.hub, seen) == ()
    assert (await row(land.hub, seen)).state == "accepted"  # type: ignore[union-attr]


async def test_a_village_that_reaches_nobody_waits_for_the_operators_release(
    land: County, tmp_path: Path
) -> None:
    _, waiting = await the_hub_of_yesterday(land, tmp_path / "copy")
    for _ in range(3):
        await land.meet(land.boxes[NEIGHBOUR], land.township)
        await land.meet(land.township, land.hub)
    with pytest.raises(NotAllowedError):
        await recovering.release(land.hub.desk, CHIEF, VILLAGE, "站点失联")
    with pytest.raises(CaseworkError, match="no reason"):
        await recovering.release(land.hub.desk, HEAD, VILLAGE, "  ")
    await recovering.release(land.hub.desk, HEAD, VILLAGE, "站点失联，已电话核实")
    with pytest.raises(CaseworkError, match="not waited for"):
        await recovering.release(land.hub.desk, HEAD, VILLAGE, "再放行一次")
    await decided_at(land.hub, waiting)
    on_record = await land.hub.vault.read(lambda tx: entries.of_kind(tx, "recovery_released"))
    assert len(on_record) == 1
    await land.settle(4)
    assert await is_over(land.hub)
    assert await decisions(land.village, waiting) == ["granted"]


async def test_of_two_decisions_after_a_hasty_release_the_earlier_epochs_stands_everywhere(
    land: County, tmp_path: Path
) -> None:
    told, _ = await the_hub_of_yesterday(land, tmp_path / "copy")
    for node in (VILLAGE, TOWNSHIP):
        await recovering.release(land.hub.desk, HEAD, node, "赶时间")
    await decided_at(land.hub, told, Outcome.REFUSED)
    await land.settle(4)
    for box in (land.hub, land.township, land.village):
        assert sorted(await decisions(box, told)) == ["granted", "refused"]
        found = await row(box, told)
        assert found is not None
        assert found.outcome == "granted", "what the person was told first stands"
        assert "set_aside" in found.marks


async def test_a_sweep_leaves_older_cases_alone_while_a_township_recovers(
    land: County, tmp_path: Path
) -> None:
    case_id = await take_in(land.village, BY_TOWNSHIP)
    await land.settle()
    copy = await land.keep_copy(TOWNSHIP, tmp_path / "copy")
    await accept.accept(land.township.desk, CHIEF, case_id)
    await land.settle()
    await land.restore(TOWNSHIP, copy)
    land.clock.at += timedelta(days=40)
    assert await sweep(land.township.desk) == 0
    await land.settle(4)
    assert await is_over(land.township)
    assert await sweep(land.township.desk) == 0
    assert (await row(land.township, case_id)).state == "accepted"  # type: ignore[union-attr]
    await all_well(land)


async def test_a_restored_township_gives_no_fact_number_twice(land: County, tmp_path: Path) -> None:
    case_id = await take_in(land.village, BY_TOWNSHIP)
    await land.settle()
    copy = await land.keep_copy(TOWNSHIP, tmp_path / "copy")
    await decided_at(land.township, case_id)
    await land.settle()
    await land.restore(TOWNSHIP, copy)
    with pytest.raises(RecoveringError):
        await accept.accept(land.township.desk, CHIEF, case_id)
    await land.meet(land.village, land.township)
    await land.settle(4)
    for box in (land.hub, land.township, land.village):
        assert await decisions(box, case_id) == ["granted"]
    await all_well(land)


async def test_a_restored_station_that_decides_waits_too(land: County, tmp_path: Path) -> None:
    case_id = await take_in(land.village, BY_VILLAGE)
    number = parse((await row(land.village, case_id)).number)  # type: ignore[union-attr]
    copy = await land.keep_copy(VILLAGE, tmp_path / "copy")
    await accept.accept(land.village.desk, CHIEF, case_id)
    await land.settle()
    await land.restore(VILLAGE, copy)
    with pytest.raises(RecoveringError):
        await accept.accept(land.village.desk, CHIEF, case_id)
    new = await take_in(land.village, BY_VILLAGE)
    assert parse((await row(land.village, new)).number).serial > number.serial + epochs.SERIAL_GAP  # type: ignore[union-attr]
    await accept.accept(land.village.desk, CHIEF, new)
    await land.settle(4)
    assert await is_over(land.village)
    assert (await row(land.village, case_id)).state == "accepted"  # type: ignore[union-attr]
    await all_well(land)


async def test_what_could_not_be_answered_while_recovering_is_answered_after(
    land: County, tmp_path: Path
) -> None:
    case_id = await take_in(land.village)
    await land.settle()
    await to_the_hub(land, case_id)
    await land.settle()
    await decided_at(land.hub, case_id)
    await land.settle()
    copy = await land.keep_copy(HUB, tmp_path / "copy")
    await land.restore(HUB, copy)
    await hand_out.hand_out(land.village.desk, HELPER, case_id, "本人")
    await land.meet(land.village, land.township)
    await land.meet(land.township, land.hub)
    assert (await row(land.hub, case_id)).state == "decided"  # type: ignore[union-attr]
    await land.settle(4)
    assert (await row(land.hub, case_id)).state == "closed"  # type: ignore[union-attr]


async def test_revocations_hold_numbers_go_on_above_a_gap_and_invitations_are_void(
    land: County, tmp_path: Path
) -> None:
    fp = fingerprint(land.root.public())
    wanted = Wanted(Tier.VILLAGE, TOWNSHIP, "第九村", ("130638100209",))
    opened = await invite(land.hub.desk, HEAD, fp, wanted)
    copy = await land.keep_copy(HUB, tmp_path / "copy")
    later = await invite(land.hub.desk, HEAD, fp, wanted)
    await land.revoke(NEIGHBOUR)
    await land.meet(land.township, land.hub)
    await land.restore(HUB, copy)
    assert not land.hub.exchange.network.revoked(NEIGHBOUR, 1), "forgotten with the disk"
    await land.settle(3)
    assert land.hub.exchange.network.revoked(NEIGHBOUR, 1), "came home from the township"
    states = {one.node: one.state for one in await land.hub.exchange.open.read(registry.invitations)}
    assert states == {str(opened.node): "void"}
    again = await invite(land.hub.desk, HEAD, fp, wanted)
    assert again.node.number > later.node.number
    assert again.node.number >= opened.node.number + NUMBER_GAP


async def test_publishing_waits_for_every_township(land: County, tmp_path: Path) -> None:
    copy = await land.keep_copy(HUB, tmp_path / "copy")
    await land.restore(HUB, copy)
    await import_items(land.hub.desk, OFFICE, [ITEMS[0].__class__("YL-0099", "新事项", (Tier.COUNTY,))])
    with pytest.raises(PublishingWaitsError):
        await publish_catalogue(land.hub.desk, OFFICE, DAY)
    for _ in range(3):
        await land.meet(land.township, land.hub)
    await publish_catalogue(land.hub.desk, OFFICE, DAY)


async def test_nobody_takes_anything_from_the_old_hub_machine(land: County, tmp_path: Path) -> None:
    copy = await land.keep_copy(HUB, tmp_path / "copy")
    new_hub = await land.restore(HUB, copy)
    assert await make_checkpoint(new_hub.exchange), "a new epoch shows itself at once"
    await land.settle(2)
    shutil.copytree(copy, tmp_path / "old")
    old = Box(tmp_path / "old", new_hub.seat, HUB.number.to_bytes(16, "big"), new_hub.keys, new_hub.clock)
    await old.open(new_hub.exchange.network)
    await old.exchange.refresh()
    try:
        await make_checkpoint(old.exchange, soonest=timedelta(), latest=timedelta())
        before = await land.township.exchange.open.read(receipts.newest_checkpoint)
        for lower in (land.township, land.village):
            mine, _ = await land.meet(lower, old)
            assert mine.reason is ByeReason.EPOCH
            assert mine.received == mine.receipts_in == 0
        assert await land.township.exchange.open.read(receipts.newest_checkpoint) == before
        assert await epochs.hub_stopped(old.exchange) == epochs.SUPERSEDED
        with pytest.raises(HubStoppedError):
            await revoke(old.desk, HEAD, TOWNSHIP, "旧机器")
        alarmed = await old.exchange.open.read(node_register.alarms)
        assert [one["what"] for one in alarmed] == ["hub_superseded"]
    finally:
        await old.close()


async def test_a_hub_put_back_silently_writes_nothing_until_the_root_signs(
    land: County, tmp_path: Path
) -> None:
    case_id = await take_in(land.village)
    await land.settle()
    await to_the_hub(land, case_id)
    await land.settle()
    copy = await land.keep_copy(HUB, tmp_path / "copy")
    await decided_at(land.hub, case_id)
    await land.settle()
    hub = await land.put_back(HUB, copy)
    _, at_hub = await land.meet(land.township, hub)
    assert at_hub.rolled_back
    await epochs.stop_hub(hub.exchange, epochs.ROLLED_BACK)
    with pytest.raises(HubStoppedError, match="stopped"):
        await revoke(hub.desk, HEAD, VILLAGE, "写不了")
    await sign_next_epoch(hub.exchange, land.root, land.signed, land.note)
    await hub.take_epoch()
    await land.settle(4)
    assert await is_over(hub)
    assert await decisions(hub, case_id) == ["granted"]
    await revoke(hub.desk, HEAD, NEIGHBOUR, "又能写了")
    await all_well(land)


async def test_another_countys_root_opens_no_epoch(land: County) -> None:
    with pytest.raises(RootError):
        await sign_next_epoch(land.hub.exchange, CountyRoot.create(), (), land.note)
    assert await land.hub.exchange.open.read(lambda tx: settings.get(tx, writing.EPOCHS_LEFT)) is None


async def test_a_hub_restored_twice_counts_on_and_waits_anew(land: County, tmp_path: Path) -> None:
    told, _ = await the_hub_of_yesterday(land, tmp_path / "copy")
    await land.settle(2)
    await land.restore(HUB, tmp_path / "copy")
    assert land.hub.exchange.network.hub.order == 3
    assert not await is_over(land.hub)
    await land.settle(5)
    assert await is_over(land.hub)
    assert await decisions(land.hub, told) == ["granted"]
    assert land.village.exchange.network.hub.order == 3
    await all_well(land)
