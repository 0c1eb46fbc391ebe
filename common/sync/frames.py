"""Frames: a length, a type byte and a payload (docs/spec/session.md §1)."""

from collections.abc import Iterator

from common.sync.errors import BrokenRuleError
from common.sync.limits import MAX_FRAME

_LENGTH = 4


def frame(message_type: int, payload: bytes) -> bytes:
    """Return the frame of one message.

    Raises:
        ValueError: the payload does not fit into a frame.
    """
    length = 1 + len(payload)
    if length > MAX_FRAME:
        raise ValueError(f"a frame holds at most {MAX_FRAME} bytes")
    return length.to_bytes(_LENGTH, "big") + bytes((message_type,)) + payload


class FrameSplitter:
    """Cuts a stream of bytes into frames; what it keeps between calls is less than one frame."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting = bytearray()

    @property
    def waiting(self) -> int:
        """How many bytes of an unfinished frame are kept."""
        return len(self._waiting)

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Add bytes and yield (type, payload) of each frame that is now whole.

        ``BrokenRuleError`` when a frame says it is empty or too long; such a frame is never waited for.
        """
        self._waiting += data
        while (length := self._length()) is not None and len(self._waiting) >= _LENGTH + length:
            payload = bytes(self._waiting[_LENGTH + 1 : _LENGTH + length])
            message_type = self._waiting[_LENGTH]
            del self._waiting[: _LENGTH + length]
            yield message_type, payload

    def _length(self) -> int | None:
        if len(self._waiting) < _LENGTH:
            return None
        length = int.from_bytes(self._waiting[:_LENGTH], "big")
        if not 1 <= length <= MAX_FRAME:
            raise BrokenRuleError("a frame is empty or too long")
        return length
