"""What the documents name exists: links, commands, tests, words; drawings equal their tables."""

import re
from enum import Enum
from pathlib import Path

import pytest

from common.domain.course import STATE_NAMES, STEADY, TABLE, diagram
from common.domain.grants import POWER_NAMES, ROLE_NAMES
from common.domain.item import KIND_NAMES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
PICTURE = re.compile(r"!\[[^]]*\]\(([^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+?) \|", re.MULTILINE)
BUILT = ("common/papers/fonts/", "common/web/static/vendor/")
"""Where the build copies files to; they are not committed."""


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def section(page: Path, heading: str) -> str:
    parts = re.split(r"^## ", text(page), flags=re.MULTILINE)
    return next(part for part in parts if part.startswith(heading))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    local = [link for link in LINK.findall(text(page)) if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "README.zh-CN.md"], ids=name)
def test_every_picture_is_there(page: Path) -> None:
    pictures = PICTURE.findall(text(page))
    assert pictures
    assert [link for link in pictures if not (page.parent / link).is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_make_command_named_is_in_the_makefile(page: Path) -> None:
    targets = set(re.findall(r"^(\w+):", text(ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make (\w+)", text(page), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_named_in_the_tree_exists(page: Path) -> None:
    folders = "common|county_hub|township_node|village_station|demo|tests|tools|docs|bin|requirements"
    named = re.findall(rf"`((?:{folders})/[\w./-]+\w/?)`", text(page))
    assert [path for path in named if not (ROOT / path).exists() and not path.startswith(BUILT)] == []


def test_every_test_the_threat_model_names_exists() -> None:
    named = TEST.findall(text(DOCS / "threat-model.md"))
    assert len(named) > 30
    assert [f"{file}::{test}" for file, test in named if f"def {test}(" not in text(ROOT / file)] == []


@pytest.mark.parametrize("actor", ["Township administrator", "Thief", "Carrier of a stick"])
def test_the_thief_the_carrier_and_the_township_administrator_meet_tests_now(actor: str) -> None:
    assert len(TEST.findall(section(DOCS / "threat-model.md", actor))) > 5


def test_the_diagram_of_the_course_is_its_table() -> None:
    drawn = re.search(r"```mermaid\n(.*?)```", text(DOCS / "course.md"), re.DOTALL)
    assert drawn is not None
    assert drawn.group(1) == diagram()


def test_every_fact_of_the_course_is_told() -> None:
    facts = {kind for moves in TABLE.values() for kind in moves} | STEADY
    assert {code for code, _ in ROW.findall(text(DOCS / "course.md"))} == facts


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("States of a case", {member.value: said for member, said in STATE_NAMES.items()}),
        ("Roles", {member.value: said for member, said in ROLE_NAMES.items()}),
        ("Powers", {member.value: said for member, said in POWER_NAMES.items()}),
        ("Kinds of items", {member.name.lower(): said for member, said in KIND_NAMES.items()}),
    ],
)
def test_the_glossary_says_what_the_code_says(heading: str, names: dict[str, str]) -> None:
    assert dict(ROW.findall(section(DOCS / "glossary.md", heading))) == names


@pytest.mark.parametrize("names", [STATE_NAMES, ROLE_NAMES, POWER_NAMES, KIND_NAMES])
def test_every_member_has_a_name(names: dict[Enum, str]) -> None:
    assert set(type(next(iter(names)))) == set(names)


def test_the_index_of_decisions_lists_every_decision() -> None:
    decisions = {page.name for page in (DOCS / "adr").glob("[0-9]*.md")}
    assert set(LINK.findall(text(DOCS / "adr" / "README.md"))) == decisions


@pytest.mark.parametrize("decision", sorted((DOCS / "adr").glob("[0-9]*.md")), ids=name)
def test_a_decision_tells_question_options_choice_and_cost(decision: Path) -> None:
    words = text(decision)
    assert [word for word in ("Question", "Options", "Choice", "Cost") if word not in words] == []


def test_both_readmes_name_the_same_commands_pictures_and_pages() -> None:
    english, chinese = text(ROOT / "README.md"), text(ROOT / "README.zh-CN.md")
    for found in (PICTURE, re.compile(r"make \w+"), re.compile(r"\((docs/[^)]+)\)")):
        assert set(found.findall(english)) == set(found.findall(chinese))
