"""An erasure by real programs, one of them killed in the middle; then every disk is copied and searched."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from common.domain.node import Tier
from common.program import house_accounts
from common.program.directory import NodeDirectory
from common.program.house import House
from common.store.engines import sqlcipher
from demo.county import PASSWORD, County
from demo.programs import Program, StoryError
from demo.story import DISABLED, Story, until
from tests.builders.needles import files_of, found, needles

pytestmark = [pytest.mark.timeout(1800)]
WHO = {
    "name": "慕容翠莲",
    "identity": "130638197203030027",
    "phone": "13912345678",
    "address": "雄县雄州镇西昝村9号",
}
WANTED = tuple(needles(tuple(WHO.values())))
SIGN_INS = {"hub": "chief", "township": "clerk", "village": "helper"}


@pytest.fixture
async def county(tmp_path: Path) -> AsyncIterator[tuple[Story, str]]:
    """A county with one closed case of hers, taken in at the village and decided by the hub."""
    made = County.at(tmp_path / "county")
    story = Story(made, tmp_path)
    try:
        await story.morning()
        await story._take_in("disabled", {**DISABLED, "applicant": WHO}, "材料齐")
        number = story.numbers["disabled"]
        await until("乡镇收到", lambda: _has(story, made.township, "clerk", number))
        await story._do(made.township, "clerk", "review", number, "--opinion", f"{WHO['name']}家情况属实")
        await story.decided()
        await story.handed_over()
        await until("村里看到办结", lambda: story._closed_everywhere(number))
        await until("乡镇看到办结", lambda: story._state_is(made.township, "clerk", number, "closed"))
        yield story, number
    finally:
        await made.line.cut()
        for program in made.programs:
            await program.kill()


async def _has(story: Story, program: Program, login: str, number: str) -> bool:
    return number in await story._numbers_at(program, login)


async def test_after_a_real_erasure_no_disk_names_her(county: tuple[Story, str], tmp_path: Path) -> None:
    story, number = county
    hub, village, township = story.county.hub, story.county.village, story.county.township
    assert await asyncio.to_thread(found, hub.data, WANTED), "a blind test"
    plain = await village.run("purge", "--dry-run", "--as", "helper", given=f"{PASSWORD}\n")
    assert number in plain
    assert "留存时间还没有到" in plain
    everybody = ("user", "add", "sun", "--name", "孙监察", "--role", "supervisor", "--by", "admin")
    await hub.run(*everybody, given=f"{PASSWORD}\n" * 2)
    erase = ("case", "erase", number, "--reason", "consent_withdrawn", "--as", "admin", "--second")
    alone = await hub.run(*erase, "admin", given=f"{PASSWORD}\n" * 2, fails=True)
    assert "两个人" in alone
    told = await hub.run(*erase, "sun", given=f"{PASSWORD}\n" * 2)
    assert "县里已删" in told
    for seconds in (0.8, 1.1, 1.4, 1.7):
        await _killed_after(village, seconds)
    await until("各站点都答复已删", lambda: _all_answered(story))
    (one,) = await hub.ask("case", "erased", "--as", "admin", given=f"{PASSWORD}\n")
    assert (one["number"], one["waiting"], len(one["done"])) == (number, [], 3)
    for name, program in (("hub", hub), ("township", township), ("village", village)):
        login = SIGN_INS[name]
        gone = await program.run("case", "show", number, "--as", login, given=f"{PASSWORD}\n", fails=True)
        assert "已依法删除" in gone
        said = await program.run("verify", "--as", login, given=f"{PASSWORD}\n")
        assert "已按县里的命令删除" in said
        assert "全部完好" in said
        assert "完全一样" in await program.run("rebuild", "--as", login, given=f"{PASSWORD}\n")
        copy = tmp_path / "copies" / name
        await asyncio.to_thread(shutil.copytree, program.data, copy)
        assert await asyncio.to_thread(found, copy, WANTED) == [], name
        assert {"open.db", "serve.log"} <= (await asyncio.to_thread(files_of, copy)).keys()
        if name != "hub":
            await _decrypted(copy, Tier(name), login)
            assert await asyncio.to_thread(found, copy / "plain", WANTED) == [], name


async def _killed_after(program: Program, seconds: float) -> None:
    """Sign in with a command, which applies what has come, and kill it in the middle."""
    process = await program._start("case", "list", "--as", "helper", errors=asyncio.subprocess.DEVNULL)
    assert process.stdin is not None
    process.stdin.write(f"{PASSWORD}\n".encode())
    await process.stdin.drain()
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _all_answered(story: Story) -> bool:
    for name in ("township", "village"):
        program: Program = getattr(story.county, name)
        try:
            await program.run("case", "list", "--as", SIGN_INS[name], given=f"{PASSWORD}\n")
        except StoryError:
            return False
    listed: list[dict[str, Any]] = await story.county.hub.ask(
        "case", "erased", "--as", "admin", given=f"{PASSWORD}\n"
    )
    return not listed[0]["waiting"]


async def _decrypted(copy: Path, tier: Tier, login: str) -> None:
    """Write a copied vault out in plain, as somebody who knows a password could."""
    house = await House.open(NodeDirectory(copy), tier)
    try:
        await house_accounts.sign_in(house, login, PASSWORD)
        key = house.vault_key
    finally:
        await house.close()
    assert key is not None
    (copy / "plain").mkdir()

    def write() -> None:
        connection = sqlcipher.connect(copy / "vault.db", key, 10.0)
        try:
            connection.execute(f"ATTACH DATABASE '{copy / 'plain' / 'vault.db'}' AS plain KEY ''")
            connection.execute("SELECT sqlcipher_export('plain')").fetchone()
        finally:
            connection.close()

    await asyncio.to_thread(write)
    staff = {Tier.TOWNSHIP: "李窗口", Tier.VILLAGE: "赵帮办"}[tier]
    assert staff.encode() in (copy / "plain" / "vault.db").read_bytes(), "a blind test"
