"""How many are inside: counts by address and by way, so that one busy place starves nobody."""

from collections import Counter

from common.link.limits import ServerLimits


class VisitorBook:
    """Counts of open connections, kept by one server."""

    def __init__(self, limits: ServerLimits) -> None:
        """Start empty."""
        self.limits = limits
        self._by_address: Counter[str] = Counter()
        self._enrolling = 0

    def enter(self, address: str) -> bool:
        """Count a connection in; False, and not counted, where there is no place for it."""
        full = self._by_address.total() >= self.limits.connections
        if full or self._by_address[address] >= self.limits.per_address:
            return False
        self._by_address[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Count a connection out."""
        self._by_address[address] -= 1
        if self._by_address[address] <= 0:
            del self._by_address[address]

    def begin_enrolment(self) -> bool:
        """Count a connection without a certificate; False where there is no place for it."""
        if self._enrolling >= self.limits.enrolments:
            return False
        self._enrolling += 1
        return True

    def end_enrolment(self) -> None:
        """Count it out."""
        self._enrolling -= 1
