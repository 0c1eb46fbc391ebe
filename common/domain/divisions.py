"""The county's divisions: what the seed list says; later lists are dated data sent by the hub."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from common.domain.division_code import DivisionCode, DivisionLevel
from common.domain.division_code import parse as parse_code


class DivisionListError(ValueError):
    """The list contradicts itself; the message names the code."""


@dataclass(frozen=True, slots=True)
class Division:
    """One county, township or village.

    Attributes:
        code: its division code, shortest form.
        name: the official name, as 黄湾村村民委员会.
        level: what the code's length says.
        parent: the division it belongs to in this list; None for a county.

    Raises:
        DivisionListError: no name, or level or parent do not fit the code.
    """

    code: DivisionCode
    name: str
    level: DivisionLevel
    parent: DivisionCode | None

    def __post_init__(self) -> None:
        if not self.name or self.level is not self.code.level:
            raise DivisionListError(
                f"division {self.code.padded}: no name, or the level does not fit the code"
            )
        wider = {DivisionLevel.TOWNSHIP: self.code.county, DivisionLevel.VILLAGE: self.code.township}
        if self.parent != wider.get(self.level):
            raise DivisionListError(f"division {self.code.padded}: the parent does not fit the code")


@dataclass(frozen=True, slots=True)
class DivisionList:
    """Divisions by code, in the order of the list.

    Attributes:
        by_code: every division under its own code.

    Raises:
        DivisionListError: a parent is not in the list.
    """

    by_code: Mapping[DivisionCode, Division]

    def __post_init__(self) -> None:
        for division in self.by_code.values():
            if division.parent is not None and division.parent not in self.by_code:
                raise DivisionListError(f"division {division.code.padded}: its parent is not in the list")

    def counties(self) -> tuple[Division, ...]:
        """Return the divisions without a parent."""
        return tuple(division for division in self.by_code.values() if division.parent is None)

    def children(self, code: DivisionCode) -> tuple[Division, ...]:
        """Return the divisions directly under ``code``."""
        return tuple(division for division in self.by_code.values() if division.parent == code)

    def path(self, code: DivisionCode) -> tuple[Division, ...]:
        """Return county, township, village down to ``code``; empty for a code that is not in the list."""
        division = self.by_code.get(code)
        if division is None:
            return ()
        return (*(self.path(division.parent) if division.parent else ()), division)

    def path_name(self, code: DivisionCode, separator: str = "") -> str:
        """Return the names from the county down, as 雄县雄州镇…; empty for a code that is not in the list."""
        return separator.join(division.name for division in self.path(code))


@cache
def load_divisions() -> DivisionList:
    """Return the list that ships with the program: Xiong, Rongcheng and Anxin counties."""
    text = files("common.domain").joinpath("data", "divisions.csv").read_text(encoding="utf-8")
    return from_csv(text)


def from_csv(text: str) -> DivisionList:
    """Read a list with the columns code, name, level, parent (12-digit codes).

    Args:
        text: the whole file. A wrong code ends in ``DivisionCodeError``, whose sentence names no line.

    Returns:
        The checked list.

    Raises:
        DivisionListError: a column is missing, a level is unknown or a code comes twice.
    """
    by_code: dict[DivisionCode, Division] = {}
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        division = _division(number, row)
        if division.code in by_code:
            raise DivisionListError(f"line {number}: {division.code.padded} comes twice")
        by_code[division.code] = division
    return DivisionList(by_code)


def _division(number: int, row: Mapping[str, str | None]) -> Division:
    code, name, level, parent = (row.get(column) for column in ("code", "name", "level", "parent"))
    if code is None or name is None or level not in set(DivisionLevel) or parent is None:
        raise DivisionListError(f"line {number}: code, name, level and parent are needed, and a known level")
    return Division(parse_code(code), name, DivisionLevel(level), parse_code(parent) if parent else None)
