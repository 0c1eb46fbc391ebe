"""SHA-256 under a context, and comparison that does not tell where two values differ."""

import hashlib
import hmac

DIGEST_BYTES = 32


def prefixed(context: bytes, message: bytes) -> bytes:
    """Return ``context ‖ message``, what every hash and signature here is made over (wire.md §5).

    Raises:
        ValueError: the context does not end in its only zero byte, so that one could be the start of another.
    """
    if not context.endswith(b"\0") or b"\0" in context[:-1]:
        raise ValueError("a context ends in its only zero byte")
    return context + message


def digest(context: bytes, *parts: bytes) -> bytes:
    """Return SHA-256 (32 bytes) of the context and the parts, one after another.

    The caller makes the split between parts unambiguous: fixed sizes or lengths (wire.md §5).
    """
    return hashlib.sha256(prefixed(context, b"".join(parts))).digest()


def same(left: bytes, right: bytes) -> bool:
    """Whether two secrets or digests are equal, in time that depends on their length only."""
    return hmac.compare_digest(left, right)
