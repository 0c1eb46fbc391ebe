"""Days as browsers send them."""

from datetime import date


def typed_day(text: str) -> date | None:
    """Return the day of ``2026-11-22``, None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
