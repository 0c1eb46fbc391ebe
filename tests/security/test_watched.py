"""Who watches the county by metrics and logs learns of nodes, and of nobody in any case."""

import asyncio
import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from demo.county import PASSWORD
from demo.programs import ROOT, Program
from demo.story import until
from tests.security.used_county import PEOPLE, UsedCounty

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("used_county"),
    pytest.mark.timeout(900),
]
NODE = re.compile(r"[0-9]{6}-[0-9]{4}")
WORDS = {"tier", "program", "ending", "direction"}


def planted(used: UsedCounty) -> list[str]:
    """Names, ID numbers, telephones, and receipt numbers with and without dashes."""
    people = [
        str(person[what]) for person in PEOPLE for what in ("name", "identity", "phone") if what in person
    ]
    numbers = list(used.numbers.values())
    return [*people, *numbers, *(number.replace("-", "") for number in numbers), PASSWORD]


async def scraped(program: Program) -> str:
    async with ClientSession() as session, session.get(program.metrics) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        return await answer.text()


def values(text: str, name: str) -> dict[str, float]:
    return {
        sample.labels["node"]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


async def test_metrics_name_nodes_and_fixed_words_and_nobody(used: UsedCounty) -> None:
    for program in used.county.programs:
        text = await scraped(program)
        assert not [word for word in planted(used) if word in text]
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                assert sample.name.startswith("jiujin_")
                assert set(sample.labels) <= WORDS | {"node"}
                assert NODE.fullmatch(sample.labels.get("node", "130638-0001"))


async def test_the_hub_shows_every_node_and_a_station_itself(used: UsedCounty) -> None:
    async def all_said() -> bool:
        told = await scraped(used.county.hub)
        village = (await used.county.village.ask("status"))["node"]
        return village in values(told, "jiujin_disk_bytes")

    await until("县里看到了村站自己说的情况", all_said)
    hub, village = await scraped(used.county.hub), await scraped(used.county.village)
    assert len(values(hub, "jiujin_health")) >= 4
    own = (await used.county.village.ask("status"))["node"]
    assert set(values(village, "jiujin_health")) == {own}
    assert values(village, "jiujin_locked") == {own: 1.0}, "killed and started locked"
    assert values(hub, "jiujin_fresh_timestamp_seconds")


async def test_metrics_are_on_no_public_page_and_on_no_other_machine(used: UsedCounty) -> None:
    for program in used.county.programs:
        async with ClientSession() as session, session.get(f"{program.web.rstrip('/')}/metrics") as answer:
            assert answer.status == 404
        assert program.metrics.startswith("http://127.0.0.1:")
    told = await used.spare.run("serve", "--web", "127.0.0.1:0", "--metrics", "0.0.0.0:0", fails=True)
    assert "指标只在本机上给" in told


async def test_every_line_of_a_json_log_is_an_event_and_names_nobody(used: UsedCounty) -> None:
    """At the level DEBUG, which says most."""
    events = set()
    for program in (used.county.hub, used.county.township):
        for line in (program.data / "serve.log").read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            assert {"time", "level", "logger", "event"} <= said.keys()
            events.add(said["event"])
    assert {"session_ended", "session_began"} <= events
    for program in used.county.programs:
        log = (program.data / "serve.log").read_text(encoding="utf-8")
        assert not [word for word in planted(used) if word in log]


async def test_status_names_every_node_below_and_nobody(used: UsedCounty) -> None:
    told = await used.county.hub.run("status")
    assert "下级站点" in told
    as_json = await used.county.hub.ask("status")
    assert {one["name"] for one in as_json["below"]} >= {used.county.township.name, used.county.village.name}
    for text in (told, json.dumps(as_json, ensure_ascii=False), await used.county.village.run("status")):
        assert not [word for word in planted(used) if word in text]


async def at_another_time(program: Program, data: Path, days: int, *words: str) -> Any:
    """Ask a program about a copy of its directory, with the machine's clock moved."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(Path(__file__).with_name("another_clock.py")), str(days * 86_400)),
        *(program.module, *words, "--json", "--data", str(data)),
        cwd=ROOT,
        env={**os.environ, **program.settings, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return json.loads(out)


async def test_days_later_the_hub_says_who_is_silent_and_by_when_it_matters(
    used: UsedCounty, tmp_path: Path
) -> None:
    """The real programs on a copy of the hub's directory, its clock moved on."""
    hub = used.county.hub
    await asyncio.to_thread(shutil.copytree, hub.data, tmp_path / "hub")
    village = (await used.county.village.ask("status"))["node"]
    now = await at_another_time(hub, tmp_path / "hub", 0, "status")
    later = await at_another_time(hub, tmp_path / "hub", 30, "status")
    before, after = (next(one for one in told["below"] if one["node"] == village) for told in (now, later))
    assert not {one["why"] for one in before["reasons"]} & {"silent", "silence_near", "silence_passed"}
    assert before["silence_danger"] >= before["silence_warned_from"]
    assert {one["why"] for one in after["reasons"]} >= {"silent", "silence_passed"}
    assert after["health"] == "silent"


async def test_a_station_proves_what_it_handed_over_and_a_stranger_checks_it(
    used: UsedCounty, tmp_path: Path
) -> None:
    village, file = used.county.village, tmp_path / "evidence.json"

    async def has_checkpoint() -> bool:
        return bool((await village.ask("status"))["checkpoint"])

    await until("村站有了县里签名的检查点", has_checkpoint)
    words = ("verify", "--as", "helper", "--against", "newest", "--out", str(file))
    told = await village.run(*words, given=f"{PASSWORD}\n")
    assert "对照县里" in told
    assert "全部完好" in told
    as_json = await village.ask("verify", "--as", "helper", "--against", str(file), given=f"{PASSWORD}\n")
    listed = [
        number for one in as_json["against"]["journals"] for of in one["cases"].values() for number in of
    ]
    assert set(used.numbers.values()) <= set(listed)
    stranger = Program("county_hub", "旁人", tmp_path / "nowhere")
    checked = json.loads(await bare(stranger, "verify", "--evidence", str(file), "--json"))
    assert checked["bad"] == 0
    told = await bare(stranger, "verify", "--evidence", str(file), "--root", checked["root"])
    assert "与给出的一致" in told
    refused = await bare(stranger, "verify", "--evidence", str(file), "--root", "0" * 32, fails=True)
    assert "另一个县根" in refused
    text = file.read_text(encoding="utf-8")
    assert not [word for word in planted(used) if word in text]
    file.write_text(text.replace('"hubs"', '"hub"'), encoding="utf-8")
    assert "不是完整的证据文件" in await bare(stranger, "verify", "--evidence", str(file), fails=True)


async def bare(program: Program, *words: str, fails: bool = False) -> str:
    """Run a program that has no directory."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", program.module, *words),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert (process.returncode == 1) is fails, err.decode()
    return (err if fails else out).decode()
