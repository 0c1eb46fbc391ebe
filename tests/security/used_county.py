"""A small county of real programs after a day's work: cases in it, one village killed and started locked."""

import asyncio
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from aiohttp import ClientSession, CookieJar
from PIL import Image

from demo.county import PASSWORD, VILLAGE_PEOPLE, County
from demo.programs import Program
from demo.story import DISABLED, FREE, ORPHAN, PENSION, until
from tests.builders.pictures import exif, saved
from tests.builders.sites import Browser

PICTURE = saved(Image.effect_noise((400, 300), 90), "JPEG", exif=exif(6))
PICTURED = {"name": "欧阳翠莲", "identity": "130638197203030027", "phone": "13912345678"}
PEOPLE: tuple[Mapping[str, Any], ...] = (
    cast("Mapping[str, Any]", DISABLED["applicant"]),
    cast("Mapping[str, Any]", ORPHAN["applicant"]),
    cast("Mapping[str, Any]", cast("Mapping[str, Any]", ORPHAN["agent"])["person"]),
    PICTURED,
)
COMPLETE = {**PENSION, "insisted": True}


def texts_of(application: Mapping[str, Any]) -> list[str]:
    """Return what an application says of people: names, ID numbers, telephones."""
    people = [application["applicant"]]
    people += [application["agent"]["person"]] if "agent" in application else []
    return [person[name] for person in people for name in ("name", "identity", "phone") if name in person]


@dataclass
class UsedCounty:
    """A county after a day's work.

    Attributes:
        spare: a second village, enrolled and not served, to be revoked.
        astray: a third one, for a clock that is wrong.
        numbers: receipt numbers by the case's name.
        arguments: command lines of every program seen running.
        page: the photograph as the village kept it, opened again.
        stolen: the village's directory, copied while it ran locked after a power cut.
    """

    folder: Path
    county: County
    spare: Program
    astray: Program
    numbers: dict[str, str] = field(default_factory=dict)
    arguments: set[str] = field(default_factory=set)
    page: bytes = b""

    @property
    def stolen(self) -> Path:
        return self.folder / "stolen"

    async def told(self, program: Program, *words: str, given: str = "") -> tuple[int, str, str]:
        """Run a command; return exit code, standard output, standard error."""
        process = await program._start(*words, errors=asyncio.subprocess.PIPE)
        watched = asyncio.create_task(self._watch())
        out, err = await process.communicate(given.encode())
        watched.cancel()
        return process.returncode or 0, out.decode(), err.decode()

    async def _watch(self) -> None:
        while True:
            self.look_at_processes()
            await asyncio.sleep(0.1)

    def look_at_processes(self) -> None:
        """Note the command line of every program of this county that runs now."""
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if str(self.folder) in line:
                self.arguments.add(line)

    async def numbers_at(self, program: Program, login: str) -> set[str]:
        listed = await program.ask("case", "list", "--as", login, given=f"{PASSWORD}\n")
        return {row["number"] for row in listed}

    async def take_in(self, program: Program, application: object, login: str = "helper") -> str:
        file = self.folder / f"{uuid4().hex}.json"
        self.write(file, application)
        words = ("case", "receive", str(file), "--again", "--as", login, "--json")
        code, out, err = await self.told(program, *words, given=f"{PASSWORD}\n")
        assert code == 0, err
        return str(json.loads(out)[0]["number"])

    def write(self, file: Path, application: object) -> None:
        """Write an application as ``case receive`` takes it."""
        file.write_text(json.dumps(application, ensure_ascii=False), encoding="utf-8")

    async def has_catalogue(self, program: Program) -> bool:
        return bool((await program.ask("status"))["items"])

    async def custodian_has(self, name: str) -> bool:
        return self.numbers[name] in await self.numbers_at(self.county.hub, "chief")


def county_in(folder: Path) -> UsedCounty:
    """Return the county whose data lies in ``folder``, nothing founded yet."""
    spare = Program("village_station", "第二村综合服务站", folder / "county" / "spare")
    astray = Program("village_station", "第三村综合服务站", folder / "county" / "astray")
    county = County.at(folder / "county")
    for program in county.programs:
        program.settings |= {"JIUJIN_METRICS": FREE, "JIUJIN_LOG_LEVEL": "DEBUG"}
    county.hub.settings["JIUJIN_LOG"] = county.township.settings["JIUJIN_LOG"] = "json"
    return UsedCounty(folder, county, spare, astray)


async def work_a_day(used: UsedCounty) -> None:
    """Found the county, take cases in with the line cut, kill the village, steal its disk, mend the line."""
    county = used.county
    await county.found()
    await county.start(hub=FREE, township=FREE, village=FREE)
    await until("事项目录", lambda: used.has_catalogue(county.village))
    await _enrol(county, used.spare, "130638100202")
    await _enrol(county, used.astray, "130638100203")
    await county.line.cut()
    used.numbers["disabled"] = await used.take_in(county.village, DISABLED)
    used.numbers["orphan"] = await used.take_in(county.village, ORPHAN)
    used.numbers["pictured"], used.page = await _apply_on_the_page(county.village)
    used.look_at_processes()
    await county.village.kill()
    await county.village.serve(FREE)
    shutil.copytree(county.village.data, used.stolen)
    await county.line.open()


async def _enrol(county: County, spare: Program, division: str) -> None:
    township = (await county.township.ask("status"))["node"]
    await spare.run("init")
    where = ("--division", division, "--name", spare.name, "--parent", township)
    invited = await county.hub.ask("invite", "--tier", "village", *where)
    await spare.run("enrol", "--code", invited["code"], "--via", county.township.ssh)
    await county._people(spare, VILLAGE_PEOPLE)

    spare.settings["JIUJIN_UPPER"] = f'["{county.township.ssh}"]'
    await spare.run("sync", "--as", "helper", given=f"{PASSWORD}\n")


async def _apply_on_the_page(village: Program) -> tuple[str, bytes]:
    """The helper signs in, a villager applies with a photograph; return receipt number and page."""
    session = ClientSession(village.web.rstrip("/"), cookie_jar=CookieJar(unsafe=True))
    async with session:
        browser = Browser(cast("Any", session))
        await browser.go("/sign-in")
        await browser.send("/sign-in", {"login": "helper", "password": PASSWORD})
        await browser.go("/items/YL-0006")
        await browser.send("/apply")
        typed = {f"applicant.{name}": value for name, value in PICTURED.items()}
        await browser.send("/who", {**typed, "acts": "self", "do": "next"})
        counts = {f"copies.m{number}": "1" for number in range(1, 8)}
        await browser.send("/materials", {**counts, "do": "next"}, files=[("files.m3", PICTURE)])
        here = browser.path
        page = (await browser.go(here.replace("/check", "/files/m3/0"))).body
        await browser.go(here)
        await browser.send("/check")
        await browser.send("/confirm", {"agreed": "yes"})
        assert browser.path.endswith("/receipt"), browser.words
        listed = await village.ask("case", "list", "--as", "helper", given=f"{PASSWORD}\n")
        return str(listed[0]["number"]), page
