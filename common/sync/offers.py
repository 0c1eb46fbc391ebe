"""Which parcels to offer, and in which order parcels travel (docs/spec/session.md §5)."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from common.sync.have import Lack
from common.sync.listed import Offer, ParcelKind

_Rank: TypeAlias = tuple[bool, int, int, bytes]


def ranked(offers: Iterable[Offer]) -> list[Offer]:
    """Return the offers in the order they should travel.

    Entries and letters before attachments, then what hurries, then what is small. The batches of one journal
    stay together and in order, ranked as a whole by the most urgent of them and the size of all.
    """
    journals: dict[bytes, list[Offer]] = defaultdict(list)
    groups: list[list[Offer]] = []
    for offer in offers:
        if offer.kind is ParcelKind.BATCH:
            journals[offer.journal].append(offer)
        else:
            groups.append([offer])
    groups += [sorted(runs, key=_place) for runs in journals.values()]
    return [offer for group in sorted(groups, key=_rank) for offer in group]


def plan_offers(lacks: Iterable[Lack], batches: Mapping[bytes, Sequence[Offer]]) -> list[Offer]:
    """Return the fewest batches that bring the other side what it lacks, in the order they should travel.

    Args:
        lacks: what the other side lacks (``have.compare``).
        batches: by journal digest, the batches at hand, in any order; they may overlap. A piece nobody has
            a batch for is left out: what follows is offered all the same and held there beyond the gap.
    """
    return ranked(
        offer for lack in lacks for offer in _cover(lack.after, batches.get(lack.journal.digest(), ()))
    )


def _cover(after: int, batches: Sequence[Offer]) -> list[Offer]:
    """Walk from entry ``after`` on, always taking the batch that reaches furthest without leaving a gap."""
    chosen: list[Offer] = []
    waiting = deque(sorted((offer for offer in batches if offer.last > after), key=_place))
    while waiting:
        after = max(after, waiting[0].first - 1)
        joining: list[Offer] = []
        while waiting and waiting[0].first <= after + 1:
            joining.append(waiting.popleft())
        best = max(joining, key=_reach)
        if best.last > after:
            chosen.append(best)
            after = best.last
    return chosen


def _place(offer: Offer) -> tuple[int, int, bytes]:
    return offer.first, -offer.last, offer.name


def _reach(offer: Offer) -> tuple[int, int, bytes]:
    return offer.last, -offer.size, offer.name


def _rank(group: list[Offer]) -> _Rank:
    first = group[0]
    hurry = min(offer.priority for offer in group)
    return first.kind is ParcelKind.ATTACHMENT, hurry, sum(offer.size for offer in group), first.name
