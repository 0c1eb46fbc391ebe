"""How often somebody may try: sign-ins by account and address, query codes by number and address."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from common.domain.spoken_error import SpokenError

_MOST_KEYS = 20_000


class TooManyTriesError(SpokenError):
    """Too many failures; :attr:`wait` says for how long."""

    def __init__(self, wait: timedelta) -> None:
        """Say how many minutes to wait."""
        minutes = max(1, -int(-wait.total_seconds() // 60))
        super().__init__(
            "too many tries", "试的次数太多了，请过{minutes}分钟再试，或找帮办员、管理员。", minutes=minutes
        )
        self.wait = wait


class Attempts:
    """Counts failures in a sliding window, in memory; the account's own lock outlives the program.

    Args:
        most: failures after which no further try is looked at.
        window: how long a failure counts.
        now: the clock, aware.
    """

    def __init__(self, most: int, window: timedelta, now: Callable[[], datetime]) -> None:
        self._most = most
        self._window = window
        self._now = now
        self._failures: dict[str, deque[datetime]] = {}

    def check(self, key: str) -> None:
        """Let a try through.

        Raises:
            TooManyTriesError: ``most`` failures within the window.
        """
        failures = self._recent(key)
        if len(failures) >= self._most:
            raise TooManyTriesError(failures[0] + self._window - self._now())

    def failed(self, key: str) -> None:
        """Count a failure; the longest unused key is forgotten when there are too many."""
        failures = self._recent(key)
        failures.append(self._now())
        self._failures.pop(key, None)
        self._failures[key] = failures
        while len(self._failures) > _MOST_KEYS:
            del self._failures[next(iter(self._failures))]

    def passed(self, key: str) -> None:
        """Forget the failures of ``key``."""
        self._failures.pop(key, None)

    def _recent(self, key: str) -> deque[datetime]:
        failures = self._failures.get(key, deque())
        while failures and failures[0] + self._window <= self._now():
            failures.popleft()
        return failures
