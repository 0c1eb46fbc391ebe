"""An erasure ordered by the hub is obeyed by every holder; afterwards no disk says anything of anybody."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from common.casework import book, receive
from common.casework.erasing import order_erasure
from common.casework.erasures import Erasure, erasures
from common.casework.errors import CaseworkError, ErasedError
from common.casework.rebuilding import rebuild_projections
from common.casework.writing import append
from common.domain.application import Application, Person
from common.domain.audience import Audience
from common.domain.bodies.hub import CaseErased, Ground
from common.domain.bodies.records import Told
from common.domain.grants import NotAllowedError, Role
from common.domain.kinds import ORDERS
from common.domain.times import to_milliseconds
from common.exchange.checkpoints import make_checkpoint
from common.exchange.clearing import clear
from common.exchange.intake import take_in
from common.exchange.landing import wanted
from common.exchange.purging import purge
from common.exchange.sealing import seal_due
from common.exchange.verifying import verify_node
from common.journal.batch import open_batch, parse_batch
from common.journal.body import decode_as, to_plain
from common.journal.taking_in import Duplicate
from common.store import cases, clearing, drafts, entries, grants, parcels
from common.store.engine import Tx
from common.store.rows import DraftRow, EntryRow, UnmaskRow
from common.sync.listed import Offer, ParcelKind, Priority
from tests.builders.archives import PICTURE, back_up, closed_case, grow_old
from tests.builders.cases import DAY, HUB, TOWNSHIP, VILLAGE, application
from tests.builders.county import NEIGHBOUR, Box, County, county
from tests.builders.desks import CHIEF, HELPER, person
from tests.builders.needles import found, needles

WHO = Person("欧阳翠莲", "130638197203030027", "13912345678", "雄县雄州镇西昝村9号")
WANTED = tuple(needles([WHO.name, WHO.identity, WHO.phone, WHO.address], [PICTURE[100:160]]))
FIRST, SECOND = person("li.admin", Role.ADMINISTRATOR), person("sun.supervisor", Role.SUPERVISOR)


@pytest.fixture
async def land(tmp_path: Path) -> AsyncIterator[County]:
    async with county(tmp_path, (VILLAGE, NEIGHBOUR), plain=True) as built:
        await make_checkpoint(built.hub.exchange)
        await built.settle(1)
        yield built


@pytest.fixture
def of_her(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every case the builders take in be hers."""

    def hers(**changes: object) -> Application:
        return application(applicant=WHO, **changes)

    monkeypatch.setattr("tests.builders.archives.application", hers)


async def order(land: County, case_id: UUID) -> None:
    await order_erasure(land.hub.desk, FIRST, SECOND, case_id, Ground.CONSENT_WITHDRAWN)
    await clear(land.hub.exchange)


async def rows_of(box: Box, case_id: UUID) -> list[EntryRow]:
    return await box.vault.read(lambda tx: entries.of_case(tx, str(case_id)))


async def answers(land: County) -> list[Erasure]:
    return await land.hub.vault.read(erasures)


def traces(box: Box) -> list[tuple[str, str]]:
    return found(box.folder, WANTED)


@pytest.mark.usefixtures("of_her")
async def test_after_an_erasure_no_disk_says_anything_of_her(land: County) -> None:
    case_id = await closed_case(land)
    await land.settle(2)
    await leave_traces(land.village, case_id)
    others = [await taken_in(box) for box in (land.village, land.boxes[NEIGHBOUR]) for _ in range(8)]
    await land.settle(2)
    for box in (land.village, land.township, land.hub):
        assert {"text 0 in utf-8", "text 1 in utf-8"} <= {what for what, _ in traces(box)}, "a blind test"
    await order(land, case_id)
    assert traces(land.hub) == []
    (one,) = await answers(land)
    assert set(one.waiting) == {TOWNSHIP, VILLAGE}
    await land.settle(3)
    for box in land.boxes.values():
        assert traces(box) == [], box.node
        rows = await rows_of(box, case_id)
        assert all(row.body is None and row.salt is None for row in rows if row.kind not in ORDERS)
        verified = await verify_node(box.exchange)
        assert verified.whole, verified.wrong
        assert (await rebuild_projections(box.desk)).differing == ()
        assert await box.vault.read(lambda tx: cases.find(tx, str(case_id))) is None
        for other in others:
            if await rows_of(box, other):
                assert await box.vault.read(lambda tx, one=other: cases.find(tx, str(one))) is not None  # type: ignore[misc]
    (one,) = await answers(land)
    assert one.waiting == ()
    assert dict(one.nodes).keys() == {HUB, TOWNSHIP, VILLAGE}


async def taken_in(box: Box) -> UUID:
    return (await receive.receive(box.desk, HELPER, application(item="YL-0003"))).case_id


async def leave_traces(box: Box, case_id: UUID) -> None:
    """A draft it came from, and somebody who looked behind the mask and wrote why."""
    now = to_milliseconds(box.desk.clock.now())
    draft = DraftRow("d" * 36, "helper", "YL-0001", to_plain(application(applicant=WHO)), now)

    async def work(tx: Tx) -> None:
        await drafts.save(tx, draft)
        await drafts.confirm(tx, draft.id, str(case_id))
        await grants.note_unmask(tx, UnmaskRow("helper", str(case_id), "all", f"{WHO.name}来问", now))

    await box.vault.write(work)


@pytest.mark.usefixtures("of_her")
async def test_sealed_runs_are_sealed_again_and_later_readers_get_a_chain_they_can_prove(
    land: County,
) -> None:
    case_id = await closed_case(land)
    await land.settle(2)
    before = await sealed(land.village)
    await order(land, case_id)
    await land.settle(3)
    after = await sealed(land.village)
    changed = [data for data in after if data not in before and parse_batch(data).reseal is not None]
    assert changed
    keys = land.village.keys.split()[1].keyring()
    for data in changed:
        run = open_batch(parse_batch(data), keys)
        assert any(entry.erased for entry in run.entries)
    newcomer = land.boxes[NEIGHBOUR]
    for data in changed:
        assert not isinstance(await take_in(newcomer.exchange, data), Duplicate)
    assert isinstance(await take_in(land.township.exchange, before[0]), Duplicate), (
        "the old bytes come in again"
    )


async def sealed(box: Box) -> list[bytes]:
    async def work(tx: Tx) -> list[bytes]:
        rows = await parcels.in_state(tx, {"held", "opened"}, "batch")
        contents = [await parcels.content(tx, row.name) for row in rows]
        return [
            one for one in contents if one is not None and not parse_batch(one).journal.audience.is_public
        ]

    return await box.exchange.open.read(work)


@pytest.mark.usefixtures("of_her")
async def test_what_comes_after_the_order_loses_its_body_on_arrival(land: County) -> None:
    case_id = await closed_case(land)
    await land.settle(2)
    body = Told("decision", f"对{WHO.name}本人说的", DAY)

    async def write(tx: Tx) -> None:
        audience = Audience.township(TOWNSHIP, VILLAGE)
        await append(tx, land.village.desk, audience, "told", body, case_id=case_id)

    await land.village.vault.write(write)
    await seal_due(land.village.exchange)
    await order(land, case_id)
    await land.settle(4)
    for box in land.boxes.values():
        assert traces(box) == [], box.node
    late = [row for row in await rows_of(land.hub, case_id) if row.kind == "told"]
    assert [row.body for row in late] == [None]


@pytest.mark.usefixtures("of_her")
async def test_a_purged_case_is_erased_too(land: County) -> None:
    case_id = await closed_case(land)
    await land.settle(2)
    await back_up(land)
    await grow_old(land)
    await land.settle(2)
    assert await purge(land.township.exchange) == 1
    await order(land, case_id)
    await land.settle(3)
    for box in land.boxes.values():
        assert traces(box) == [], box.node
        assert (await rebuild_projections(box.desk)).differing == ()
        assert (await verify_node(box.exchange)).whole
    assert (await answers(land))[0].waiting == ()


async def test_one_person_alone_and_one_without_the_power_are_refused(land: County) -> None:
    case_id = await closed_case(land, picture=False)
    await land.settle(2)
    with pytest.raises(CaseworkError, match="alone"):
        await order_erasure(land.hub.desk, FIRST, FIRST, case_id, Ground.UNLAWFUL)
    with pytest.raises(NotAllowedError):
        await order_erasure(land.hub.desk, FIRST, CHIEF, case_id, Ground.UNLAWFUL)
    with pytest.raises(CaseworkError, match="hub"):
        await order_erasure(land.township.desk, FIRST, SECOND, case_id, Ground.UNLAWFUL)
    assert await answers(land) == []


async def test_a_case_under_way_is_not_erased(land: County) -> None:
    case_id = await taken_in(land.village)
    await land.settle(2)
    with pytest.raises(CaseworkError, match="not over"):
        await order_erasure(land.hub.desk, FIRST, SECOND, case_id, Ground.UNLAWFUL)
    assert (await land.hub.vault.read(lambda tx: book.load(tx, case_id))).submitted is not None


async def test_an_order_by_anybody_but_the_hub_erases_nothing(land: County) -> None:
    case_id = await closed_case(land, picture=False)
    await land.settle(2)
    await order(land, case_id)
    rows = await rows_of(land.hub, case_id)
    (body,) = {row.body for row in rows if row.kind == "case_erased"}
    other = await closed_case(land, picture=False)
    await land.settle(2)
    assert body is not None

    async def forge(tx: Tx) -> None:
        audience = Audience.township(TOWNSHIP, VILLAGE)
        await append(
            tx, land.township.desk, audience, "case_erased", decode_as(CaseErased, body), case_id=other
        )

    await land.township.vault.write(forge)
    await land.settle(2)
    for box in (land.village, land.hub):
        assert (await box.vault.read(lambda tx: book.load(tx, other))).submitted is not None
    assert await land.hub.vault.read(lambda tx: book.erased(tx, [other])) == frozenset()


@pytest.mark.usefixtures("of_her")
async def test_an_erasure_killed_in_the_middle_is_finished_after_the_next_start(
    land: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await closed_case(land)
    await land.settle(2)
    await order(land, case_id)
    await land.meet(land.township, land.hub)
    with monkeypatch.context() as broken:
        broken.setattr("common.exchange.clearing._seal_again", _killed)
        with pytest.raises(KilledError):
            await land.meet(land.village, land.township)
    await land.village.restart()
    with pytest.raises(ErasedError):
        await land.village.vault.read(lambda tx: book.load(tx, case_id))
    assert await land.village.vault.read(clearing.every)
    assert await clear(land.village.exchange) == 1
    assert traces(land.village) == []
    assert await land.village.vault.read(clearing.every) == []


class KilledError(Exception):
    """Stands for the process's death."""


async def _killed(*_: object) -> None:
    raise KilledError


@pytest.mark.usefixtures("of_her")
async def test_an_order_an_older_program_passed_over_is_obeyed_by_the_next(
    land: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await closed_case(land)
    await land.settle(2)
    await order(land, case_id)
    with monkeypatch.context() as older:
        older.setattr("common.exchange.vault_effects.erase_ordered", _passes)
        older.setattr("common.exchange.session.clear", _passes)
        await land.settle(2)
    assert traces(land.village)
    assert {TOWNSHIP, VILLAGE} == set((await answers(land))[0].waiting), "an old program does not say done"
    for box in (land.village, land.township):
        await box.restart()
    await land.settle(3)
    assert traces(land.village) == []
    assert (await answers(land))[0].waiting == ()


async def _passes(*_: object) -> int:
    return 0


async def test_an_erased_attachment_is_not_asked_for_again(land: County) -> None:
    case_id = await closed_case(land)
    await land.settle(2)
    (name,) = [bytes.fromhex(path.name) for path in (land.village.folder / "parcels").iterdir()]
    await order(land, case_id)
    await land.settle(3)
    offer = Offer(name, 100, ParcelKind.ATTACHMENT, bytes(32), 1, 1, Priority.BULK)
    for box in land.boxes.values():
        if box.node != NEIGHBOUR:
            assert await wanted(box.exchange, [offer]) == []
            assert not await asyncio.to_thread(box.exchange.files.has, name)


@pytest.mark.usefixtures("of_her")
async def test_a_run_no_key_of_ours_opens_is_sealed_again_from_the_vault(
    land: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await closed_case(land)
    await land.settle(2)
    before = await sealed(land.village)
    monkeypatch.setattr("common.exchange.clearing._opened", _nothing)
    await order(land, case_id)
    await land.settle(3)
    keys = land.village.keys.split()[1].keyring()
    after = await sealed(land.village)
    assert not set(before) & {data for data in after if parse_batch(data).reseal is not None}
    assert any(parse_batch(data).reseal is not None for data in after)
    for data in after:
        run = open_batch(parse_batch(data), keys)
        assert not any(WHO.name.encode() in (entry.body or b"") for entry in run.entries)


async def _nothing(*_: object) -> tuple[()]:
    return ()
