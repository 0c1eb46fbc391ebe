"""The three programs as real processes on loopback: made, joined through each other, served, ended."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from common.domain.grants import Actor, Power
from common.domain.node import Tier
from common.program.commands import shared
from common.program.directory import NodeDirectory
from common.program.house import House
from tests.builders.namespaces import MISSING, namespaces

PASSPHRASE = "a long passphrase"
TIERS = {"hub": "county_hub", "town": "township_node", "village": "village_station"}


class County:
    """Directories of three nodes and the processes that serve them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.serving = folder, list[subprocess.Popen[str]]()
        self.within: dict[str, list[str]] = {}  # what runs a node's commands in another network
        (folder / "pass").write_text(PASSPHRASE, encoding="utf-8")
        self.environment = {**os.environ, "JIUJIN_PASSPHRASE_FILE": str(folder / "pass")}

    def call(self, node: str, *words: str, typed: str = "", code: int = 0) -> str:
        done = subprocess.run(
            [*self.within.get(node, []), *self.program(node), *words, "--data", str(self.folder / node)],
            input=typed,
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done.stdout if code == 0 else done.stderr

    def program(self, node: str) -> list[str]:
        return [sys.executable, "-m", TIERS[node]]

    def asked(self, node: str, *words: str) -> Any:
        return json.loads(self.call(node, *words, "--json"))

    def serve(self, node: str, *words: str) -> tuple[subprocess.Popen[str], str]:
        start = (*self.within.get(node, []), *self.program(node), "serve", "--web", "127.0.0.1:0")
        process = subprocess.Popen(
            [*start, "--data", str(self.folder / node), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=self.environment,
        )
        self.serving.append(process)
        assert process.stdout is not None
        lines = list[str]()
        for line in process.stdout:
            lines.append(line)
            if "已就绪" in line:
                break
        found = re.search(r"连接 (\S+)", "".join(lines))
        return process, found[1] if found else ""

    def set(self, node: str, **settings: Any) -> None:
        """Write settings into a node's ``node.toml``."""
        with (self.folder / node / "node.toml").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())

    def found_hub(self) -> None:
        root = str(self.folder / "root")
        self.call(
            "hub",
            "init",
            "--county",
            "130638",
            "--name",
            "雄县政务服务中心",
            "--root",
            root,
            typed=f"{PASSPHRASE}\n",
        )

    def invite(self, *words: str) -> str:
        return str(self.asked("hub", "invite", *words)["code"])


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    made = County(tmp_path)
    yield made
    for process in made.serving:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.mark.timeout(300)
def test_a_village_joins_through_its_township_and_is_cut_off_when_revoked(county: County) -> None:
    county.found_hub()
    for node in ("town", "village"):
        county.call(node, "init")
    hub, hub_ssh = county.serve("hub", "--ssh", "127.0.0.1:0")
    code = county.invite("--tier", "township", "--division", "130638100", "--name", "雄州镇")
    county.call("town", "enrol", "--code", code, "--via", hub_ssh)
    town, town_ssh = county.serve("town", "--ssh", "127.0.0.1:0")
    where = ("--parent", "130638-0002", "--division", "130638100201", "--name", "王家村")
    code = county.invite("--tier", "village", *where)
    county.call("village", "enrol", "--code", code, "--via", town_ssh)
    county.call("village", "user", "add", "wang", "--name", "王", "--role", "helper", typed="long-enough\n")
    county.call("village", "sync")
    assert county.asked("village", "status")["node"] == "130638-0003"
    county.call("hub", "node", "revoke", "130638-0003")
    states = {one["node"]: one["state"] for one in county.asked("hub", "node", "list")}
    assert states["130638-0003"] == "revoked"
    assert county.asked("hub", "verify")["wrong"] == []
    for process in (town, hub):
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0


def test_a_county_where_only_443_is_open_and_a_village_that_knows_no_address(county: County) -> None:
    county.found_hub()
    for node in ("town", "village"):
        county.call(node, "init")
    hub, hub_wss = county.serve("hub", "--wss", "127.0.0.1:0")
    assert hub_wss.startswith("wss://127.0.0.1:")
    code = county.invite("--tier", "township", "--division", "130638100", "--name", "雄州镇")
    county.call("town", "enrol", "--code", code, "--via", hub_wss)
    nobody = f"127.0.0.1:{free_port()}"
    county.set("town", upper=[nobody, hub_wss], announce=["127.0.0.1"], sync_seconds=1)
    town, town_ssh = county.serve("town", "--ssh", "127.0.0.1:0")
    where = ("--parent", "130638-0002", "--division", "130638100201", "--name", "王家村")
    code = county.invite("--tier", "village", *where)
    county.call("village", "enrol", "--code", code, "--via", town_ssh)
    county.set("village", upper=[nobody], find=["127.0.0.1", "no-such-device"])
    county.call("village", "sync")
    village = county.asked("village", "status")
    assert village["routes"] == {"130638-0002": f"{town_ssh} (mDNS)"}
    assert village["reached"] == f"{town_ssh} (mDNS)"
    assert f"上次经 {town_ssh} (mDNS)" in county.call("village", "status")
    assert county.asked("town", "status")["routes"] == {"130638-0001": hub_wss, "130638-0003": "ssh"}
    assert county.asked("hub", "status")["routes"] == {"130638-0002": "wss"}
    for process in (town, hub):
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0


FIND = "import asyncio, sys; from common.link.mdns.finding import find; from common.domain.node import NodeId"
LOOK = f"{FIND}; print(len(asyncio.run(find([sys.argv[1]], NodeId(sys.argv[2])))))"


@pytest.mark.skipif(bool(MISSING), reason=MISSING or "runs")
def test_a_village_finds_its_township_past_an_impostor_on_a_real_network(county: County) -> None:
    town, village, impostor, outside = "10.77.0.1", "10.77.0.2", "10.77.0.3", "10.78.0.2"
    lan = {"town": f"{town}/24", "village": f"{village}/24", "impostor": f"{impostor}/24"}
    other_leg = {"town": "10.78.0.1/24", "outside": f"{outside}/24"}
    with namespaces([lan, other_leg]) as within:
        county.within = {"hub": within["town"], "town": within["town"], "village": within["village"]}
        county.found_hub()
        for node in ("town", "village"):
            county.call(node, "init")
        _, hub_ssh = county.serve("hub", "--ssh", "127.0.0.1:0")
        code = county.invite("--tier", "township", "--division", "130638100", "--name", "雄州镇")
        county.call("town", "enrol", "--code", code, "--via", hub_ssh)
        county.set("town", upper=[hub_ssh], announce=[town])
        _, town_ssh = county.serve("town", "--ssh", f"{town}:0")
        where = ("--parent", "130638-0002", "--division", "130638100201", "--name", "王家村")
        code = county.invite("--tier", "village", *where)
        county.call("village", "enrol", "--code", code, "--via", town_ssh)
        posing = subprocess.Popen(
            [*within["impostor"], sys.executable, "-m", "tests.builders.impostor", impostor, "130638-0002"],
            stdout=subprocess.PIPE,
            text=True,
            env=county.environment,
        )
        county.serving.append(posing)
        assert posing.stdout is not None
        while "announced addresses=" not in posing.stdout.readline():
            assert posing.poll() is None
        county.set("village", upper=[f"{village}:1"], find=[village])
        for _ in range(3):  # the order is of chance: whoever is tried first, the township is reached
            county.call("village", "sync")
            assert county.asked("village", "status")["reached"] == f"{town_ssh} (mDNS)"
        look = [*within["outside"], sys.executable, "-c", LOOK, outside, "130638-0002"]
        heard = subprocess.run(look, capture_output=True, text=True, check=True, env=county.environment)
        assert heard.stdout == "0\n"  # by its other leg the township says nothing


@pytest.mark.parametrize(
    ("name", "value"),
    [("upper", ["https://hub"]), ("upper", ["hub"]), ("announce", ["224.0.0.251"]), ("find", ["*"])],
)
def test_a_setting_that_names_no_address_is_said_in_one_sentence(
    county: County, name: str, value: list[str]
) -> None:
    county.call("village", "init")
    county.set("village", **{name: value})
    assert name in county.call("village", "status", code=1)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.timeout(300)
def test_a_grant_that_came_while_the_box_was_locked_counts_at_the_first_sign_in(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that they may not, by a box that holds their grant unopened."""
    county.found_hub()
    county.call("town", "init")
    _, hub_ssh = county.serve("hub", "--ssh", "127.0.0.1:0")
    code = county.invite("--tier", "township", "--division", "130638100", "--name", "雄州镇")
    county.call("town", "enrol", "--code", code, "--via", hub_ssh)
    county.call("town", "user", "add", "li", "--name", "李", "--role", "clerk", typed="long-enough\n")
    who = ("--node", "130638-0002", "--login", "li", "--name", "李", "--post", "综合窗口")
    county.call("hub", "grant", "give", *who, "--power", "accept", "--item", "*")
    county.call("town", "sync")
    monkeypatch.setattr(shared, "typed", lambda _prompt: "long-enough")

    async def first_sign_in() -> Actor:
        house = await House.open(NodeDirectory(county.folder / "town"), Tier.TOWNSHIP)
        try:
            return await shared.signed_in(house, "li")
        finally:
            await house.close()

    actor = asyncio.run(first_sign_in())
    assert [grant.powers for grant in actor.grants] == [(Power.ACCEPT,)]


def test_a_refused_command_says_its_sentence_and_nothing_before_it(county: County) -> None:
    county.call("town", "init")
    asking = ("case", "list", "--as", "nobody")
    told = county.call("town", *asking, typed="wrong\n", code=1)
    assert "账号或密码不对" in told
    assert len(told.splitlines()) == 1, "the log's lines are for operators"
    county.environment["JIUJIN_LOG_LEVEL"] = "INFO"
    *log, sentence = county.call("town", *asking, typed="wrong\n", code=1).splitlines()
    assert "command_refused" in log[-1], "who asks for more gets it"
    assert sentence == told.strip()


def test_a_port_in_use_is_said_in_one_sentence(county: County) -> None:
    county.found_hub()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        told = county.call("hub", "serve", "--web", address, code=1)
    assert f"{address} 已被别的程序占用" in told
    assert "Traceback" not in told


def test_wrong_use_ends_with_two(county: County) -> None:
    county.call("hub", "invite", code=2)


def test_a_directory_that_is_no_node_is_said_in_one_sentence(county: County) -> None:
    assert "请先运行 init" in county.call("village", "status", code=1)


def test_a_typed_code_that_is_none_is_refused_before_anything_is_dialled(county: County) -> None:
    county.call("village", "init")
    told = county.call("village", "enrol", "--code", "ABC", "--via", "127.0.0.1:1", code=1)
    assert "代码应为45个字母和数字" in told
