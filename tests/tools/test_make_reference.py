"""The reference of commands is what the programs say of themselves."""

import re

from tools import make_reference

PAGE = make_reference.TARGET.read_text(encoding="utf-8")


def test_the_committed_page_is_what_the_generator_writes() -> None:
    assert make_reference.whole(PAGE) == PAGE


def test_every_command_stands_in_the_table_written_by_hand() -> None:
    table = PAGE.partition(make_reference.MARK)[0]
    named = set(re.findall(r"`([^`]+)`", table.replace("\\|", "|")))
    for program in make_reference.programs():
        for words, _ in make_reference.commands(program):
            group, _, verb = words.rpartition(" ")
            assert any(_names(one, group, verb) for one in named), words


def _names(typed: str, group: str, verb: str) -> bool:
    head = f"{group} {verb}".strip()
    return typed.startswith(head) or (
        bool(group) and typed.startswith(f"{group} ") and verb in re.split(r"[ |]", typed)
    )


def test_no_command_takes_a_secret_as_an_option() -> None:
    text = make_reference.sections()
    options = set(re.findall(r"--[a-z-]+", text))
    assert not {one for one in options if re.search(r"password|secret|token|pin$", one)}
    assert "--passphrase " not in text
