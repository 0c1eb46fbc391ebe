"""The command line is no way round authorisation, and tells nobody what it should not."""

import json
import re
from pathlib import Path

import pytest

from demo.county import PASSWORD
from demo.programs import Program
from demo.story import DISABLED, until
from tests.security.used_county import PEOPLE, UsedCounty

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("used_county"),
    pytest.mark.timeout(900),
]


async def refused(
    used: UsedCounty, program: Program, *words: str, given: str = f"{PASSWORD}\n", code: int = 1
) -> str:
    """Run a command that must be refused; return its one sentence."""
    ended, out, err = await used.told(program, *words, given=given)
    assert (ended, out) == (code, ""), (words, err)
    assert "Traceback" not in err
    assert not any(person["name"] in err or person["identity"] in err for person in PEOPLE)
    return err.strip().splitlines()[-1]


async def test_who_may_not_act_is_refused_with_a_sentence(used: UsedCounty) -> None:
    village, hub, number = used.county.village, used.county.hub, used.numbers["disabled"]
    decide = ("case", "decide", number, "--outcome", "granted")
    assert "密码" in await refused(used, village, *decide, "--as", "helper", given="wrong-password\n")
    assert await refused(used, village, *decide, "--as", "nobody") == await refused(
        used, village, *decide, "--as", "helper", given="wrong-password\n"
    ), "an account that is not there is not told from a wrong password"
    await refused(used, village, *decide, code=2)
    assert re.search("[\u4e00-\u9fff]", await refused(used, village, *decide, "--as", "helper"))
    assert "标准输入" in await refused(used, village, *decide, "--as", "helper", given="")
    assert "管理员" in await refused(
        used, village, "user", "add", "x", "--name", "x", "--role", "chief", "--by", "helper"
    )
    await until("县里收到", lambda: used.custodian_has("orphan"))
    orphan = used.numbers["orphan"]
    assert "吴首席" in await refused(
        used, hub, "case", "decide", orphan, "--outcome", "granted", "--as", "reviewer"
    )
    assert re.search("[\u4e00-\u9fff]", await refused(used, hub, "case", "accept", orphan, "--as", "admin"))
    for words in (
        ("invite", "--tier", "township", "--division", "130638101", "--name", "x"),
        ("catalogue", "publish"),
    ):
        await refused(used, hub, *words, "--as", "reviewer")


async def test_a_file_taken_in_twice_is_told_its_numbers_and_makes_no_second_case(
    used: UsedCounty, tmp_path: Path
) -> None:
    village, file = used.county.village, tmp_path / "once.json"
    file.write_text(json.dumps(DISABLED), encoding="utf-8")
    receive = ("case", "receive", str(file), "--as", "helper")
    code, out, err = await used.told(village, *receive, given=f"{PASSWORD}\n")
    assert code == 0, err
    number = out.split()[1]
    before = await used.numbers_at(village, "helper")
    assert number in await refused(used, village, *receive)
    assert await used.numbers_at(village, "helper") == before


async def test_unknown_things_are_told_one_by_one(used: UsedCounty, tmp_path: Path) -> None:
    village = used.county.village
    wrong = tmp_path / "wrong.json"
    receive = ("case", "receive", str(wrong), "--as", "helper")
    wrong.write_text(json.dumps({**DISABLED, "item": "YL-9999"}), encoding="utf-8")
    assert re.search("没有|不在|目录", await refused(used, village, *receive))
    wrong.write_text("{no json", encoding="utf-8")
    assert "case schema" in await refused(used, village, *receive)
    lines = [json.dumps(DISABLED), json.dumps({**DISABLED, "applicant": {"name": "甲"}})]
    wrong.write_text("\n".join(lines), encoding="utf-8")
    assert "第2行" in await refused(used, village, *receive)
    assert re.search(
        "没有|找不到", await refused(used, village, "case", "show", "0003-26-00458-7", "--as", "helper")
    )
    before = await used.numbers_at(village, "helper")
    assert before >= set(used.numbers.values()), "nothing was taken in or lost"


async def test_a_catalogue_with_wrong_columns_is_reported_row_by_row(
    used: UsedCounty, tmp_path: Path
) -> None:
    items = (Path(__file__).parents[2] / "demo" / "items.csv").read_text(encoding="utf-8-sig").splitlines()
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("甲,乙,丙\n1,2,3", encoding="utf-8")
    code, out, err = await used.told(used.county.hub, "catalogue", "import", str(wrong), "--json")
    assert code == 1, err
    assert json.loads(out)["refused"], "what is wrong is named"
    wrong.write_text(
        "\n".join([items[0], items[1], items[2].replace(",village,", ",county>village,", 1)]),
        encoding="utf-8",
    )
    code, out, err = await used.told(used.county.hub, "catalogue", "import", str(wrong), "--json")
    assert code == 1, err
    (refusal,) = json.loads(out)["refused"]
    assert (refusal["row"], refusal["column"]) == (3, "route")
    assert re.search("[\u4e00-\u9fff]", refusal["reason"])


async def test_json_is_json_wherever_it_is_offered(used: UsedCounty) -> None:
    county, number = used.county, used.numbers["disabled"]
    for program, login in ((county.hub, "chief"), (county.township, "clerk"), (county.village, "helper")):
        for words in (("status",), ("node", "list"), ("user", "list"), ("verify",)):
            json.loads(await program.run(*words, "--json"))
        as_login = ("--as", login, "--json")
        json.loads(await program.run("case", "list", *as_login, given=f"{PASSWORD}\n"))
    for words in (("catalogue", "list"), ("grant", "list")):
        json.loads(await county.hub.run(*words, "--json"))
    shown = json.loads(
        await county.village.run("case", "show", number, "--as", "helper", "--json", given=f"{PASSWORD}\n")
    )
    assert shown["applicant"] not in {person["name"] for person in PEOPLE}, "masked"
    assert json.loads(await county.village.run("case", "schema"))["type"] == "object"


async def test_no_log_names_anybody_and_no_command_line_holds_a_secret(used: UsedCounty) -> None:
    used.look_at_processes()
    logs = {program.name: (program.data / "serve.log").read_bytes() for program in used.county.programs}
    for person in PEOPLE:
        for text in person.values():
            assert not [name for name, data in logs.items() if text.encode() in data]
    assert not [name for name, data in logs.items() if b"Traceback" in data]
    assert used.arguments
    assert not [line for line in used.arguments if PASSWORD in line]


async def test_one_directory_is_served_once_and_a_port_once(used: UsedCounty) -> None:
    village, township = used.county.village, used.county.township
    told = await refused(used, village, "serve", "--web", "127.0.0.1:0", given="")
    assert "serve 在运行" in told
    taken = township.web.removeprefix("http://").rstrip("/")
    assert f"{taken} 已被别的程序占用" in await refused(used, used.spare, "serve", "--web", taken, given="")
