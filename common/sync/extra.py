"""What a HELLO adds to its fixed form: tagged fields, unknown ones ignored (docs/spec/session.md §2)."""

from dataclasses import dataclass
from typing import Self

from common.crypto.wire import Reader, Writer
from common.sync import limits

_CLOCK = 1
MOST_UNSURE = 2**40
"""Milliseconds, 34 years: who is less sure than that knows nothing."""


@dataclass(frozen=True, slots=True)
class Extra:
    """The fields known here.

    Attributes:
        certainty_ms: by how much the greeting's time may be wrong; None where the speaker does not know.
    """

    certainty_ms: int | None = None

    def encode(self) -> bytes:
        """Return the bytes."""
        if self.certainty_ms is None:
            return b""
        value = Writer().uint(self.certainty_ms).done()
        return Writer().uint(_CLOCK).blob(value, limits.MAX_EXTRA).done()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read the fields; a tag twice is the last one's, anything malformed a ``FormatError``."""
        reader, certainty = Reader(data), None
        while reader.remaining:
            tag, value = reader.uint(), Reader(reader.blob(limits.MAX_EXTRA))
            if tag == _CLOCK:
                certainty = value.uint(MOST_UNSURE)
                value.end()
        return cls(certainty)
