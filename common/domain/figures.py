"""What a node says of how it is: numbers and times, never anything of a case (docs/spec/figures.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from types import MappingProxyType

from common.domain.times import from_milliseconds


class Figure(IntEnum):
    """One figure's kind, as it stands on the line."""

    FRESH = 1
    CONTACT = 2
    CASES = 3
    PARCELS = 4
    BYTES = 5
    OLDEST = 6
    REFUSED = 7
    WAITING = 8
    QUARANTINED = 9
    CLOCK = 10
    BATTERY = 11
    DISK_FREE = 12
    DISK = 13
    LOCKED = 14


NOTEWORTHY = frozenset(
    {
        Figure.CASES,
        Figure.PARCELS,
        Figure.OLDEST,
        Figure.REFUSED,
        Figure.WAITING,
        Figure.QUARANTINED,
        Figure.BATTERY,
        Figure.LOCKED,
    }
)
"""A change of one of these is said soon; the others are said now and then."""
_NO_VALUES: Mapping[Figure, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Figures:
    """What one node said of itself.

    Attributes:
        counter: orders what a node says in one generation of its keys, from 1.
        made: by the node's corrected clock.
        program: its program and version.
        values: what is known; a figure that is not there was not said.
    """

    counter: int
    made: datetime
    program: str
    values: Mapping[Figure, int] = field(default_factory=lambda: _NO_VALUES)

    def get(self, figure: Figure) -> int | None:
        """Return a figure, None where it was not said."""
        return self.values.get(figure)

    def count(self, figure: Figure) -> int:
        """Return a figure that counts something, 0 where it was not said."""
        return self.values.get(figure, 0)

    def instant(self, figure: Figure) -> datetime | None:
        """Return a figure that is a time; None where it was not said, or says what is no time."""
        value = self.values.get(figure)
        try:
            return None if value is None else from_milliseconds(value)
        except OverflowError:
            return None

    @property
    def noteworthy(self) -> Mapping[Figure, int]:
        """The figures whose change is worth saying soon."""
        return {figure: value for figure, value in self.values.items() if figure in NOTEWORTHY}
