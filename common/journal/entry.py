"""The header of an entry (docs/spec/journal.md §2): what may be known of it without reading its body."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from common.crypto.wire import FormatError, Writer
from common.domain.entries import EntryClass, FactPosition, Fence
from common.domain.times import to_milliseconds
from common.journal.instants import EPOCH, instant_at
from common.journal.limits import HEADER_MAX, KIND_MAX, POSITION_MAX
from common.journal.scan import scan_sint, scan_uint

FORMAT = 1
_KIND = re.compile(r"[a-z][a-z_]{0,39}")
_CASE, _POSITION = 1, 2
_CLASSES = tuple(EntryClass)
_NO_CASE_BASE = to_milliseconds(datetime(2026, 1, 1, tzinfo=UTC))
_VERSION_AND_VARIANT = (0xF << 76) | (0x3 << 62)
_UUID7 = (0x7 << 76) | (0x2 << 62)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """How far off the writer's clock was known to be.

    Attributes:
        offset_ms: to be added to the device's time; None where the clock was never measured.
        certainty_ms: uncertainty of the offset, from 0; None with it.
    """

    offset_ms: int | None = None
    certainty_ms: int | None = None

    def __post_init__(self) -> None:
        """Refuse half a measurement.

        Raises:
            ValueError: only one of the two is given, or the uncertainty is out of range.
        """
        if (self.offset_ms is None) != (self.certainty_ms is None):
            raise ValueError("a measured clock has an offset and a certainty")
        if self.certainty_ms is not None and not 0 <= self.certainty_ms <= POSITION_MAX:
            raise ValueError("a certainty counts milliseconds from 0")


UNMEASURED = ClockReading()


@dataclass(frozen=True, slots=True)
class EntryHeader:
    """What an entry says outside its body.

    Attributes:
        entry_class: fact, request or record.
        kind: lower case with underscores, at most 40 letters.
        case_id: the case it belongs to, a UUIDv7; None for what belongs to none.
        time: the writer's own clock, aware, exact to the millisecond.
        clock: how far off that clock was known to be.
        position: a fact's own place, or the last fact a request's or record's writer knew.
    """

    entry_class: EntryClass
    kind: str
    case_id: UUID | None
    time: datetime
    clock: ClockReading = UNMEASURED
    position: FactPosition | None = None

    def __post_init__(self) -> None:
        """Refuse what no entry may say.

        Raises:
            ValueError: kind, case id, time or position break journal.md §2.
        """
        if not _KIND.fullmatch(self.kind):
            raise ValueError("a kind is lower case with underscores")
        if self.time.tzinfo is None or self.time.microsecond % 1000 or self.time < EPOCH:
            raise ValueError("a time is aware, whole milliseconds from 1970 on")
        if self.case_id is None:
            if self.position is not None:
                raise ValueError("a position needs a case")
            return
        if self.case_id.int & _VERSION_AND_VARIANT != _UUID7:
            raise ValueError("a case id is a UUIDv7")
        if self.entry_class is EntryClass.FACT and not (self.position and self.position.number):
            raise ValueError("a fact has a number from 1")

    def encode(self) -> bytes:
        """Return the canonical bytes, at most ``HEADER_MAX``."""
        writer = Writer().uint(FORMAT).uint(self.entry_class).text(self.kind, KIND_MAX)
        base = _NO_CASE_BASE
        if self.case_id is None:
            writer.uint(0)
        else:
            writer.uint(_CASE | (_POSITION if self.position else 0)).fixed(self.case_id.bytes, 16)
            base = self.case_id.int >> 80
        writer.sint(to_milliseconds(self.time) - base)
        _write_clock(writer, self.clock)
        if self.position:
            fence = self.position.fence
            writer.uint(fence.takings).uint(fence.moves).uint(self.position.number)
        return writer.done()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the header of its bytes.

        Raises:
            FormatError: the bytes break a rule of journal.md §2.
        """
        try:
            return cls(*_scan(data))
        except IndexError as error:
            raise FormatError("entry header cut off", len(data)) from error
        except ValueError as error:
            raise FormatError(str(error), len(data)) from error


def _write_clock(writer: Writer, clock: ClockReading) -> None:
    if clock.offset_ms is None or clock.certainty_ms is None:
        writer.uint(0)
    else:
        writer.uint(1 + clock.certainty_ms).sint(clock.offset_ms)


_Fields = tuple[EntryClass, str, UUID | None, datetime, ClockReading, FactPosition | None]


def _scan(data: bytes) -> _Fields:
    # By offset instead of by Reader: a batch has up to a thousand headers.
    version, at = scan_uint(data, 0)
    entry_class, at = scan_uint(data, at)
    size, at = scan_uint(data, at)
    if version != FORMAT or entry_class >= len(_CLASSES) or len(data) > HEADER_MAX:
        raise FormatError("unknown entry format or class, or too long", 0)
    kind, at = str(data[at : at + size], "ascii", "replace"), at + size
    flags, at = scan_uint(data, at)
    case_id, base = None, _NO_CASE_BASE
    if flags & _CASE:
        case_id, at = UUID(bytes=data[at : at + 16]), at + 16
        base = case_id.int >> 80
    offset, at = scan_sint(data, at)
    clock, at = _scan_clock(data, at)
    position, at = _scan_position(data, at) if flags & _POSITION else (None, at)
    if at != len(data) or flags > (_CASE | _POSITION):
        raise FormatError("unknown flags, or bytes after the end", at)
    return _CLASSES[entry_class], kind, case_id, instant_at(base + offset), clock, position


def _scan_clock(data: bytes, at: int) -> tuple[ClockReading, int]:
    certainty, at = scan_uint(data, at)
    if not certainty:
        return UNMEASURED, at
    offset, at = scan_sint(data, at)
    return ClockReading(offset, certainty - 1), at


def _scan_position(data: bytes, at: int) -> tuple[FactPosition, int]:
    takings, at = scan_uint(data, at)
    moves, at = scan_uint(data, at)
    number, at = scan_uint(data, at)
    return FactPosition(Fence(takings, moves), number), at
