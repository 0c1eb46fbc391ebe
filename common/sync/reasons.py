"""Why a session ends and why a parcel must wait (docs/spec/session.md §2)."""

from enum import IntEnum, StrEnum


class ByeReason(IntEnum):
    """What a BYE says."""

    FINISHED = 0
    PROTOCOL = 1
    VERSION = 2
    IDENTITY = 3
    EPOCH = 4
    BUSY = 5
    LEAVING = 6
    FULL = 7
    FAILED = 8
    OTHER = 9


class LaterReason(IntEnum):
    """Why a parcel does not travel in this session."""

    FULL = 0
    QUOTA = 1
    TOO_LARGE = 2
    GONE = 3
    """The side that offered it no longer has it; the others are said by the side it was offered to."""


class Ending(StrEnum):
    """How a session ended; none of them says that anything was delivered."""

    FINISHED = "finished"
    """Both sides had nothing more to ask or give."""
    LEFT = "left"
    """We said BYE before that."""
    PEER_LEFT = "peer_left"
    """The other side said BYE before that."""
    CUT = "cut"
    """The line closed without a BYE."""
    SILENT = "silent"
    """Nothing came for too long."""
    BROKEN = "broken"
    """The other side broke a rule."""
