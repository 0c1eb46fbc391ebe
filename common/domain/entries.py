"""The three classes of entries and a fact's place in a case's course (design §2)."""

from dataclasses import dataclass
from enum import IntEnum

_LARGEST = 2**31


class EntryClass(IntEnum):
    """What an entry may do to its case."""

    FACT = 0
    """Written by the case's custodian only; changes the course."""
    REQUEST = 1
    """From anyone entitled; changes nothing until a fact answers it."""
    RECORD = 2
    """What happened at its writer; never refused, never changes custody or course."""


@dataclass(frozen=True, slots=True, order=True)
class Fence:
    """Which reign over a case a fact belongs to: (takings, moves), compared in that order."""

    takings: int
    moves: int

    def __post_init__(self) -> None:
        """Refuse numbers no case can reach.

        Raises:
            ValueError: a number is negative or absurdly large.
        """
        if not (0 <= self.takings < _LARGEST and 0 <= self.moves < _LARGEST):
            message = "a fence is two numbers from 0"
            raise ValueError(message)

    def moved(self) -> "Fence":
        """Return the fence after a handover."""
        return Fence(self.takings, self.moves + 1)

    def taken(self) -> "Fence":
        """Return the fence after the hub took custody."""
        return Fence(self.takings + 1, 0)


@dataclass(frozen=True, slots=True, order=True)
class FactPosition:
    """A fact's own place, or for requests and records the last fact their writer knew.

    Attributes:
        fence: the reign.
        number: counts facts inside the fence from 1; 0 says "none known yet".
    """

    fence: Fence
    number: int

    def __post_init__(self) -> None:
        """Refuse numbers no fact can have.

        Raises:
            ValueError: the number is negative or absurdly large.
        """
        if not 0 <= self.number < _LARGEST:
            message = "a fact number counts from 0"
            raise ValueError(message)


FIRST_FENCE = Fence(0, 0)
