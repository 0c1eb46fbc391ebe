"""A small Xiong County: hub, one township and one village as three real programs on this machine."""

from dataclasses import dataclass
from pathlib import Path

from demo.line import Line
from demo.programs import Program

PASSWORD = "jiujin-2026-demo"
"""Every demo sign-in's password; a real county chooses its own."""
_ITEMS = Path(__file__).parent / "items.csv"
_FOUNDED = "founded"


@dataclass(frozen=True)
class SignIn:
    """One demo account."""

    login: str
    name: str
    roles: tuple[str, ...]


HUB_PEOPLE = (
    SignIn("admin", "县管理员", ("administrator", "catalogue")),
    SignIn("reviewer", "周审核", ("reviewer",)),
    SignIn("chief", "吴首席", ("chief",)),
)
TOWNSHIP_PEOPLE = (SignIn("admin", "镇管理员", ("administrator",)), SignIn("clerk", "李窗口", ("clerk",)))
VILLAGE_PEOPLE = (SignIn("admin", "站管理员", ("administrator",)), SignIn("helper", "赵帮办", ("helper",)))


@dataclass
class County:
    """The three programs and the line from the township to the county, which can be cut."""

    hub: Program
    township: Program
    village: Program
    line: Line

    @classmethod
    def at(cls, folder: Path) -> "County":
        """Return the county whose data lies in ``folder``."""
        quick = {"JIUJIN_SYNC_SECONDS": "2"}
        secret = {"JIUJIN_PASSPHRASE_FILE": str(folder / "hub.passphrase")}
        return cls(
            Program("county_hub", "雄县政务服务中心", folder / "hub", {**quick, **secret}),
            Program("township_node", "雄州镇行政综合服务中心", folder / "township", dict(quick)),
            Program("village_station", "一铺东村综合服务站", folder / "village", dict(quick)),
            Line(),
        )

    @property
    def root_file(self) -> Path:
        """The county root's key file, on its stick."""
        return self.hub.data.parent / "root-stick" / "county-root-130638.key"

    @property
    def root_code(self) -> str:
        """What opens it."""
        return (self.hub.data.parent / "root-code").read_text().strip()

    @property
    def programs(self) -> tuple[Program, ...]:
        """From the hub down."""
        return (self.hub, self.township, self.village)

    async def found(self) -> None:
        """Make the three directories, people, catalogue and grants: once for a folder."""
        folder = self.hub.data.parent
        if (folder / _FOUNDED).exists():
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "hub.passphrase").write_text(f"{PASSWORD}\n")
        (folder / "hub.passphrase").chmod(0o600)
        made = await self.hub.ask(
            *("init", "--county", "130638", "--name", self.hub.name, "--root", str(folder / "root-stick")),
            *("--passphrase-file", str(folder / "hub.passphrase")),
        )
        (folder / "root-code").write_text(f"{made['root_code']}\n")  # a real county writes it on paper
        (folder / "root-code").chmod(0o600)
        await self._people(self.hub, HUB_PEOPLE)
        await self.hub.run("catalogue", "import", str(_ITEMS))
        await self.hub.run("catalogue", "publish")
        for program in (self.township, self.village):
            await program.run("init")

    async def _people(self, program: Program, people: tuple[SignIn, ...]) -> None:
        first, *others = people
        for person in (first, *others):
            roles = [word for role in person.roles for word in ("--role", role)]
            by = ["--by", first.login] if person is not first else []
            given = f"{PASSWORD}\n" * (2 if by else 1)
            await program.run("user", "add", person.login, "--name", person.name, *roles, *by, given=given)

    async def start(self, *, hub: str, township: str, village: str) -> None:
        """Start the three programs, pages on these addresses; the first time the lower two are enrolled."""
        founded = self.hub.data.parent / _FOUNDED
        await self.hub.serve(hub, "127.0.0.1:0")
        await self.line.open(int(self.hub.ssh.rpartition(":")[2]))
        above = f"127.0.0.1:{self.line.port}"
        if not founded.exists():
            node = await self._enrol(self.township, above, "township", "130638100")
            await self._people(self.township, TOWNSHIP_PEOPLE)
            await self._grants(node)
        self.township.settings["JIUJIN_UPPER"] = f'["{above}"]'
        await self.township.serve(township, "127.0.0.1:0")
        if not founded.exists():
            await self._enrol(self.village, self.township.ssh, "village", "130638100203", "--parent", node)
            await self._people(self.village, VILLAGE_PEOPLE)
        self.village.settings["JIUJIN_UPPER"] = f'["{self.township.ssh}"]'
        await self.village.serve(village)
        founded.touch()

    async def _enrol(self, program: Program, via: str, tier: str, division: str, *more: str) -> str:
        invited = await self.hub.ask(
            *("invite", "--tier", tier, "--division", division, "--name", program.name, *more)
        )
        await program.run("enrol", "--code", invited["code"], "--via", via)
        return str(invited["node"])

    async def _grants(self, township: str) -> None:
        hub_node = f"{township[:6]}-0001"
        for node, login, name, post, powers in (
            (hub_node, "reviewer", "周审核", "审核岗", ("accept", "first_review", "review")),
            (hub_node, "chief", "吴首席", "首席事务代表", ("accept", "review", "decide", "issue")),
            (township, "clerk", "李窗口", "综合窗口", ("accept", "first_review", "issue")),
        ):
            words = [word for power in powers for word in ("--power", power)]
            await self.hub.run(
                *("grant", "give", "--node", node, "--login", login, "--name", name, "--post", post),
                *(*words, "--item", "*"),
            )

    async def stop(self) -> None:
        """End everything, from the village up."""
        await self.line.cut()
        for program in reversed(self.programs):
            await program.stop()
