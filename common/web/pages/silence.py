"""From when on a node that says nothing is amber."""

from datetime import datetime, timedelta

SILENT_AFTER = timedelta(hours=26)
"""A station that works by day is heard once a day; two hours are for clocks and late mornings."""


def is_silent(contact_at: datetime | None, now: datetime) -> bool:
    """Whether a node has not been heard for longer than it should; one never heard is silent too."""
    return contact_at is None or now - contact_at > SILENT_AFTER
