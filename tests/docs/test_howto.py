"""Every command line in the how-tos is one the programs take: its command, its options, its arguments."""

import re
import shlex
from pathlib import Path

import click
import pytest

import county_hub.pages
import township_node.pages
import village_station.pages
from common.domain.node import Tier
from common.program.main import program

ROOT = Path(__file__).parents[2]
PROGRAMS = {
    "county-hub": program("county-hub", Tier.COUNTY, county_hub.pages.make_pages),
    "township-node": program("township-node", Tier.TOWNSHIP, township_node.pages.make_pages),
    "village-station": program("village-station", Tier.VILLAGE, village_station.pages.make_pages),
}
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
SHELL = {"|", "<", ">"}


def pages() -> list[Path]:
    readmes = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
    return [*sorted((ROOT / "docs" / "howto").glob("*.md")), *readmes]


def command_lines() -> list[tuple[str, str]]:
    found = []
    for page in pages():
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            lines = block.replace("\\\n", " ").splitlines()
            found += [(page.name, line) for line in lines if PROGRAMS.keys() & set(line.split())]
    return found


def own_words(line: str) -> list[str]:
    """Return the words from the program's name to the end of its own part of the line."""
    words = shlex.split(line, comments=True)
    start = next(place for place, word in enumerate(words) if word in PROGRAMS)
    rest = words[start:]
    ends = [place for place, word in enumerate(rest) if word in SHELL]
    return rest[: min(ends, default=len(rest))]


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """Follow the words down the program's groups; return the command and what is left for it."""
    command: click.Command = PROGRAMS[words[0]]
    rest = words[1:]
    while isinstance(command, click.Group):
        assert rest, f"{words} stops at a group"
        assert rest[0] in command.commands, f"{words[0]} has no command {rest[0]}"
        command, rest = command.commands[rest[0]], rest[1:]
    return command, rest


def test_the_howtos_show_commands_of_every_program() -> None:
    assert {own_words(line)[0] for _, line in command_lines()} == set(PROGRAMS)


@pytest.mark.parametrize(("page", "line"), command_lines())
def test_a_command_line_shown_is_taken(page: str, line: str) -> None:
    command, rest = command_of(own_words(line))
    # The parser alone: nothing is run, and no file named in an example has to exist.
    given, left, _ = command.make_parser(click.Context(command)).parse_args(rest)
    assert left == [], f"{page}: {left} belongs to nothing"
    needed = [parameter.name for parameter in command.params if parameter.required and not parameter.envvar]
    assert [word for word in needed if not _is_said(given.get(str(word)))] == []


def _is_said(value: object) -> bool:
    return isinstance(value, str | list | tuple) and bool(value)
