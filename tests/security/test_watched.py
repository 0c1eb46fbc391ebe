"""Who watches the county by metrics and logs learns of nodes, and of nobody in any case."""

import json
import re

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from demo.county import PASSWORD
from demo.programs import Program
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
    assert {one["name"] for one in as_json["below"]} >= {used.spare.name, used.county.village.name}
    for text in (told, json.dumps(as_json, ensure_ascii=False), await used.county.village.run("status")):
        assert not [word for word in planted(used) if word in text]
