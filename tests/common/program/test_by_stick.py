"""A county without any line: three real programs that meet by one stick alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from demo.county import PASSWORD, TOWNSHIP_PEOPLE, VILLAGE_PEOPLE, County
from demo.programs import Program, StoryError
from demo.story import DISABLED, FREE, ORPHAN, until


class StickCounty:
    """The demo's county, never served: only commands are run, and a stick goes round."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.county = folder, County.at(folder / "county")
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.hub, self.township, self.village = self.county.programs

    async def carry_to(self, program: Program, login: str = "admin") -> Any:
        """Plug the stick in and unlock the box; at the hub its passphrase lies in a file."""
        words = ["sync", "--folder", str(self.stick)]
        if program is not self.hub:
            words += ["--as", login]
        return await program.ask(*words, given=f"{PASSWORD}\n")

    async def enrol(self, program: Program, tier: str, division: str, *more: str) -> str:
        """Invite and enrol a box: the stick goes to it, to the hub, and to it again."""
        words = ("invite", "--tier", tier, "--division", division, "--name", program.name, *more)
        invited = await self.hub.ask(*words)
        empty = ("enrol", "--code", invited["code"], "--folder", str(self.folder))
        assert "还没有到过县里任何站点" in await program.run(*empty, fails=True)
        enrol = ("enrol", "--code", invited["code"], "--folder", str(self.stick))
        assert await program.ask(*enrol) == {"node": None}
        await self.carry_to(self.hub)
        return str((await program.ask(*enrol))["node"])

    async def do(self, program: Program, login: str, *words: str) -> None:
        await program.run("case", *words, "--as", login, given=f"{PASSWORD}\n")

    async def state_at(self, program: Program, login: str, number: str) -> Any:
        return await program.ask("case", "show", number, "--as", login, given=f"{PASSWORD}\n")

    async def take_in(
        self, application: object, program: Program | None = None, login: str = "helper"
    ) -> str:
        file = self.folder / "application.json"
        file.write_text(json.dumps(application, ensure_ascii=False), encoding="utf-8")
        words = ("case", "receive", str(file), "--as", login)
        return str((await (program or self.village).ask(*words, given=f"{PASSWORD}\n"))[0]["number"])


@pytest.fixture
async def land(tmp_path: Path) -> StickCounty:
    made = StickCounty(tmp_path)
    await made.county.found()
    return made


@pytest.mark.timeout(900)
async def test_a_village_without_any_line_lives_by_a_stick_alone(land: StickCounty) -> None:
    hub, township, village = land.hub, land.township, land.village
    await land.carry_to(hub)
    town = await land.enrol(township, "township", "130638100")
    await land.county._people(township, TOWNSHIP_PEOPLE)
    await land.county._grants(town)
    await land.enrol(village, "village", "130638100203", "--parent", town)
    await land.county._people(village, VILLAGE_PEOPLE)
    assert (await village.ask("status"))["items"], "the catalogue came with the stick"

    number, secret = await land.take_in(DISABLED), await land.take_in(ORPHAN)
    up = await land.carry_to(village)
    assert up["written"]["batches"]
    await land.carry_to(township)
    assert (await land.state_at(township, "clerk", number))["state"] == "received"
    await land.do(township, "clerk", "review", number, "--opinion", "入户核实,情况属实")
    await land.carry_to(township)
    there = await land.carry_to(hub)
    assert there["taken_in"]["batches"]
    assert (await land.state_at(hub, "chief", secret))["state"] == "received"
    shown = await land.state_at(village, "helper", secret)
    assert {step["key"]: step["filled"] for step in shown["where"]}["county"] == "open", (
        "not before its receipt"
    )

    await land.do(hub, "reviewer", "accept", number)
    await land.do(hub, "reviewer", "review", number, "--opinion", "材料属实,符合条件")
    await land.do(hub, "chief", "decide", number, "--outcome", "granted", "--reason", "符合两项补贴条件")
    await land.do(hub, "chief", "issue", number)
    await land.carry_to(hub)
    home = await land.carry_to(village)
    assert home["taken_in"]["attachments"], "the paper itself came"
    assert home["taken_in"]["receipts"]
    shown = await land.state_at(village, "helper", number)
    assert shown["state"] == "paper_made"
    assert {step["key"]: step["filled"] for step in shown["where"]}["county"] == "done"
    paper = land.folder / "decision.pdf"
    await land.do(village, "helper", "paper", number, "--out", str(paper))
    await land.do(village, "helper", "deliver", number)
    await land.carry_to(village)
    await land.carry_to(hub)
    assert (await land.state_at(hub, "chief", number))["state"] == "closed"
    for program in (hub, township, village):
        assert (await program.ask("verify"))["wrong"] == []


@pytest.mark.timeout(900)
async def test_two_programs_meet_in_a_ferry_directory_at_a_gate(land: StickCounty) -> None:
    hub, township = land.hub, land.township
    for program in (hub, township):
        program.settings |= {"JIUJIN_FERRY": json.dumps([str(land.stick)]), "JIUJIN_SYNC_SECONDS": "1"}
    await hub.serve(FREE)
    try:
        await until("the hub was at the ferry", lambda: _there(land.stick / "JIUJIN" / "county.jji"))
        invited = await hub.ask(
            *("invite", "--tier", "township", "--division", "130638100", "--name", township.name)
        )
        enrol = ("enrol", "--code", invited["code"], "--folder", str(land.stick))
        await until("the hub answered", lambda: _is_node(township, *enrol))
        await land.county._people(township, TOWNSHIP_PEOPLE)
        await township.serve(FREE, FREE)
        await until("the catalogue came", lambda: _has_items(township))
        number = await land.take_in(ORPHAN, township, "clerk")

        async def told_at_home() -> bool:
            shown = await land.state_at(township, "clerk", number)
            return {step["key"]: step["filled"] for step in shown["where"]}.get("county") == "done"

        await until("the case is at the hub, and the township knows", told_at_home)
        assert (await land.state_at(hub, "chief", number))["state"] == "received"
    finally:
        for program in (township, hub):
            await program.stop()


async def _there(path: Path) -> bool:
    return path.exists()  # noqa: ASYNC240


async def _is_node(program: Program, *enrol: str) -> bool:
    try:
        return bool((await program.ask(*enrol))["node"])
    except StoryError:
        return False  # the other program has the folder just now


async def _has_items(program: Program) -> bool:
    return bool((await program.ask("status"))["items"])
