"""Hub, two townships and six villages as real programs on a network that is slow, loses, breaks and heals."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.county import HUB_PEOPLE, PASSWORD, TOWNSHIP_PEOPLE, VILLAGE_PEOPLE, SignIn
from demo.programs import ROOT, Program
from demo.story import ORPHAN, until
from tests.network.namespaces import Link, Network, missing, network

TYPED = f"{PASSWORD}\n"
PORT = 2222
TOWNSHIPS = ("130638100", "130638101")
VILLAGES = (203, 204, 205)
QUICK = {"JIUJIN_SYNC_SECONDS": "2"}


@dataclass(eq=False)
class Joined:
    """A node below the hub and its cable upwards."""

    program: Program
    link: Link
    node: str = ""

    async def enrol(self, hub: Program, tier: str, division: str, *parent: str) -> None:
        """Join the county through the node above and make the first accounts."""
        words = ("--tier", tier, "--division", division, "--name", self.program.name, *parent)
        invited = await hub.ask("invite", *words)
        self.node = str(invited["node"])
        await self.program.run("init")
        await self.program.run("enrol", "--code", invited["code"], "--via", f"{self.link.address}:{PORT}")
        self.program.settings["JIUJIN_UPPER"] = json.dumps([f"{self.link.address}:{PORT}"])


class Field:
    """The county on its network."""

    def __init__(self, folder: Path, net: Network) -> None:
        self.folder = folder
        secret = {"JIUJIN_PASSPHRASE_FILE": str(folder / "passphrase")}
        self.hub = self._program(net, "county_hub", "hub", QUICK | secret)
        self.townships = [self._joined(net, "township_node", f"t{number}", self.hub) for number in (1, 2)]
        self.villages = {
            township: [
                self._joined(net, "village_station", f"v{at}{number}", township.program)
                for number in (1, 2, 3)
            ]
            for at, township in enumerate(self.townships, 1)
        }

    def _program(self, net: Network, module: str, name: str, settings: dict[str, str]) -> Program:
        under = ("ip", "netns", "exec", net.place(name))
        return Program(module, f"节点{name}", self.folder / name, dict(settings), under=under)

    def _joined(self, net: Network, module: str, name: str, above: Program) -> "Joined":
        program = self._program(net, module, name, QUICK)
        return Joined(program, net.join(program.under[-1], above.under[-1]))

    @property
    def stations(self) -> list[Joined]:
        """Every village."""
        return [one for below in self.villages.values() for one in below]

    @property
    def programs(self) -> list[Program]:
        """From the hub down."""
        return [self.hub, *(one.program for one in (*self.townships, *self.stations))]

    async def found(self) -> None:
        """Make every node, let it join, and serve."""
        (self.folder / "passphrase").write_text(TYPED)
        (self.folder / "passphrase").chmod(0o600)
        where = ("--county", "130638", "--name", self.hub.name, "--root", str(self.folder / "stick"))
        await self.hub.ask("init", *where, "--passphrase-file", str(self.folder / "passphrase"))
        await people(self.hub, HUB_PEOPLE)
        await self.hub.run("catalogue", "import", str(ROOT / "demo" / "items.csv"))
        await self.hub.run("catalogue", "publish")
        await self.serve(self.hub)
        for division, township in zip(TOWNSHIPS, self.townships, strict=True):
            await township.enrol(self.hub, "township", division)
            await people(township.program, TOWNSHIP_PEOPLE)
            await self.serve(township.program)
        for division, township in zip(TOWNSHIPS, self.townships, strict=True):
            for number, village in zip(VILLAGES, self.villages[township], strict=True):
                await village.enrol(self.hub, "village", f"{division}{number}", "--parent", township.node)
                await people(village.program, VILLAGE_PEOPLE)
                await self.serve(village.program)

    async def serve(self, program: Program) -> None:
        """Serve pages inside the namespace, and lines on all its cables."""
        listening = "" if program.module == "village_station" else f"0.0.0.0:{PORT}"
        await program.serve("127.0.0.1:8080", listening)

    async def take_in(self, village: Joined) -> str:
        """Take an application in at a village; return its receipt number."""
        file = self.folder / f"{village.node}.json"
        file.write_text(json.dumps(ORPHAN, ensure_ascii=False), encoding="utf-8")
        words = ("case", "receive", str(file), "--again", "--as", "helper")
        (taken,) = await village.program.ask(*words, given=TYPED)
        return str(taken["number"])

    async def numbers_at_hub(self) -> list[str]:
        """Return the receipt number of every case the county has."""
        listed = await self.hub.ask("case", "list", "--limit", "1000", "--as", "chief", given=TYPED)
        return sorted(row["number"] for row in listed)


async def people(program: Program, listed: tuple[SignIn, ...]) -> None:
    first, *others = listed
    for one in (first, *others):
        by = () if one is first else ("--by", first.login)
        roles = [word for role in one.roles for word in ("--role", role)]
        given = TYPED * (2 if by else 1)
        await program.run("user", "add", one.login, "--name", one.name, *roles, *by, given=given)


@pytest.mark.skipif(bool(missing()), reason=missing() or "it can")
@pytest.mark.timeout(1800)
@pytest.mark.xdist_group("network")
async def test_every_case_arrives_once_over_a_network_that_is_slow_loses_breaks_and_heals(tmp_path: Path):
    with network() as net:
        field = Field(tmp_path, net)
        try:
            await field.found()
            await walk(field)
        finally:
            for program in reversed(field.programs):
                await program.kill()


async def walk(field: Field) -> None:
    near, far = field.townships
    first, second, third = field.villages[near]

    async def has_items(village: Joined) -> bool:
        return bool((await village.program.ask("status"))["items"])

    for village in field.stations:
        await until("事项目录", lambda village=village: has_items(village))  # type: ignore[misc]
        village.link.slow_down("512kbit")
    near.link.lose(0.02)
    far.link.cut()
    second.link.cut()
    taken = [await field.take_in(village) for village in field.stations]
    await near.program.kill()
    taken += [await field.take_in(first), await field.take_in(second)]
    await third.program.kill()
    await field.serve(near.program)
    await field.serve(third.program)
    second.link.mend()
    far.link.mend()

    async def all_there() -> bool:
        return set(taken) <= set(await field.numbers_at_hub())

    await until("county has every case", all_there)
    assert Counter(await field.numbers_at_hub()) == Counter(taken), "none twice, none that nobody took in"
    verified = await asyncio.gather(
        *(one.program.ask("verify", "--as", "helper", given=TYPED) for one in field.stations)
    )
    assert [one["wrong"] for one in verified] == [[]] * 6
    assert (await field.hub.ask("verify"))["wrong"] == []
