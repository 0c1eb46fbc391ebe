"""UUIDv7 (RFC 9562): ids of cases and files, made where the thing is made and never rewritten."""

from datetime import datetime
from uuid import UUID

from common.domain.times import from_milliseconds, to_milliseconds

_TIME_BITS = 48


def new_id(instant: datetime, randomness: bytes) -> UUID:
    """Return a UUIDv7 of ``instant`` from ten random bytes.

    Raises:
        ValueError: there are not ten random bytes, or the instant does not fit 48 bits of milliseconds.
    """
    milliseconds = to_milliseconds(instant)
    if len(randomness) != 10 or not 0 <= milliseconds < 1 << _TIME_BITS:  # noqa: PLR2004 - RFC 9562, 5.7
        message = "a UUIDv7 takes ten random bytes and an instant from 1970 on"
        raise ValueError(message)
    raw = bytearray(milliseconds.to_bytes(6, "big") + randomness)
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return UUID(bytes=bytes(raw))


def instant_of(identifier: UUID) -> datetime:
    """Return the instant (UTC, to the millisecond) inside a UUIDv7."""
    return from_milliseconds(int.from_bytes(identifier.bytes[:6], "big"))
