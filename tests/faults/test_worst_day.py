"""The worst day with the real programs: machines die after decisions were told, and come back."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import pytest
import pytest_asyncio

from demo.county import PASSWORD, County
from demo.programs import Program
from demo.story import DISABLED, FREE, ORPHAN, until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(1800)]
BACKUP_PASSPHRASE = "a passphrase for backups"
TYPED = f"{PASSWORD}\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def county(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[County]:
    made = County.at(tmp_path_factory.mktemp("worst") / "county")
    try:
        await made.found()
        await made.start(hub=FREE, township=FREE, village=FREE)
        await until("事项目录", lambda: has_catalogue(made.village))
        yield made
    finally:
        await made.line.cut()
        for program in made.programs:
            await program.kill()


async def has_catalogue(program: Program) -> bool:
    return bool((await program.ask("status"))["items"])


async def take_in(county: County, folder: Path, what: object) -> str:
    file = folder / "application.json"
    file.write_text(json.dumps(what, ensure_ascii=False), encoding="utf-8")
    (taken,) = await county.village.ask(
        "case", "receive", str(file), "--again", "--as", "helper", given=TYPED
    )
    return str(taken["number"])


async def state(program: Program, login: str, number: str) -> str:
    listed = await program.ask("case", "list", "--as", login, given=TYPED)
    return next((row["state"] for row in listed if row["number"] == number), "")


async def reached(program: Program, login: str, number: str, wanted: str) -> None:
    async def ask() -> bool:
        return await state(program, login, number) == wanted

    await until(f"{number} {wanted}", ask)


async def decide(hub: Program, number: str) -> None:
    for words in (
        ("accept",),
        ("review", "--opinion", "属实"),
        ("decide", "--outcome", "granted"),
    ):
        await hub.run("case", words[0], number, *words[1:], "--as", "chief", given=TYPED)


async def everybody_signs_in(county: County) -> None:
    """What is due of a locked box is written when somebody signs in."""
    await county.village.run("case", "list", "--as", "helper", given=TYPED)
    await county.township.run("case", "list", "--as", "clerk", given=TYPED)


async def test_the_hub_is_restored_from_yesterday_after_decisions_were_told(
    county: County, tmp_path: Path
) -> None:
    hub = county.hub
    told, waiting = await take_in(county, tmp_path, ORPHAN), await take_in(county, tmp_path, ORPHAN)
    await reached(hub, "chief", waiting, "received")
    invited = await hub.ask(
        *("invite", "--tier", "village", "--division", "130638100205", "--name", "第五村"),
        *("--parent", (await county.township.ask("status"))["node"]),
    )
    target = tmp_path / "backup"
    made = await hub.ask("backup", str(target), given=f"{BACKUP_PASSPHRASE}\n")
    assert made["database"]
    assert made["damaged"] == 0

    await decide(hub, told)
    await reached(county.village, "helper", told, "decided")
    later = await hub.ask(
        *("invite", "--tier", "village", "--division", "130638100206", "--name", "第六村"),
        *("--parent", (await county.township.ask("status"))["node"]),
    )
    await hub.kill()
    await county.line.cut()
    old = Program("county_hub", "旧机器", tmp_path / "old", dict(hub.settings))
    await asyncio.to_thread(shutil.move, hub.data, old.data)

    began = monotonic()
    words = ("restore", str(target), "--root", str(county.root_file))
    assert "口令不对" in await hub.run(*words, given=f"wrong passphrase\n{county.root_code}\n", fails=True)
    assert not hub.data.exists()
    done = await hub.ask(*words, given=f"{BACKUP_PASSPHRASE}\n{county.root_code}\n")
    assert done["order"] == 2
    await hub.serve(FREE, FREE)
    assert monotonic() - began < 300, "RTO of a small county"
    await county.line.open(int(hub.ssh.rpartition(":")[2]))

    shown = await hub.ask("recovery", "show")
    assert shown["recovering"]
    refused = await hub.run("case", "accept", waiting, "--as", "chief", given=TYPED, fails=True)
    assert "恢复" in refused
    assert "恢复" in await hub.run("catalogue", "publish", fails=True)

    async def is_over() -> bool:
        await everybody_signs_in(county)
        return not (await hub.ask("recovery", "show"))["recovering"]

    await until("各站点都送回旧记录", is_over)
    assert await state(hub, "chief", told) == "decided", "what was told came home and stands"
    again = ("case", "decide", told, "--outcome", "granted", "--as", "chief")
    assert "已决定" in await hub.run(*again, given=TYPED, fails=True)
    await decide(hub, waiting)
    await reached(county.village, "helper", waiting, "decided")
    newest = await hub.ask(
        *("invite", "--tier", "village", "--division", "130638100207", "--name", "第七村"),
        *("--parent", (await county.township.ask("status"))["node"]),
    )
    assert newest["node"] > later["node"] > invited["node"], "no node number is given twice"
    stranger = Program("village_station", "第五村", tmp_path / "stranger")
    await stranger.run("init")
    enrol = ("enrol", "--code", invited["code"], "--via", county.township.ssh)
    assert "作废" in await stranger.run(*enrol, fails=True)
    for program, login in ((hub, None), (county.township, "clerk"), (county.village, "helper")):
        as_whom = ("--as", login) if login else ()
        assert not (await program.ask("verify", *as_whom, given=TYPED))["wrong"]
    await hub.run("rebuild", "--as", "chief", given=TYPED)
    await _the_old_machine_is_switched_on(county, old)


async def _the_old_machine_is_switched_on(county: County, old: Program) -> None:
    before = (await county.township.ask("status"))["hub_time"]
    await county.line.cut()
    await old.serve(FREE, FREE)
    try:
        await county.line.open(int(old.ssh.rpartition(":")[2]))

        async def stopped() -> bool:
            return bool((await old.ask("recovery", "show"))["stopped"])

        await until("旧机器停止办理", stopped)
        refused = await old.run("node", "revoke", (await county.village.ask("status"))["node"], fails=True)
        assert "旧的" in refused
        assert (await county.township.ask("status"))["hub_time"] == before, "no checkpoint was taken from it"
    finally:
        await old.kill()
    await county.line.cut()
    await county.line.open(int(county.hub.ssh.rpartition(":")[2]))


async def test_a_station_and_a_township_come_back_from_their_backups(county: County, tmp_path: Path) -> None:
    known = await take_in(county, tmp_path, DISABLED)
    for program, name in ((county.village, "village.jjb"), (county.township, "township")):
        made = ("backup", str(tmp_path / name))
        assert "--as" in await program.run(*made, given=f"{BACKUP_PASSPHRASE}\n", fails=True)
        given = f"{PASSWORD}\n{BACKUP_PASSPHRASE}\n"
        await program.run(*made, "--as", "admin", given=given)
    lost = await take_in(county, tmp_path, DISABLED)
    await reached(county.township, "clerk", lost, "received")
    words = ("--opinion", "入户核实")
    for number in (known, lost):
        await county.township.run("case", "review", number, *words, "--as", "clerk", given=TYPED)
        await reached(county.hub, "chief", number, "received")
    for program, name in ((county.village, "village.jjb"), (county.township, "township")):
        await program.kill()
        await asyncio.to_thread(shutil.rmtree, program.data)
        await program.run("restore", str(tmp_path / name), given=f"{BACKUP_PASSPHRASE}\n")
    await county.township.serve(FREE, FREE)
    county.village.settings["JIUJIN_UPPER"] = f'["{county.township.ssh}"]'
    await county.village.serve(FREE)
    refused = await county.township.run(
        "case", "review", known, *words, "--as", "clerk", given=TYPED, fails=True
    )
    assert "恢复" in refused or "由县里办理" in refused, "the hub may have told it already"

    async def both_over() -> bool:
        await everybody_signs_in(county)
        shown = [
            await county.township.ask("recovery", "show", "--as", "clerk", given=TYPED),
            await county.village.ask("recovery", "show", "--as", "helper", given=TYPED),
        ]
        return not any(one["recovering"] for one in shown)

    await until("乡镇和村都恢复完毕", both_over)
    assert await state(county.village, "helper", lost) == "received", (
        "it came home from the township's carriers"
    )
    later = await take_in(county, tmp_path, DISABLED)
    assert later[:4] == lost[:4]
    assert int(later[8:13]) > int(lost[8:13]), "no receipt number is given twice"
    for number in (known, lost):
        custodian = await county.hub.ask("case", "list", "--as", "chief", given=TYPED)
        assert [row["number"] for row in custodian].count(number) == 1
