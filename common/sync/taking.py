"""What one side was offered and takes: the taker's half of flow control (docs/spec/session.md §4)."""

from collections import deque
from dataclasses import dataclass

from common.sync.errors import BrokenRuleError
from common.sync.limits import chunk_size
from common.sync.listed import Offer
from common.sync.messages import Chunk, Want
from common.sync.offers import ranked


@dataclass(slots=True)
class _Take:
    offer: Offer
    next: int
    granted: int
    dropped: bool = False


class Taking:
    """The parcels the other side offered, which of them this side takes, and the chunks that are under way.

    Every method raises ``BrokenRuleError`` and changes nothing when a rule would be broken.

    Args:
        most: parcels that may be offered in one session.
        window: chunks that may be under way.
    """

    def __init__(self, most: int, window: int) -> None:
        self._most = most
        self._window = window
        self._offers: dict[bytes, Offer] = {}
        self._takes: dict[bytes, _Take] = {}
        self._complete: set[bytes] = set()
        self._put_off: set[bytes] = set()
        self._gone: set[bytes] = set()
        self._queue: deque[_Take] = deque()
        self._ranked = True
        self._under_way = 0

    @property
    def open(self) -> int:
        """How many parcels are taken and not yet complete, put off or gone."""
        return len(self._takes)

    def offered(self, offers: tuple[Offer, ...]) -> None:
        """Note parcels the other side offers.

        Raises:
            BrokenRuleError: a parcel is offered twice, or one too many.
        """
        names = {offer.name for offer in offers}
        if len(names) != len(offers) or not names.isdisjoint(self._offers):
            raise BrokenRuleError("a parcel is offered twice")
        if len(self._offers) + len(names) > self._most:
            raise BrokenRuleError("too many parcels offered in one session")
        self._offers.update((offer.name, offer) for offer in offers)

    def take(self, name: bytes, start: int) -> None:
        """Note that this side takes a parcel from chunk ``start`` on.

        Raises:
            BrokenRuleError: the parcel was not offered, is taken already, does not travel any more, or is
                shorter.
        """
        offer = self._known(name)
        if name in self._takes or name in self._complete:
            raise BrokenRuleError("a parcel is taken twice")
        if name in self._put_off or name in self._gone:
            raise BrokenRuleError("a parcel is taken that does not travel any more")
        if not 0 <= start < offer.chunks:
            raise BrokenRuleError("a parcel is taken from a chunk it does not have")
        self._takes[name] = _Take(offer, start, start)
        self._ranked = False

    def grants(self) -> list[Want]:
        """Return the WANTs there is room for now, in the order parcels should travel."""
        self._rank()
        wants = []
        while self._queue and (room := self._window - self._under_way) > 0:
            take = self._queue[0]
            count = min(room, take.offer.chunks - take.granted)
            if take.offer.name not in self._takes or take.dropped or not count:
                self._queue.popleft()
                continue
            wants.append(Want(take.offer.name, take.granted, count))
            take.granted += count
            self._under_way += count
        return wants

    def chunk(self, chunk: Chunk) -> Offer | None:
        """Note a chunk that came; return its parcel, or None when the parcel was put off meanwhile.

        Raises:
            BrokenRuleError: it was not wanted, is not the next one, or has another size than offered.
        """
        take = self._takes.get(chunk.name)
        if take is None or take.next == take.granted:
            raise BrokenRuleError("a chunk came that was not wanted")
        if chunk.index != take.next:
            raise BrokenRuleError("a chunk came out of order")
        if chunk.total != take.offer.size or len(chunk.data) != chunk_size(take.offer.size, chunk.index):
            raise BrokenRuleError("a chunk has a size that was not offered")
        take.next += 1
        self._under_way -= 1
        if take.next == take.offer.chunks:
            self._complete.add(chunk.name)
            del self._takes[chunk.name]
        elif take.dropped and take.next == take.granted:
            del self._takes[chunk.name]
        return None if take.dropped else take.offer

    def put_off(self, name: bytes) -> None:
        """Note that this side does not take a parcel (any further) in this session.

        Raises:
            BrokenRuleError: the parcel was not offered, or does not travel any more.
        """
        self._known(name)
        if name in self._complete or name in self._put_off or name in self._gone:
            raise BrokenRuleError("a parcel is put off that does not travel any more")
        self._put_off.add(name)
        take = self._takes.get(name)
        if take is not None:
            take.dropped = True
            if take.next == take.granted:
                del self._takes[name]

    def gone(self, name: bytes) -> Offer | None:
        """Note that the other side cannot give a parcel; return it, or None when this side had put it off.

        Raises:
            BrokenRuleError: the parcel was not offered, or does not travel any more.
        """
        offer = self._known(name)
        if name in self._gone or name in self._complete:
            raise BrokenRuleError("a parcel is gone that does not travel any more")
        self._gone.add(name)
        take = self._takes.pop(name, None)
        if take is not None:
            self._under_way -= take.granted - take.next
        return None if name in self._put_off else offer

    def _rank(self) -> None:
        if not self._ranked:
            self._queue = deque(
                self._takes[offer.name] for offer in ranked(t.offer for t in self._takes.values())
            )
            self._ranked = True

    def _known(self, name: bytes) -> Offer:
        offer = self._offers.get(name)
        if offer is None:
            raise BrokenRuleError("a parcel is named that was not offered")
        return offer
