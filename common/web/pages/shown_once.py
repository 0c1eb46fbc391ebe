"""What is shown once and kept nowhere: for the person who made it, for the minutes it takes to write down."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")
KEPT = timedelta(minutes=10)
_MOST = 500


@dataclass(slots=True)
class ShownOnce(Generic[T]):
    """Values in memory, by a form's own number and by whom they are for.

    The number makes a second click find the first one's value instead of making another.
    """

    _kept: dict[tuple[str, str], tuple[T, datetime]] = field(default_factory=dict)

    def keep(self, number: str, owner: str, value: T, now: datetime) -> None:
        """Keep a value; what is too old goes, and the oldest of too many."""
        for key in [key for key, (_, until) in self._kept.items() if until <= now]:
            del self._kept[key]
        while len(self._kept) >= _MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[number, owner] = (value, now + KEPT)

    def of(self, number: str, owner: str, now: datetime) -> T | None:
        """Return the value while it is fresh, None to anybody else."""
        value, until = self._kept.get((number, owner), (None, now))
        return value if now < until else None

    def forget(self, number: str, owner: str) -> None:
        """Forget a value: it is written down."""
        self._kept.pop((number, owner), None)
