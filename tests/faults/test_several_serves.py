"""Three ``county-hub serve`` on one PostgreSQL: side by side, killed again and again, the server too.

Real programs, a real server, real lines; the stations below live in this process and dial whichever serve
answers. At the end every case is there once, every journal whole, and nothing lies about.
"""

import asyncio
import itertools
import json
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import ClientSession, CookieJar

from common.casework.receive import receive_many
from common.domain.application import Application, MaterialGiven, Person
from common.domain.node import Tier
from common.journal.receipt import read_receipt
from common.journal.statement import Statement
from common.link.peer import Carrier
from common.program.directory import NodeDirectory
from common.program.founding import found_node
from common.program.house import House
from common.program.joining import join
from common.program.keeper import Keeper
from common.store import journals, receipts
from demo.county import PASSWORD
from demo.programs import ROOT, Program
from demo.story import until
from tests.builders.sites import Browser

FREE = "127.0.0.1:0"
SERVES = 3
TOWNSHIPS = 2
ROUNDS = 5
AT_ONCE = 12
KILLS = 4
PERSON = Person("王桂芳", "11010519491231002X", "13800001234")


@dataclass
class Station:
    """A township or a village in this process, with the addresses it dials in turn."""

    house: House
    keeper: Keeper
    given: list[str] = field(default_factory=list)

    @classmethod
    async def enrolled(cls, folder: Path, tier: Tier, code: str, via: str) -> "Station":
        directory = NodeDirectory(folder)
        await found_node(directory, tier)
        house = await House.open(directory, tier)
        await join(house, code, via, 60)
        return cls(house, Keeper(house))

    def dials(self, addresses: list[str]) -> None:
        """Dial these from now on, the first that answers."""
        self.house.settings = self.house.settings.model_copy(update={"upper": tuple(addresses)})

    async def take_in(self, count: int) -> None:
        """Take applications in; the county decides them."""
        materials = tuple(MaterialGiven(f"m{number}", copies=1) for number in range(1, 5))
        form = Application(item="YL-0010", version="", applicant=PERSON, materials=materials)
        taken = await receive_many(self.house.at_desk(), None, [form] * count)
        self.given += [str(one.case_id) for one in taken]

    async def all_applied(self) -> bool:
        """Whether the hub signed that it has applied all that this station wrote, every entry of it."""
        _, exchange = self.house.enrolled()
        own = await exchange.open.read(lambda tx: journals.heads(tx, writer=str(exchange.node)))
        rows = await exchange.open.read(lambda tx: receipts.of_journals(tx, [head.id for head in own]))
        hub = str(exchange.node.hub())
        statements = {row.journal_id: row.statement for row in rows if row.receiver == hub}
        said = {key: read_receipt(Statement.decode(statement)) for key, statement in statements.items()}
        wanted = {head.id: (head.held_number, head.held_hash, ()) for head in own}
        return wanted == {
            key: (one.applied_number, one.applied_hash, one.exceptions) for key, one in said.items()
        }

    async def close(self) -> None:
        await self.keeper.lines.close()
        await self.house.close()


@dataclass
class County:
    """The hub's programs and the stations below."""

    folder: Path
    database: str
    serves: list[Program] = field(default_factory=list)
    stations: list[Station] = field(default_factory=list)

    @property
    def hub(self) -> Program:
        return self.serves[0]

    async def found(self) -> None:
        """Make the hub, start its serves at once, enrol townships, and a village below each."""
        secret = self.folder / "hub.passphrase"
        secret.write_text(f"{PASSWORD}\n")
        own = {"JIUJIN_SYNC_SECONDS": "1", "JIUJIN_PASSPHRASE_FILE": str(secret)}
        self.serves = [Program("county_hub", "雄县", self.folder / "hub", dict(own)) for _ in range(SERVES)]
        told = {**self.hub.settings, "JIUJIN_DATABASE": self.database}
        await Program("county_hub", "雄县", self.hub.data, told).run(
            *("init", "--county", "130638", "--name", "雄县", "--root", str(self.folder / "root")),
            *("--passphrase-file", str(secret)),
        )
        codes = await asyncio.to_thread(self._asked, str(TOWNSHIPS))
        await asyncio.gather(*(one.serve(FREE, FREE) for one in self.serves))
        towns = [await self._station(Tier.TOWNSHIP, code) for code in codes]
        codes = await asyncio.to_thread(self._asked, *(str(one.house.enrolled()[1].node) for one in towns))
        for town, code in zip(towns, codes, strict=True):
            village = await self._station(Tier.VILLAGE, code)
            port = await town.keeper.lines.listen(Carrier.SSH, "127.0.0.1", 0)
            village.dials([f"127.0.0.1:{port}"])

    def _asked(self, *words: str) -> list[str]:
        command = [sys.executable, "-m", "tests.faults.founding", str(self.hub.data), *words]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout))

    async def _station(self, tier: Tier, code: str) -> Station:
        folder = self.folder / f"station-{len(self.stations)}"
        self.stations.append(await Station.enrolled(folder, tier, code, self.serves[0].ssh))
        self.stations[-1].dials(self.addresses(len(self.stations)))
        return self.stations[-1]

    def addresses(self, first: int) -> list[str]:
        """Return the lines of the serves, another one first each time."""
        lines = [one.ssh for one in self.serves]
        return lines[first % SERVES :] + lines[: first % SERVES]

    async def close(self) -> None:
        for station in self.stations:
            await station.close()
        for serve in self.serves:
            await serve.kill()


@pytest.fixture
async def county(tmp_path: Path, postgres: Any) -> AsyncIterator[County]:
    made = County(tmp_path, postgres.empty())
    try:
        await made.found()
        yield made
    finally:
        await made.close()


async def work(county: County, station: Station, chance: random.Random, killer: "Killer") -> None:
    """Take in and exchange by turns with whichever serve is dialled; refusals of the moment do not matter."""
    for turn in itertools.count():
        if turn >= ROUNDS and killer.kills >= KILLS:
            return
        if station.house.seat is not None and station.house.seat.tier is Tier.TOWNSHIP:
            station.dials(county.addresses(turn + chance.randrange(SERVES)))
        await station.take_in(AT_ONCE)
        await station.keeper.round()


@dataclass
class Killer:
    """Kills whichever serve is in the middle of something, and starts it anew; once the server too."""

    county: County
    postgres: Any
    over: asyncio.Event = field(default_factory=asyncio.Event)
    kills: int = 0
    starting: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Go on until told that it is over; two serves are up at least."""
        while not self.over.is_set():
            victim = await asyncio.to_thread(self._in_the_middle)
            if victim is None or self.starting:
                continue
            await victim.kill()
            self.kills += 1
            if self.kills == SERVES:
                await asyncio.to_thread(self.postgres.restart)
            task = asyncio.create_task(self._start(victim))
            self.starting.add(task)
            task.add_done_callback(self.starting.discard)
        await asyncio.gather(*self.starting)

    def _in_the_middle(self) -> Program | None:
        """Return a serve that holds a lock of the database now: who writes has one, and who claimed work."""
        # The server itself waits a little between two looks.
        query = (
            "SELECT application_name FROM pg_sleep(0.01), pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE locktype = 'advisory' AND granted"
        )
        named = {row[0] for row in self.postgres.run(query)}
        return next((one for one in self.county.serves if f"jiujin {one.number}" in named), None)

    @staticmethod
    async def _start(serve: Program) -> None:
        await serve.serve(serve.web.removeprefix("http://").rstrip("/"), serve.ssh)


async def test_three_serves_are_one_hub_whoever_is_killed_in_the_middle(
    county: County, postgres: Any
) -> None:
    await one_sign_in_for_all(county)
    for station in county.stations:
        await until("事项目录", partial(_has_catalogue, station))
    killer = Killer(county, postgres)
    killing = asyncio.create_task(killer.run())
    await asyncio.gather(
        *(work(county, one, random.Random(number), killer) for number, one in enumerate(county.stations))
    )
    killer.over.set()
    await killing
    await until("县里全部办入", partial(_everything_applied, county))
    await county_is_whole(county, postgres)


async def _has_catalogue(station: Station) -> bool:
    await station.keeper.round()
    return bool(station.house.at_desk().rules.versions)


async def _everything_applied(county: County) -> bool:
    for station in [*reversed(county.stations), *county.stations]:  # up from the villages, and back
        await station.keeper.round()
    return all([await station.all_applied() for station in county.stations])


async def county_is_whole(county: County, postgres: Any) -> None:
    """End the serves cleanly, then look at every row they left."""

    def rows(query: str, *values: Any) -> list[Any]:
        return [tuple(row) for row in postgres.run(query, *values, url=county.database)]

    for serve in county.serves:
        await serve.stop()
    given = [case_id for station in county.stations for case_id in station.given]
    assert len(given) >= len(county.stations) * ROUNDS * AT_ONCE
    assert sorted(case_id for (case_id,) in rows("SELECT case_id FROM case_record")) == sorted(given)
    # Each journal's entries run from 1 to its head, each number once.
    gaps = rows(
        "SELECT j.writer, j.applied_number, count(e.id), max(e.number) FROM journal j LEFT JOIN entry e "
        "ON e.journal_id = j.id GROUP BY j.id HAVING count(e.id) <> j.applied_number "
        "OR coalesce(max(e.number), 0) <> j.applied_number OR j.held_number <> j.applied_number"
    )
    assert gaps == []
    assert rows("SELECT status, count(*) FROM entry GROUP BY status") == [("applied", _count(rows, "entry"))]
    # What the hub's programs wrote by themselves they wrote once.
    arrived = "SELECT case_id, count(*) FROM entry WHERE kind = 'arrived' GROUP BY case_id"
    assert {count for _, count in rows(arrived)} == {1}
    for once in ("calendar_published", "catalogue_published"):
        assert rows("SELECT count(*) FROM entry WHERE kind = $1", once) == [(1,)]
    ((made,),) = rows("SELECT count(*) FROM entry WHERE kind = 'checkpoint_made'")
    assert rows("SELECT count(*) FROM checkpoint") == [(made,)]
    assert made <= 2
    # Nothing is left lying: no batch unopened, no lock, no half file.
    assert rows("SELECT kind, state FROM parcel WHERE state NOT IN ('opened', 'held')") == []
    assert rows("SELECT count(*) FROM parcel WHERE kind = 'batch' AND state <> 'opened'") == [(0,)]
    assert rows("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]
    assert list((county.hub.data / "parcels").iterdir()) == []
    verified = await county.hub.ask("verify")
    assert (verified["wrong"], verified["entries"]) == ([], _count(rows, "entry"))
    assert "完全一样" in await county.hub.run("rebuild", "--as", "admin", given=f"{PASSWORD}\n")


def _count(rows: Callable[[str], list[Any]], table: str) -> int:
    return int(rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - our own name


async def one_sign_in_for_all(county: County) -> None:
    """Sign in at one serve and be known at the next; sign out there and be a stranger at the first."""
    first, second = (one.web.rstrip("/") for one in county.serves[:2])
    cookies = CookieJar(unsafe=True)
    async with (
        ClientSession(first, cookie_jar=cookies) as here,
        ClientSession(second, cookie_jar=cookies) as there,
    ):
        one, other = Browser(cast("Any", here)), Browser(cast("Any", there))
        await one.go("/sign-in")
        await one.send("/sign-in", {"login": "admin", "password": PASSWORD})
        await other.go("/desk")
        assert (other.status, other.path) == (200, "/desk")
        await other.send("/sign-out")
        await one.go("/desk")
        assert one.path == "/sign-in"
