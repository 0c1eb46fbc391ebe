"""What a session tells its driver."""

from dataclasses import dataclass, field
from typing import TypeAlias

from common.sync.listed import Offer
from common.sync.messages import (
    Ask,
    Cover,
    Done,
    Figures,
    FiguresHave,
    Fork,
    Have,
    Hello,
    Offered,
    Offers,
    Receipt,
    ReceiptsHave,
    Told,
    Uncovered,
)
from common.sync.reasons import ByeReason, Ending, LaterReason


@dataclass(frozen=True, slots=True)
class Greeted:
    """The other side said who it is; answer with ``digest``.

    Attributes:
        hello: what it said.
        version: the protocol version both sides now use.
    """

    hello: Hello
    version: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Both digests are known; send the lists if they differ, then ``told``.

    Attributes:
        same: neither side lacks anything of journals and receipts.
    """

    same: bool


@dataclass(frozen=True, slots=True)
class ChunkCame:
    """A chunk of a parcel this side takes; its size and place are as offered, its content is not yet proved.

    Attributes:
        offer: the parcel.
        index: which chunk, from 0.
        data: its bytes, 65,536 or fewer for the last.
    """

    offer: Offer
    index: int
    data: bytes = field(repr=False)

    @property
    def last(self) -> bool:
        """Whether the parcel is whole now: compare its hash with its name."""
        return self.index == self.offer.chunks - 1


@dataclass(frozen=True, slots=True)
class Declined:
    """The other side cannot take a parcel in this session; offer it again in a later one.

    Attributes:
        offer: the parcel.
        reason: why.
    """

    offer: Offer
    reason: LaterReason


@dataclass(frozen=True, slots=True)
class Gone:
    """The other side cannot give a parcel it offered; keep what has come of it.

    Attributes:
        offer: the parcel.
    """

    offer: Offer


@dataclass(frozen=True, slots=True)
class Closed:
    """The session is over. It says nothing about what was delivered: receipts do.

    Attributes:
        how: in what way.
        reason: what the BYE said, if there was one.
        detail: its English detail; the other side's words after ``PEER_LEFT``: not to be trusted.
    """

    how: Ending
    reason: ByeReason | None = None
    detail: str = ""


Event: TypeAlias = (
    Greeted | Compared | Have | ReceiptsHave | Ask | Told | Offers | Offered | ChunkCame
    | Declined | Gone | Receipt | Fork | Uncovered | Cover | FiguresHave | Figures | Done | Closed
)  # fmt: skip
