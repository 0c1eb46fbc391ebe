"""A station proves what it handed over; a restored hub is explained; a forgery is called one."""

from datetime import timedelta
from pathlib import Path

from common.casework import receive
from common.exchange.evidence import CaseCovered, against, evidence_of, newest
from common.exchange.verifying import Wrong, verify_node
from common.journal.covered import Found
from common.journal.evidence import Evidence
from common.program.commands.evidence_words import against_words, checked_words, verified_words
from common.store.engine import Tx
from tests.builders.cases import application
from tests.builders.county import Box, County, county
from tests.builders.desks import HELPER
from tests.builders.restoring import backup_of, made, restore_hub, sign
from tests.second_decoder.evidence import evidence as second

SENSITIVE = application(item="YL-0002")


async def take_in(box: Box) -> str:
    return str((await receive.receive(box.desk, HELPER, SENSITIVE)).number)


async def handed_over(land: County) -> str:
    """A case the hub holds, in a checkpoint the village has."""
    number = await take_in(land.village)
    await land.settle()
    await sign(land)
    await land.settle()
    return number


async def compared(box: Box):
    encoded = await newest(box.exchange)
    assert encoded is not None
    return await against(box.exchange, encoded)


async def test_a_station_proves_case_by_case_what_it_handed_over(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        covered = await handed_over(land)
        waiting = await take_in(land.village)
        found = await compared(land.village)
        (own,) = found.journals
        assert own.judgement.found is Found.COVERED
        assert own.cases == {CaseCovered.COVERED: (covered,), CaseCovered.NOT_YET: (waiting,)}
        assert not found.accuses
        told = "\n".join(against_words(found, land.village.exchange.network))
        assert "县里已签名确认" in told
        assert waiting in told


async def test_a_locked_station_proves_its_journals_and_names_no_case(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await handed_over(land)
        land.village.lock()
        found = await compared(land.village)
        (own,) = found.journals
        assert found.locked
        assert (own.judgement.now, own.judgement.open, own.cases) == (own.judgement.length, 0, {})


async def test_a_restored_hub_is_explained_and_accuses_nobody(tmp_path: Path) -> None:
    async with county(made(tmp_path)) as land:
        await land.settle()
        await handed_over(land)
        backup = await backup_of(land, tmp_path / "backup")
        lost = await handed_over(land)
        await restore_hub(land, backup)
        await sign(land)
        # The township gets the new checkpoint and its covers; nothing of the village goes up again yet.
        await land.meet(land.township, land.hub)
        await land.meet(land.village, land.township)
        found = await compared(land.village)
        (own,) = found.journals
        assert found.checkpoint.order == 2
        assert own.judgement.found is Found.HUB_RESTORED
        assert own.judgement.again > 0
        assert not found.accuses
        told = "\n".join(against_words(found, land.village.exchange.network))
        assert "从备份恢复过" in told
        assert "这不是伪造" in told
        assert lost in own.cases[CaseCovered.NOT_YET]
        assert (await verify_node(land.village.exchange)).whole
        await land.settle()
        await sign(land)
        await land.settle()
        (own,) = (await compared(land.village)).journals
        assert own.judgement.found is Found.COVERED
        assert own.cases[CaseCovered.COVERED] == tuple(sorted(own.cases[CaseCovered.COVERED]))
        assert lost in own.cases[CaseCovered.COVERED]


async def test_another_history_under_the_hubs_signature_is_said_plainly(tmp_path: Path) -> None:
    """Two boxes with one set of keys wrote into one journal; the hub holds the other one's."""
    async with county(made(tmp_path)) as land:
        await land.settle()
        twin = await land.copy(tmp_path / "twin")
        await take_in(twin.village)
        await take_in(land.village)
        await land.settle()
        await sign(land)
        await land.meet(land.township, land.hub)
        await twin.meet(twin.village, land.township)
        found = await compared(twin.village)
        (own,) = found.journals
        assert own.judgement.found is Found.ANOTHER_HISTORY
        assert own.judgement.theirs != own.judgement.ours
        assert found.accuses
        told = "\n".join(against_words(found, twin.village.exchange.network))
        assert "不是同一份记录" in told
        assert "保留整个数据目录" in told
        assert "打电话" in told
        checked = await verify_node(twin.village.exchange)
        assert Wrong.ANOTHER_HISTORY in {fault.what for fault in checked.wrong}
        await twin.close()


async def test_a_third_person_checks_the_evidence_and_learns_of_no_case(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        number = await handed_over(land)
        text = (await evidence_of(land.village.exchange, await compared(land.village))).to_json()
        assert not any(
            word in text for word in ("王桂芳", number, number.replace("-", ""), "11010519491231002X")
        )
        found = Evidence.from_json(text.encode()).check()
        ((cover, _),) = found.proved
        assert cover.journal.writer == land.village.node
        (theirs,) = second(text.encode())["proved"]
        assert (theirs["number"], theirs["hash"]) == (cover.number, cover.hash.hex())
        assert "1份证明全部成立" in "\n".join(checked_words(found, "root", compared=False))


async def test_what_was_altered_on_the_disk_is_told_with_its_place(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await handed_over(land)
        box = land.village

        async def spoil(tx: Tx) -> None:
            await tx.client.execute_query("UPDATE cover SET hash = x'00'")
            await tx.client.execute_query("UPDATE checkpoint SET root = x'00' WHERE counter = 1")
            await tx.client.execute_query("UPDATE parcel SET content = x'00' WHERE kind = 'batch'")

        await box.exchange.open.write(spoil)
        await box.vault.write(lambda tx: tx.client.execute_query("UPDATE entry SET salt = zeroblob(16)"))
        found = await verify_node(box.exchange)
        assert {fault.what for fault in found.wrong} >= {
            Wrong.COVER_ALTERED,
            Wrong.CHECKPOINT_ALTERED,
            Wrong.PARCEL_ALTERED,
            Wrong.BODY_ALTERED,
        }
        assert Wrong.ANOTHER_HISTORY not in {fault.what for fault in found.wrong}, (
            "altered here, by nobody else"
        )
        told = verified_words(found, box.exchange.network)
        assert any("一铺东村（130638-0417）写给县里的日志" in line and "第1条" in line for line in told)
        assert "打电话告诉" in told[-1]


async def test_a_cover_altered_on_this_disk_accuses_nobody_else(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await handed_over(land)
        opened = land.village.exchange.open
        await opened.write(lambda tx: tx.client.execute_query("UPDATE cover SET hash = zeroblob(32)"))
        assert {fault.what for fault in (await verify_node(land.village.exchange)).wrong} == {
            Wrong.COVER_ALTERED
        }
        assert not (await compared(land.village)).accuses


async def test_a_checkpoint_from_before_is_compared_with_what_was_known_then(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await handed_over(land)
        early = await newest(land.village.exchange)
        assert early is not None
        land.clock.at += timedelta(hours=1)
        later = await handed_over(land)
        (own,) = (await against(land.village.exchange, early)).journals
        assert later in own.cases.get(CaseCovered.NOT_YET, ())
        (own,) = (await compared(land.village)).journals
        assert later in own.cases[CaseCovered.COVERED]
