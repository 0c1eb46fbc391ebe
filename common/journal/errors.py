"""What this layer refuses, by whose fault it is and what to do about it.

Beside these, parsers raise ``FormatError`` (the bytes are no canonical encoding), and checks of seals and
signatures raise ``CannotOpenError`` and ``BadSignatureError`` of :mod:`common.crypto.errors`; nothing else.
"""

from enum import StrEnum


class Fault(StrEnum):
    """Who has to do something about an error."""

    WRITER = "writer"
    """The node that wrote or sealed the bytes: its program or its keys."""
    CARRIER = "carrier"
    """The way the bytes came: take them over it again."""
    KEYS = "keys"
    """Nobody: a key is missing on this side."""


class JournalError(Exception):
    """Base of this layer's refusals; the message is English, without any content of the entry.

    Attributes:
        fault: who has to do something.
        what_to_do: one Chinese sentence for the person at the screen.
    """

    fault = Fault.WRITER
    what_to_do = "请联系写出这批数据的站点，让它检查程序后重新发送。"


class SealedBytesError(JournalError):
    """The sealed part is not the one the header names (parcel.md §1, rule 8)."""

    fault = Fault.CARRIER
    what_to_do = "数据包在路上损坏了，请从原处重新取一次。"


class PackingError(JournalError):
    """The packed run is not one zstd frame of the stated size (parcel.md §2)."""


class ChainBrokenError(JournalError):
    """The run does not lead from the chain hash before to the one after (parcel.md §2)."""

    what_to_do = "这批数据与它声明的次序不符，不能采用；请把它留给县里核查。"


class BodyError(JournalError):
    """The body of a known kind does not have that kind's shape (journal.md §5)."""

    what_to_do = "这一条记录的内容不完整，请写它的站点升级程序后重新提交。"
