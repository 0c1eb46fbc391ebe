"""A paper as plain data for its template: people's words go in as data, never as markup."""

import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime

from common.papers.fonts import coverage
from common.papers.parts import ClockedTime
from common.papers.wording import chinese_day, chinese_time, clock_sentence, county_time

GETA = "〓"
"""Printers' mark for a character the fonts lack; the template asks for it to be written in by hand."""

_VARIATION_SELECTORS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
"""A font that knows no variant shows the character itself (Unicode 16, 23.4)."""

Plain = str | int | bool | list["Plain"] | dict[str, "Plain"] | None


def as_data(value: object) -> Plain:
    """Return ``value`` as JSON can hold it; days and times become Chinese text, texts are cleaned.

    A value no paper holds is a `TypeError`.
    """
    match value:
        case None | bool() | int():
            return value
        case str():
            return printable(value)
        case datetime():
            return chinese_time(value)
        case date():
            return chinese_day(value)
        case tuple():
            return [as_data(one) for one in value]
        case _:
            return _record(value)


def _record(value: object) -> dict[str, Plain]:
    if not is_dataclass(value) or isinstance(value, type):
        message = f"no paper holds a {type(value).__name__}"
        raise TypeError(message)
    data = {field.name: as_data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, ClockedTime):
        data |= {"clock": clock_sentence(value), "county": county_time(value)}
    return data


def printable(text: str) -> str:
    """Return ``text`` on one line, without invisible characters, missing glyphs shown as 〓.

    Marks that turn the direction of writing would make a paper read otherwise than it is stored.
    """
    line = " ".join("".join(map(_visible, text)).split())
    return "".join(GETA if _lacking(mark) else mark for mark in line)


def missing_characters(paper: object) -> tuple[str, ...]:
    """Return the characters of a paper that our fonts lack, each once, in order; it shows 〓 for them."""
    seen = (mark for text in _texts(paper) for mark in text)
    return tuple(dict.fromkeys(mark for mark in seen if _visible(mark) == mark and _lacking(mark)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


def _visible(mark: str) -> str:
    category = unicodedata.category(mark)
    if category in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    return "" if category in {"Cf", "Cs", "Co"} else mark


def _lacking(mark: str) -> bool:
    return ord(mark) not in coverage() and ord(mark) not in _VARIATION_SELECTORS
