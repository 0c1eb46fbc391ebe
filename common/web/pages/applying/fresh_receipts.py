"""Query codes and tokens for the minutes between handing in and printing; then they are gone for good."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

KEPT = timedelta(minutes=10)
_MOST = 500


@dataclass(frozen=True, slots=True)
class Fresh:
    """What is shown and printed once: six digits, and the random token of the QR."""

    code: str
    token: str


@dataclass(slots=True)
class FreshReceipts:
    """Kept in memory for the browser that handed in, so that a double click or a reload still shows them."""

    _kept: dict[tuple[UUID, str], tuple[Fresh, datetime]] = field(default_factory=dict)

    def keep(self, case_id: UUID, browser: str, fresh: Fresh, now: datetime) -> None:
        """Keep a receipt's secrets for one browser; what is too old goes, and the oldest of too many."""
        ends = now + KEPT
        for key in [key for key, (_, until) in self._kept.items() if until <= now]:
            del self._kept[key]
        while len(self._kept) >= _MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[case_id, browser] = (fresh, ends)

    def of(self, case_id: UUID, browser: str, now: datetime) -> Fresh | None:
        """Return them for the browser that handed in, as long as they are fresh."""
        fresh, until = self._kept.get((case_id, browser), (None, now))
        return fresh if now < until else None
