"""Write what the three programs say of themselves into the reference: ``python tools/make_reference.py``.

Everything above the mark in ``docs/reference/commands.md`` is written by hand; what follows is ``--help``.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from common.domain.node import Tier
from common.program.main import program
from county_hub.pages import make_pages as hub_pages
from township_node.pages import make_pages as township_pages
from village_station.pages import make_pages as village_pages

TARGET = Path(__file__).parent.parent / "docs" / "reference" / "commands.md"
MARK = "<!-- Below: written by tools/make_reference.py. -->"
_WIDTH = 100


def programs() -> tuple[click.Group, ...]:
    """Return the three programs."""
    return (
        program("county-hub", Tier.COUNTY, hub_pages),
        program("township-node", Tier.TOWNSHIP, township_pages),
        program("village-station", Tier.VILLAGE, village_pages),
    )


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Yield every command of a program that does something, by its words."""
    for name, command in group.commands.items():
        words = (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, words)
        else:
            yield " ".join(words), command


def help_of(words: str, command: click.Command) -> str:
    """Return a command's ``--help``, the program's name left out."""
    context = click.Context(command, info_name=words, terminal_width=_WIDTH, max_content_width=_WIDTH)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def sections() -> str:
    """Return a section for each command; where programs differ, one for each kind."""
    known: dict[tuple[str, str], list[str]] = {}
    for one in programs():
        for words, command in commands(one):
            known.setdefault((words, help_of(words, command)), []).append(one.name or "")
    ordered = sorted(known.items())
    return "\n".join(
        f"## {words}\n\n{', '.join(f'`{name}`' for name in names)}\n\n```text\n{text}\n```\n"
        for (words, text), names in ordered
    )


def whole(written: str) -> str:
    """Return the page: what was written by hand in ``written``, and the sections made now."""
    return f"{written.partition(MARK)[0].rstrip()}\n\n{MARK}\n\n{sections()}"


if __name__ == "__main__":
    TARGET.write_text(whole(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
