"""A station's disk put into another machine while the first runs: both deliver, the copy in a new epoch."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from common.casework.application_file import read_applications
from common.casework.errors import EpochLeftError
from common.casework.receive import receive
from common.domain.bodies.records import EpochOpened
from common.domain.node import Tier
from common.domain.receipt_number import parse
from common.exchange import epochs
from common.exchange.epochs import CLONE, RESTORED, SERIAL_GAP
from common.exchange.verifying import verify_node
from common.journal.body import decode_body
from common.program import house_accounts
from common.program.commands.pictures import with_pictures
from common.program.directory import NodeDirectory, machine_name
from common.program.house import House
from common.program.keeper import Keeper
from common.store import cases, entries, journals
from common.store.engine import Tx
from common.store.errors import DiskFullError
from demo.county import PASSWORD
from demo.programs import Program
from demo.story import until
from tests.security.used_county import COMPLETE, UsedCounty

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("used_county"),
    pytest.mark.timeout(900),
]


async def test_a_copy_on_another_machine_opens_a_new_epoch_and_both_deliver(
    used: UsedCounty, tmp_path: Path
) -> None:
    village, hub = used.county.village, used.county.hub
    copy = Program("village_station", "同一站的另一台", tmp_path / "copy", dict(village.settings))
    await asyncio.to_thread(shutil.copytree, used.stolen, copy.data)
    assert machine_name(), "this machine has no name: /etc/machine-id is empty"
    (copy.data / "machine").write_bytes(b"another machine")
    of_copy = await used.take_in(copy, COMPLETE)
    of_first = await used.take_in(village, COMPLETE)
    assert parse(of_copy).serial > SERIAL_GAP > parse(of_first).serial
    assert (copy.data / "machine").read_bytes() == machine_name(), "noticed once"
    assert not (await copy.ask("verify", "--as", "helper", given=f"{PASSWORD}\n"))["wrong"]
    await copy.run("rebuild", "--as", "helper", given=f"{PASSWORD}\n")
    told = await _opened_by(copy)
    assert told
    for opened, old_number, old_hash in told:
        assert (opened.reason, opened.old_number, opened.old_hash) == (CLONE, old_number, old_hash)
    await copy.run("sync")
    await until("两台的件都到县里", lambda: _arrived(used, {of_copy, of_first}))
    assert not (await hub.ask("verify"))["wrong"]
    assert not (await village.ask("verify", "--as", "helper", given=f"{PASSWORD}\n"))["wrong"]


async def test_a_directory_put_back_opens_a_new_epoch_at_its_next_contact(
    used: UsedCounty, tmp_path: Path
) -> None:
    station = used.astray
    await used.take_in(station, COMPLETE)
    await station.run("sync")
    before = await _epoch(station)
    await asyncio.to_thread(shutil.copytree, station.data, tmp_path / "yesterday")
    lost = await used.take_in(station, COMPLETE)
    await station.run("sync")
    await asyncio.to_thread(shutil.rmtree, station.data)
    await asyncio.to_thread(shutil.copytree, tmp_path / "yesterday", station.data)
    await station.run("sync", "--as", "helper", given=f"{PASSWORD}\n")
    assert await _epoch(station) != before
    again = await used.take_in(station, COMPLETE)
    assert parse(again).serial > parse(lost).serial, "no number is given twice"
    await station.run("sync", "--as", "helper", given=f"{PASSWORD}\n")
    assert {lost, again} <= await used.numbers_at(station, "helper"), "what the township held came home"
    assert not (await station.ask("verify", "--as", "helper", given=f"{PASSWORD}\n"))["wrong"]
    await until("都到县里", lambda: _arrived(used, {lost, again}))


async def test_a_disk_full_while_an_epoch_is_left_is_made_good_in_the_next_round(
    used: UsedCounty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.to_thread(shutil.copytree, used.astray.data, tmp_path / "copy")
    house = await House.open(NodeDirectory(tmp_path / "copy"), Tier.VILLAGE)
    try:
        actor = await house_accounts.sign_in(house, "helper", PASSWORD)
        lines = read_applications(json.dumps(COMPLETE).encode())
        (application,) = await with_pictures(house.at_desk(), lines, tmp_path)

        async def full(*_: object) -> None:
            raise DiskFullError

        with monkeypatch.context() as filling:
            filling.setattr(epochs, "seal_due", full)
            with pytest.raises(DiskFullError):
                await house.begin_epoch(RESTORED)
        with pytest.raises(EpochLeftError):
            await receive(house.at_desk(), actor, application)
        await Keeper(house).round()
        taken = await receive(house.at_desk(), actor, application)
        _, exchange = house.enrolled()
        assert house.at_desk().epoch == exchange.epoch
        assert await house.at_desk().vault.read(lambda tx: cases.find(tx, str(taken.case_id)))
        assert (await verify_node(exchange)).whole
    finally:
        await house.close()


async def _epoch(program: Program) -> bytes:
    house = await House.open(NodeDirectory(program.data), Tier.VILLAGE)
    try:
        return house.enrolled()[0].epoch
    finally:
        await house.close()


async def _arrived(used: UsedCounty, numbers: set[str]) -> bool:
    return numbers <= await used.numbers_at(used.county.hub, "chief")


async def _opened_by(program: Program) -> list[tuple[EpochOpened, int, str]]:
    """What the first entries of the present epoch say, and the old one's last number and hash."""
    house = await House.open(NodeDirectory(program.data), Tier.VILLAGE)
    try:
        await house_accounts.sign_in(house, "helper", PASSWORD)
        who, _ = house.enrolled()

        async def work(tx: Tx) -> list[tuple[EpochOpened, int, str]]:
            heads = await journals.heads(tx, writer=str(who.node))
            found = []
            for head in (one for one in heads if one.epoch == who.epoch):
                first = (await entries.from_number(tx, head.id, 1, 1))[0]
                opened = decode_body(first.kind, first.body or b"")
                assert isinstance(opened, EpochOpened)
                old = next(
                    one
                    for one in heads
                    if one.epoch.hex() == opened.old_epoch and one.audience == head.audience
                )
                found.append((opened, old.applied_number, old.applied_hash.hex()))
            return found

        assert house.vault is not None
        return await house.vault.read(work)
    finally:
        await house.close()
