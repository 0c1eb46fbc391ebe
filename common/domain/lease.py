"""Custody is a lease: it holds while hub-signed time known here is young enough (design §2, history 6)."""

from datetime import datetime, timedelta
from enum import StrEnum

TOLERANCE = timedelta(minutes=10)
"""How far a clock may step back without counting as set back."""


class LeaseStanding(StrEnum):
    """Whether a custodian may decide and issue; taking in always goes on."""

    LIVE = "live"
    WARN = "warn"
    EXPIRED = "expired"


def standing(
    days: int, hub_time: datetime | None, wall: datetime, last_stored: datetime | None
) -> LeaseStanding:
    """Return how a lease of ``days`` stands.

    Args:
        days: the item's limit.
        hub_time: the newest hub-signed time held; None where none was ever seen.
        wall: the device's clock now.
        last_stored: the latest time this node ever stored; a clock behind it was set back, or is dead.
    """
    latest = max(wall, last_stored or wall)
    if hub_time is None or latest - wall > TOLERANCE:
        return LeaseStanding.EXPIRED
    age = latest - hub_time
    if age >= timedelta(days=days):
        return LeaseStanding.EXPIRED
    return LeaseStanding.WARN if age >= timedelta(days=days) / 2 else LeaseStanding.LIVE
