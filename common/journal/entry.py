"""The header of an entry (docs/spec/journal.md §2): what may be known of it without reading its body."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from common.crypto.wire import FormatError, Reader, Writer
from common.domain.entries import EntryClass, FactPosition, Fence
from common.domain.times import to_milliseconds
from common.journal.instants import checked_instant
from common.journal.limits import HEADER_MAX, KIND_MAX, POSITION_MAX

FORMAT = 1
_KIND = re.compile(r"[a-z][a-z_]{0,39}")
_CASE, _POSITION = 1, 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
        broken = self._broken_rule()
        if broken:
            raise ValueError(broken)

    def _broken_rule(self) -> str:
        if not _KIND.fullmatch(self.kind):
            return "a kind is lower case with underscores"
        if self.case_id is not None and self.case_id.int & _VERSION_AND_VARIANT != _UUID7:
            return "a case id is a UUIDv7"
        if self.time.microsecond % 1000 or self.time < _EPOCH:
            return "a time is whole milliseconds from 1970 on"
        if self.position is not None and self.case_id is None:
            return "a position needs a case"
        if self.entry_class is EntryClass.FACT and self.case_id is not None:
            return "" if self.position is not None and self.position.number else "a fact has a number from 1"
        return ""

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
        reader = Reader(data)
        if len(data) > HEADER_MAX:
            raise reader.fail("entry header too long")
        if reader.uint() != FORMAT:
            raise reader.fail("unknown entry format")
        entry_class, kind = EntryClass(reader.uint(EntryClass.RECORD)), reader.text(KIND_MAX)
        flags = reader.uint(_CASE | _POSITION)
        if flags == _POSITION:
            raise reader.fail("a position needs a case")
        case_id = UUID(bytes=reader.fixed(16)) if flags else None
        time = _read_time(reader, _NO_CASE_BASE if case_id is None else case_id.int >> 80)
        clock = _read_clock(reader)
        position = _read_position(reader) if flags & _POSITION else None
        reader.end()
        try:
            return cls(entry_class, kind, case_id, time, clock, position)
        except ValueError as error:
            raise FormatError(str(error), len(data)) from error


def _write_clock(writer: Writer, clock: ClockReading) -> None:
    if clock.offset_ms is None or clock.certainty_ms is None:
        writer.uint(0)
    else:
        writer.uint(1 + clock.certainty_ms).sint(clock.offset_ms)


def _read_time(reader: Reader, base: int) -> datetime:
    return checked_instant(reader, base + reader.sint())


def _read_clock(reader: Reader) -> ClockReading:
    certainty = reader.uint(1 + POSITION_MAX)
    return ClockReading(reader.sint(), certainty - 1) if certainty else UNMEASURED


def _read_position(reader: Reader) -> FactPosition:
    fence = Fence(reader.uint(POSITION_MAX), reader.uint(POSITION_MAX))
    return FactPosition(fence, reader.uint(POSITION_MAX))
