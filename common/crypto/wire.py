"""Wire primitives every binary format is made of; strict and canonical both ways (docs/spec/wire.md)."""

from collections.abc import Callable, Iterable
from typing import Self, TypeVar

T = TypeVar("T")

UINT_MAX = 2**63 - 1
"""Largest ``uint`` (wire.md §2)."""
SINT_MAX = 2**62 - 1
SINT_MIN = -(2**62)
_UINT_BYTES = 9
_MORE = 0x80
_LOW = 0x7F


class FormatError(Exception):
    """The bytes are not a canonical encoding: the fault is with whoever wrote them.

    Attributes:
        what: which rule they break, in English, without any of the content.
        offset: where in the bytes, counted from 0.
    """

    def __init__(self, what: str, offset: int) -> None:
        super().__init__(f"{what} (at byte {offset})")
        self.what = what
        self.offset = offset


class Writer:
    """Builds one encoding, piece by piece; every method returns the writer itself.

    A value the reader would refuse raises ``ValueError``: the fault is ours, nothing wrong is ever written.
    """

    __slots__ = ("_data",)

    def __init__(self) -> None:
        self._data = bytearray()

    def uint(self, value: int) -> Self:
        """Append an unsigned integer, 0 to ``UINT_MAX``, as minimal LEB128.

        Raises:
            ValueError: the value is outside that range.
        """
        if not 0 <= value <= UINT_MAX:
            raise ValueError("an unsigned integer is 0 to 2^63-1")
        while value > _LOW:
            self._data.append((value & _LOW) | _MORE)
            value >>= 7
        self._data.append(value)
        return self

    def sint(self, value: int) -> Self:
        """Append a signed integer, -2^62 to 2^62-1, as the zigzag ``uint``.

        Raises:
            ValueError: the value is outside that range.
        """
        if not SINT_MIN <= value <= SINT_MAX:
            raise ValueError("a signed integer is -2^62 to 2^62-1")
        return self.uint(value * 2 if value >= 0 else -value * 2 - 1)

    def flag(self, value: bool) -> Self:  # noqa: FBT001
        """Append a truth value as ``uint`` 0 or 1."""
        return self.uint(int(value))

    def fixed(self, data: bytes, size: int) -> Self:
        """Append exactly ``size`` bytes, without a length.

        Raises:
            ValueError: the data is longer or shorter.
        """
        if len(data) != size:
            raise ValueError(f"expected exactly {size} bytes, not {len(data)}")
        self._data += data
        return self

    def blob(self, data: bytes, limit: int) -> Self:
        """Append a length and at most ``limit`` bytes.

        Raises:
            ValueError: the data is longer.
        """
        if len(data) > limit:
            raise ValueError(f"expected at most {limit} bytes, not {len(data)}")
        self.uint(len(data))
        self._data += data
        return self

    def text(self, value: str, limit: int) -> Self:
        """Append text as a blob of UTF-8, at most ``limit`` bytes."""
        return self.blob(value.encode(), limit)

    def items(self, values: Iterable[T], limit: int, write: Callable[["Writer", T], object]) -> Self:
        """Append a list: its count, at most ``limit``, and each item by ``write(writer, item)``.

        Raises:
            ValueError: there are more items.
        """
        listed = tuple(values)
        if len(listed) > limit:
            raise ValueError(f"expected at most {limit} items, not {len(listed)}")
        self.uint(len(listed))
        for value in listed:
            write(self, value)
        return self

    def raw(self, data: bytes) -> Self:
        """Append bytes that are already encoded, or the rest of a format that ends with its own bytes."""
        self._data += data
        return self

    def done(self) -> bytes:
        """Return everything appended so far."""
        return bytes(self._data)


class Reader:
    """Reads one encoding; refuses every form the writer would not have written.

    Every method raises ``FormatError`` and nothing else, and copies no more than the stated limits.

    Args:
        data: the whole encoding.
    """

    __slots__ = ("_data", "_offset")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._offset = 0

    @property
    def offset(self) -> int:
        """How many bytes have been read."""
        return self._offset

    @property
    def remaining(self) -> int:
        """How many bytes are left."""
        return len(self._data) - self._offset

    def uint(self, limit: int = UINT_MAX) -> int:
        """Read an unsigned integer of at most ``limit``.

        Raises:
            FormatError: it is cut off, not minimal, or too large.
        """
        start, value = self._offset, 0
        for place in range(_UINT_BYTES):
            byte = self._take(1)[0]
            value |= (byte & _LOW) << (7 * place)
            if byte < _MORE:
                return self._checked_uint(value, limit, start, minimal=place == 0 or byte != 0)
        raise FormatError("integer too long", start)

    @staticmethod
    def _checked_uint(value: int, limit: int, start: int, *, minimal: bool) -> int:
        if not minimal:
            raise FormatError("integer not minimal", start)
        if value > limit:
            raise FormatError("integer above its limit", start)
        return value

    def sint(self) -> int:
        """Read a signed integer."""
        value = self.uint()
        return -(value + 1) // 2 if value & 1 else value // 2

    def flag(self) -> bool:
        """Read a truth value, 0 or 1."""
        return self.uint(1) == 1

    def fixed(self, size: int) -> bytes:
        """Read exactly ``size`` bytes."""
        return self._take(size)

    def blob(self, limit: int) -> bytes:
        """Read a length and that many bytes, at most ``limit``."""
        return self._take(self.uint(limit))

    def text(self, limit: int) -> str:
        """Read strict UTF-8 of at most ``limit`` bytes.

        Raises:
            FormatError: as for a blob, or it is not UTF-8.
        """
        start = self._offset
        try:
            return self.blob(limit).decode("utf-8", "strict")
        except UnicodeDecodeError as error:
            raise FormatError("text is not UTF-8", start) from error

    def text_as(self, make: Callable[[str], T], limit: int) -> T:
        """Read text and make a domain value of it, as in ``text_as(NodeId, 16)``.

        Raises:
            FormatError: as for text, or ``make`` refuses it with ``ValueError``.
        """
        start, value = self._offset, self.text(limit)
        try:
            return make(value)
        except ValueError as error:
            raise FormatError("text is not a valid value", start) from error

    def items(self, limit: int, read: Callable[["Reader"], T]) -> tuple[T, ...]:
        """Read a list of at most ``limit`` items, each by ``read(reader)``."""
        return tuple([read(self) for _ in range(self.uint(limit))])

    def rest(self) -> bytes:
        """Read everything that is left."""
        return self._take(self.remaining)

    def since(self, start: int) -> bytes:
        """Return the bytes already read from offset ``start`` on, as written (what a signature covers)."""
        return self._data[start : self._offset]

    def fail(self, what: str) -> FormatError:
        """Return the error to raise when what was just read breaks the rule ``what``."""
        return FormatError(what, self._offset)

    def end(self) -> None:
        """Insist that nothing is left.

        Raises:
            FormatError: bytes are left.
        """
        if self.remaining:
            raise FormatError("bytes after the end", self._offset)

    def _take(self, size: int) -> bytes:
        end = self._offset + size
        if end > len(self._data):
            raise FormatError("cut off", self._offset)
        taken = self._data[self._offset : end]
        self._offset = end
        return taken
