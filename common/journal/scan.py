"""Integers by offset: what the wire ``Reader`` does, for the two places that read thousands.

``IndexError`` says the bytes are cut off; the caller turns it into ``FormatError``.
"""

from common.crypto.wire import FormatError

_MORE = 0x80
_LOW = 0x7F
_LAST_SHIFT = 56


def scan_uint(data: bytes, at: int) -> tuple[int, int]:
    """Return the ``uint`` at offset ``at`` and the offset after it (wire.md §2)."""
    byte = data[at]
    return (byte, at + 1) if byte < _MORE else _scan_long(data, at)


def scan_sint(data: bytes, at: int) -> tuple[int, int]:
    """Return the ``sint`` at offset ``at`` and the offset after it (wire.md §2)."""
    value, at = scan_uint(data, at)
    return (-(value + 1) // 2 if value & 1 else value // 2), at


def _scan_long(data: bytes, start: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, _LAST_SHIFT + 7, 7):
        byte = data[start + shift // 7]
        value |= (byte & _LOW) << shift
        if byte < _MORE:
            break
    else:
        raise FormatError("integer too long", start)
    if not byte:
        raise FormatError("integer not minimal", start)
    return value, start + shift // 7 + 1
