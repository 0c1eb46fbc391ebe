"""A backup holds a node's directory whole, sealed and read back; what is not whole is never taken for one."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from common.casework import accounts, attachments, publishing
from common.casework.rebuilding import rebuild_projections
from common.crypto.keyfile import new_recovery_code
from common.domain.grants import Role
from common.domain.node import Tier
from common.exchange import receipts as giving
from common.exchange.verifying import verify_node
from common.journal.ids import parcel_name
from common.program import house_accounts
from common.program.backup import form
from common.program.backup.form import BackupError
from common.program.backup.making import make_backup
from common.program.backup.restoring import restore_backup
from common.program.directory import DirectoryError, NodeDirectory
from common.program.founding import found_hub, found_node
from common.program.house import House, LockedError
from common.program.root_stick import RootStick, StickError, read_stick
from common.store import journals, parcels, settings
from common.store.engine import Tx
from common.store.errors import DiskFullError
from common.store.rows import JournalRow, ParcelRow
from tests.builders.desks import ITEMS, OFFICE
from tests.second_decoder.backup import read_folder

PASSPHRASE = "correct horse battery"
HUB_PASSPHRASE = "the hub's own passphrase"
PASSWORD = "a good password"


@dataclass
class Hub:
    """A hub with its catalogue drafted, and its root's stick."""

    folder: Path
    root_code: str

    @property
    def directory(self) -> NodeDirectory:
        return NodeDirectory(self.folder / "hub")

    @property
    def root_file(self) -> Path:
        return self.folder / "stick" / "county-root-130638.key"

    async def stick(self) -> RootStick:
        return await read_stick(self.root_file, self.root_code)


@pytest.fixture
async def hub(tmp_path: Path) -> Hub:
    directory = NodeDirectory(tmp_path / "hub")
    made = await found_hub(directory, tmp_path / "stick", "130638", "雄县", HUB_PASSPHRASE, "")
    return Hub(tmp_path, made.root_code)


@pytest.fixture
async def house(hub: Hub) -> AsyncIterator[House]:
    opened = await House.open(hub.directory, Tier.COUNTY)
    await opened.unlock_hub(HUB_PASSPHRASE)
    await publishing.import_items(opened.at_desk(), OFFICE, ITEMS)
    yield opened
    await opened.close()


async def restore(hub: Hub, source: Path, name: str = "again", passphrase: str = PASSPHRASE) -> House:
    target = NodeDirectory(hub.folder / name)
    await restore_backup(source, target, Tier.COUNTY, passphrase, await hub.stick())
    return await House.open(target, Tier.COUNTY)


def files_of(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("target", ["backup", "backup.jjb"])
async def test_what_was_backed_up_comes_back_in_a_new_epoch(hub: Hub, house: House, target: str) -> None:
    file = await attachments.keep_file(house.at_desk(), b"%PDF-1.7\n" + bytes(700_000), "application/pdf")
    made = await make_backup(house, hub.folder / target, PASSPHRASE)
    assert made.database
    assert made.files >= 5
    again = await restore(hub, hub.folder / target)
    try:
        await again.unlock_hub(HUB_PASSPHRASE)
        assert again.identity is not None
        assert house.identity is not None
        assert again.identity.node == house.identity.node
        assert again.identity.epoch != house.identity.epoch
        assert (await again.hub_certificate()).cert.order == 2  # type: ignore[union-attr]
        assert again.directory.hub_keys.read_bytes() == house.directory.hub_keys.read_bytes()
        assert len(await attachments.read_file(again.at_desk(), file)) == 700_009
        assert (await verify_node(again.enrolled()[1])).whole
        assert not (await rebuild_projections(again.at_desk())).differing
        await publishing.publish_catalogue(again.at_desk(), OFFICE, again.clock.today())
    finally:
        await again.close()
    assert not list(hub.folder.glob(".*")), "nothing half done is left"


async def test_a_reader_made_from_the_specification_alone_reads_it(hub: Hub, house: House) -> None:
    await attachments.keep_file(house.at_desk(), b"%PDF-1.7\n" + bytes(300_000), "application/pdf")
    target = hub.folder / "backup"
    await make_backup(house, target, PASSPHRASE)
    found = read_folder(target, PASSPHRASE)
    assert found["keys/hub.keys"] == house.directory.hub_keys.read_bytes()
    assert found["node.toml"] == house.directory.settings.read_bytes()
    (parcel,) = house.directory.parcels.iterdir()
    assert found[f"parcels/{parcel.name}"] == parcel.read_bytes()
    assert found["open.db"].startswith(b"SQLite format 3\0")


async def test_nothing_readable_lies_in_a_backup_and_its_label_names_nobody(hub: Hub, house: House) -> None:
    await make_backup(house, hub.folder / "backup", PASSPHRASE)
    everything = b"".join(path.read_bytes() for path in files_of(hub.folder / "backup"))
    for word in ("困难残疾人生活补贴", "SQLite format 3", "county_root", "雄县"):
        assert word.encode() not in everything
    label = json.loads((hub.folder / "backup" / "label.json").read_text(encoding="utf-8"))
    assert set(label) == {"what", "format", "node", "note"}


async def test_a_second_backup_writes_only_what_is_new(hub: Hub, house: House) -> None:
    for number in range(6):
        await attachments.keep_file(
            house.at_desk(), b"%PDF-1.7\n" + bytes([number]) * 300_000, "application/pdf"
        )
    first = await make_backup(house, hub.folder / "backup", PASSPHRASE)
    before = files_of(hub.folder / "backup")
    await attachments.keep_file(house.at_desk(), b"%PDF-1.7\n" + bytes([77]) * 300_000, "application/pdf")
    second = await make_backup(house, hub.folder / "backup", PASSPHRASE)
    assert second.files == first.files + 1
    assert 0 < second.written < first.written / 2
    assert len(files_of(hub.folder / "backup") - before) == second.written + 1
    again = await restore(hub, hub.folder / "backup")
    try:
        assert len(list((hub.folder / "again" / "parcels").iterdir())) == 7
    finally:
        await again.close()


async def test_a_backup_while_somebody_writes_is_one_moment(hub: Hub, house: House) -> None:
    writing = asyncio.create_task(_write_on(house))
    await make_backup(house, hub.folder / "backup", PASSPHRASE)
    writing.cancel()
    again = await restore(hub, hub.folder / "backup")
    try:
        assert (await verify_node(again.enrolled()[1])).whole
    finally:
        await again.close()


async def _write_on(house: House) -> None:
    number = 0
    while True:
        number += 1
        await house.opened.write(lambda tx, at=number: settings.put(tx, f"written/{at}", "一" * 500))  # type: ignore[misc]


async def test_only_a_verified_backup_is_called_safe(
    hub: Hub, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = await a_village_journal(house, held=5)
    with monkeypatch.context() as patch:
        patch.setattr(form.Backup, "piece", _unreadable)
        with pytest.raises(BackupError):
            await make_backup(house, hub.folder / "backup", PASSPHRASE)
    assert await safe(house, journal) is None
    with pytest.raises(BackupError, match="no finished backup"):
        await restore(hub, hub.folder / "backup")
    await make_backup(house, hub.folder / "backup", PASSPHRASE)
    assert await safe(house, journal) == 5


def _unreadable(_self: object, _name: str) -> bytes:
    raise BackupError("altered", "坏了。")


async def test_a_run_whose_attachment_is_not_in_the_backup_is_not_safe(hub: Hub, house: House) -> None:
    journal = await a_village_journal(house, held=5, lacking_at=4)
    await make_backup(house, hub.folder / "backup", PASSPHRASE)
    assert await safe(house, journal) == 3


async def a_village_journal(house: House, *, held: int, lacking_at: int = 0) -> JournalRow:
    async def work(tx: Tx) -> JournalRow:
        head = await journals.get_or_create(tx, bytes(31) + b"\1", "130638-0417", bytes(16), "county:0417")
        await journals.set_held(tx, head.id, held, bytes(32))
        if lacking_at:
            row = ParcelRow(
                parcel_name(b"gone"),
                "attachment",
                4,
                head.id,
                lacking_at,
                lacking_at,
                None,
                None,
                "partial",
                0,
            )
            await parcels.stage_file(tx, row)
        return head

    return await house.opened.write(work)


async def safe(house: House, journal: JournalRow) -> int | None:
    found = await house.opened.read(lambda tx: settings.get(tx, giving.SAFE))
    return None if found is None else int(found[journal.digest.hex()])


async def test_another_passphrase_opens_nothing_and_leaves_nothing(hub: Hub, house: House) -> None:
    await make_backup(house, hub.folder / "backup", PASSPHRASE)
    with pytest.raises(BackupError, match="wrong passphrase"):
        await restore(hub, hub.folder / "backup", passphrase="another passphrase")
    with pytest.raises(BackupError, match="wrong passphrase"):
        await make_backup(house, hub.folder / "backup", "another passphrase")
    assert not (hub.folder / "again").exists()


async def test_a_short_passphrase_is_refused(hub: Hub, house: House) -> None:
    with pytest.raises(BackupError, match="too short"):
        await make_backup(house, hub.folder / "backup.jjb", "short")
    assert not list(hub.folder.glob("*backup*"))


@pytest.mark.parametrize("kept", [0, 10, 0.3, 0.6, 0.9])
async def test_half_a_file_is_told_and_nothing_is_restored(hub: Hub, house: House, kept: float) -> None:
    target = hub.folder / "backup.jjb"
    await make_backup(house, target, PASSPHRASE)
    data = target.read_bytes()
    target.write_bytes(data[: int(kept if kept > 1 else len(data) * kept)])
    with pytest.raises(BackupError):
        await restore(hub, target)
    assert not (hub.folder / "again").exists()
    assert not list(hub.folder.glob(".*"))


async def test_every_altered_piece_is_noticed(hub: Hub, house: House) -> None:
    await make_backup(house, hub.folder / "backup", PASSPHRASE)
    for path in sorted(files_of(hub.folder / "backup")):
        data = path.read_bytes()
        path.write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
        if path.name == "label.json":
            path.write_bytes(b"{")
        with pytest.raises(BackupError):
            await restore(hub, hub.folder / "backup")
        assert not (hub.folder / "again").exists()
        path.write_bytes(data)
    await (await restore(hub, hub.folder / "backup")).close()


async def test_a_backup_cut_short_leaves_the_one_before(
    hub: Hub, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = hub.folder / "backup.jjb"
    await make_backup(house, target, PASSPHRASE)
    before = target.read_bytes()

    def full(*_: object) -> str:
        raise DiskFullError

    monkeypatch.setattr(form.Backup, "add_list", full)
    with pytest.raises(DiskFullError):
        await make_backup(house, target, PASSPHRASE)
    assert target.read_bytes() == before
    assert not list(hub.folder.glob(".*"))
    assert not (hub.directory.path / "backup.tmp").exists()


async def test_an_earlier_piece_that_is_gone_is_noticed_by_the_next_backup(hub: Hub, house: House) -> None:
    await attachments.keep_file(house.at_desk(), b"%PDF-1.7\n" + bytes(700_000), "application/pdf")
    await make_backup(house, hub.folder / "backup", PASSPHRASE)
    for path in files_of(hub.folder / "backup" / "pieces"):
        path.unlink()
    with pytest.raises(BackupError, match="earlier piece"):
        await make_backup(house, hub.folder / "backup", PASSPHRASE)


async def test_another_format_is_told_in_a_sentence(hub: Hub, house: House) -> None:
    await make_backup(house, hub.folder / "backup", PASSPHRASE)
    label = hub.folder / "backup" / "label.json"
    for form_number, word in ((0, "更早"), (2, "更新")):
        label.write_text(json.dumps({**json.loads(label.read_text("utf-8")), "format": form_number}))
        with pytest.raises(BackupError) as refused:
            await restore(hub, hub.folder / "backup")
        assert word in refused.value.sentence


async def test_a_backup_of_another_node_is_not_mixed_in(hub: Hub, house: House, tmp_path: Path) -> None:
    await make_backup(house, hub.folder / "backup", PASSPHRASE)
    label = hub.folder / "backup" / "label.json"
    label.write_text(json.dumps({**json.loads(label.read_text("utf-8")), "node": "130638-0417"}))
    with pytest.raises(BackupError, match="another node"):
        await make_backup(house, hub.folder / "backup", PASSPHRASE)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_bytes(b"picture")
    with pytest.raises(BackupError, match="not an empty folder"):
        await make_backup(house, tmp_path / "photos", PASSPHRASE)


async def test_restore_never_overwrites_and_asks_for_the_right_program(hub: Hub, house: House) -> None:
    await make_backup(house, hub.folder / "backup", PASSPHRASE)
    with pytest.raises(DirectoryError):
        await restore(hub, hub.folder / "backup", "hub")
    target = NodeDirectory(hub.folder / "again")
    with pytest.raises(BackupError, match="another tier"):
        await restore_backup(hub.folder / "backup", target, Tier.VILLAGE, PASSPHRASE, None)
    with pytest.raises(BackupError, match="no root"):
        await restore_backup(hub.folder / "backup", target, Tier.COUNTY, PASSPHRASE, None)
    assert not target.path.exists()


async def test_the_roots_stick_gives_no_order_twice(hub: Hub, house: House) -> None:
    await make_backup(house, hub.folder / "backup", PASSPHRASE)
    orders = []
    for name in ("one", "two", "three"):
        again = await restore(hub, hub.folder / "backup", name)
        orders.append((await again.hub_certificate()).cert.order)  # type: ignore[union-attr]
        await again.close()
    assert orders == [2, 3, 4]
    assert len((await hub.stick()).signed) == 4


async def test_a_wrong_code_or_file_is_no_root(hub: Hub) -> None:
    with pytest.raises(StickError, match="wrong code"):
        await read_stick(hub.root_file, new_recovery_code())
    with pytest.raises(StickError, match="no root file"):
        await read_stick(hub.folder / "nowhere.key", hub.root_code)
    hub.root_file.write_bytes(b"not a key")
    with pytest.raises(StickError, match="not a root file"):
        await read_stick(hub.root_file, hub.root_code)


async def test_a_locked_station_is_not_backed_up_and_an_unlocked_one_comes_back(tmp_path: Path) -> None:
    directory = NodeDirectory(tmp_path / "village")
    await found_node(directory, Tier.VILLAGE)
    house = await House.open(directory, Tier.VILLAGE)
    try:
        new = accounts.NewAccount("admin", "站管理员", frozenset({Role.ADMINISTRATOR}))
        await house_accounts.add_user(house, new, PASSWORD)
        await make_backup(house, tmp_path / "backup.jjb", PASSPHRASE)
        await house.lock()
        with pytest.raises(LockedError):
            await make_backup(house, tmp_path / "backup.jjb", PASSPHRASE)
    finally:
        await house.close()
    target = NodeDirectory(tmp_path / "again")
    done = await restore_backup(tmp_path / "backup.jjb", target, Tier.VILLAGE, PASSPHRASE, None)
    assert done.node == ""
    again = await House.open(target, Tier.VILLAGE)
    try:
        assert again.locked
        await house_accounts.unlock_by(again, "admin", PASSWORD)
        assert not again.locked
    finally:
        await again.close()
