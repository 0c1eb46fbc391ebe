"""Every limit of a session, in one place (docs/spec/session.md §6)."""

from dataclasses import dataclass

CHUNK = 65_536
"""Bytes of a chunk; only a parcel's last one is shorter (§2)."""
MAX_FRAME = 1_048_576 + 1_024
"""Largest ``length`` of a frame: type byte and payload (§1)."""
MAX_LIST = 2_000
"""Items in one message (§2)."""
MAX_WINDOW = 64
"""Chunks wanted and not yet come, at most (§4)."""
MAX_CHECKPOINT = 4_096
MAX_EXTRA = 4_096
MAX_DETAIL = 200
MAX_ATTACHMENT = 67_125_264
"""Sealed bytes of the largest attachment (parcel.md): 64 MiB in 1,025 sealed pieces."""
MAX_LETTER = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """What one session may grow to; the defaults are the protocol's.

    Attributes:
        window: chunks this side lets itself be owed, 1 to 64; fewer on a line that many share.
        heads: journals one side may list.
        marks: receipts one side may list.
        asked: parcels one side may ask for by name.
        offers: parcels one side may offer; what is left waits for the next session.
        receipts: receipt statements one side may send.
        forks: forks one side may declare.
        uncovered: journals one side may want covers of.
        covers: covers one side may send; what is left waits for the next session.
        figures: figures one side may list, and send.
        quiet_after: seconds without a byte from the other side after which it is pinged.
        dead_after: seconds without a byte after which the line is given up.
    """

    window: int = MAX_WINDOW
    heads: int = 100_000
    marks: int = 200_000
    asked: int = 20_000
    offers: int = 20_000
    receipts: int = 200_000
    forks: int = 1_000
    uncovered: int = 20_000
    covers: int = 2_000
    figures: int = 20_000
    quiet_after: float = 30.0
    dead_after: float = 120.0

    def __post_init__(self) -> None:
        """Refuse limits no session could keep.

        Raises:
            ValueError: the window is not 1 to 64, a count is negative, or a line is given up unpinged.
        """
        counts = (
            self.heads, self.marks, self.asked, self.offers, self.receipts, self.forks,
            self.uncovered, self.covers, self.figures,
        )  # fmt: skip
        if not 1 <= self.window <= MAX_WINDOW or min(counts) < 0:
            raise ValueError("a window is 1 to 64 chunks and a count is not negative")
        if not 0 < self.quiet_after < self.dead_after:
            raise ValueError("a quiet line is pinged before it is given up")


def chunks(size: int) -> int:
    """Return how many chunks a parcel of ``size`` bytes has."""
    return -(-size // CHUNK)


def chunk_size(size: int, index: int) -> int:
    """Return the length in bytes of chunk ``index`` of a parcel of ``size`` bytes."""
    return min(CHUNK, size - index * CHUNK)
