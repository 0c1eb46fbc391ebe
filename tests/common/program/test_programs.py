"""The three programs as real processes on loopback: made, joined through each other, served, ended."""

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

PASSPHRASE = "a long passphrase"
TIERS = {"hub": "county_hub", "town": "township_node", "village": "village_station"}


class County:
    """Directories of three nodes and the processes that serve them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.serving = folder, list[subprocess.Popen[str]]()
        (folder / "pass").write_text(PASSPHRASE, encoding="utf-8")
        self.environment = {**os.environ, "JIUJIN_PASSPHRASE_FILE": str(folder / "pass")}

    def call(self, node: str, *words: str, typed: str = "", code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", TIERS[node], *words, "--data", str(self.folder / node)],
            input=typed,
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done.stdout if code == 0 else done.stderr

    def asked(self, node: str, *words: str) -> Any:
        return json.loads(self.call(node, *words, "--json"))

    def serve(self, node: str, *words: str) -> tuple[subprocess.Popen[str], str]:
        start = (sys.executable, "-m", TIERS[node], "serve", "--web", "127.0.0.1:0")
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
