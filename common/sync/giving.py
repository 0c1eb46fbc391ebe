"""What one side has offered and still owes: the giver's half of flow control (docs/spec/session.md §4)."""

from dataclasses import dataclass

from common.sync.errors import BrokenRuleError
from common.sync.limits import MAX_WINDOW, chunk_size
from common.sync.listed import Offer
from common.sync.messages import Chunk, Want
from common.sync.offers import ranked


@dataclass(slots=True)
class _Owed:
    next: int
    end: int


class Giving:
    """The parcels this side offered, and which chunks of them the other side has asked for.

    Every method raises ``BrokenRuleError`` and changes nothing when a rule would be broken.

    Args:
        most: parcels that may be offered in one session.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._offers: dict[bytes, Offer] = {}
        self._owed: dict[bytes, _Owed] = {}
        self._reached: dict[bytes, int] = {}
        self._declined: set[bytes] = set()
        self._gone: set[bytes] = set()

    @property
    def owes(self) -> int:
        """How many chunks are asked for and not yet sent."""
        return sum(owed.end - owed.next for owed in self._owed.values())

    def offer(self, offers: tuple[Offer, ...]) -> None:
        """Note parcels this side offers.

        Raises:
            BrokenRuleError: a parcel is offered twice, or one too many.
        """
        names = {offer.name for offer in offers}
        if len(names) != len(offers) or not names.isdisjoint(self._offers):
            raise BrokenRuleError("a parcel is offered twice")
        if len(self._offers) + len(names) > self._most:
            raise BrokenRuleError("too many parcels offered in one session")
        self._offers.update((offer.name, offer) for offer in offers)

    def want(self, want: Want) -> None:
        """Note chunks the other side asks for; what crossed our word that they are gone is passed over.

        Raises:
            BrokenRuleError: the parcel was not offered or was put off, or these are not its next chunks.
        """
        offer = self._known(want.name)
        if want.name in self._declined:
            raise BrokenRuleError("a parcel is wanted after it was put off")
        if want.first != self._reached.get(want.name, want.first):
            raise BrokenRuleError("chunks are wanted out of order")
        if want.count < 1 or want.first + want.count > offer.chunks:
            raise BrokenRuleError("chunks are wanted that the parcel does not have")
        if self.owes + want.count > MAX_WINDOW:
            raise BrokenRuleError("too many chunks wanted at once")
        self._reached[want.name] = end = want.first + want.count
        if want.name not in self._gone:
            self._owed.setdefault(want.name, _Owed(want.first, end)).end = end

    def next(self) -> tuple[Offer, int] | None:
        """Return the parcel and chunk index that should be sent next, entries and what hurries first."""
        if not self._owed:
            return None
        offer = ranked(self._offers[name] for name in self._owed)[0]
        return offer, self._owed[offer.name].next

    def give(self, name: bytes, index: int, data: bytes) -> Chunk:
        """Note that a chunk is sent, and return its message.

        Raises:
            BrokenRuleError: the chunk is not the next one wanted, or has the wrong length.
        """
        offer = self._known(name)
        owed = self._owed.get(name)
        if owed is None or index != owed.next:
            raise BrokenRuleError("a chunk is sent that was not wanted")
        if len(data) != chunk_size(offer.size, index):
            raise BrokenRuleError("a chunk has the wrong length")
        owed.next += 1
        if owed.next == owed.end:
            del self._owed[name]
        return Chunk(name, index, offer.size, data)

    def declined(self, name: bytes) -> tuple[Offer, bool]:
        """Note that the other side puts a parcel off; also tell whether owed chunks of it were stopped.

        Raises:
            BrokenRuleError: the parcel was not offered, or is put off twice.
        """
        offer = self._known(name)
        if name in self._declined:
            raise BrokenRuleError("a parcel is put off twice")
        self._declined.add(name)
        stopped = name in self._owed
        if stopped:
            self._stop(name)
        return offer, stopped

    def gone(self, name: bytes) -> None:
        """Note that this side cannot give a parcel after all.

        Raises:
            BrokenRuleError: the parcel was not offered, or does not travel any more.
        """
        self._known(name)
        if name in self._gone or name in self._declined:
            raise BrokenRuleError("a parcel is gone that does not travel any more")
        if self._reached.get(name) == self._offers[name].chunks and name not in self._owed:
            raise BrokenRuleError("a parcel is gone that was given")
        self._stop(name)

    def _stop(self, name: bytes) -> None:
        self._gone.add(name)
        self._owed.pop(name, None)

    def _known(self, name: bytes) -> Offer:
        offer = self._offers.get(name)
        if offer is None:
            raise BrokenRuleError("a parcel is named that was not offered")
        return offer
