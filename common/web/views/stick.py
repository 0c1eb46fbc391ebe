"""The page about sticks."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class StickChoice:
    """A stick that is plugged in."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class StickShown:
    """The exchange that runs, or the last one.

    Attributes:
        taken: parcels taken in so far; ``written`` those written.
        refusal: why it could not be done.
        told: what happened, once it is over; the last line says whether to pull it out.
    """

    name: str
    running: bool
    taken: int
    written: int
    refusal: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StickView:
    """Which sticks there are, and how the exchange stands."""

    template: ClassVar[str] = "staff/stick.html"

    found: tuple[StickChoice, ...]
    visit: StickShown | None = None
