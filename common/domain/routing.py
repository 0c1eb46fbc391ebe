"""Where a case lives and where custody goes next: rules of item and intake node (design §1, §2)."""

from dataclasses import dataclass

from common.domain.audience import Audience
from common.domain.item import Item
from common.domain.node import NodeId, Tier


@dataclass(frozen=True, slots=True)
class Seat:
    """A node's place in the network, as its certificate says today.

    Attributes:
        township: the township a village station belongs to; None at townships and the hub.
        divisions: codes of the divisions it serves.
    """

    node: NodeId
    tier: Tier
    name: str = ""
    township: NodeId | None = None
    divisions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a seat no certificate can give.

        Raises:
            ValueError: a village without a township, or the hub's number on another tier.
        """
        if (self.tier is Tier.VILLAGE) != (self.township is not None):
            message = "a village station, and nothing else, belongs to a township"
            raise ValueError(message)
        if (self.tier is Tier.COUNTY) != self.node.is_hub:
            message = "the hub, and nothing else, is number 1"
            raise ValueError(message)


def audience_of(item: Item, seat: Seat) -> Audience:
    """Return who reads a case of ``item`` taken in at ``seat``.

    The township reads its villages' cases, save sensitive ones it does not handle itself.
    """
    if seat.township is None or (item.sensitive and Tier.TOWNSHIP not in item.route):
        return Audience.county(seat.node)
    return Audience.township(seat.township, seat.node)


def next_custodian(item: Item, seat: Seat) -> NodeId | None:
    """Return the node custody goes to from ``seat``, or None where the item is decided at this tier."""
    above = item.route[item.route.index(seat.tier) + 1 :] if seat.tier in item.route else item.route
    for tier in above:
        if tier is Tier.TOWNSHIP and seat.township is not None:
            return seat.township
        if tier is Tier.COUNTY and not seat.node.is_hub:
            return seat.node.hub()
    return None


def custodian_after_receipt(item: Item, seat: Seat) -> NodeId | None:
    """Return whom ``seat`` hands a case to as soon as it is received, or None where it keeps it.

    A village only takes in, unless it decides itself; a township on the route reviews before it hands on.
    """
    if seat.tier is Tier.TOWNSHIP and Tier.TOWNSHIP in item.route:
        return None
    return next_custodian(item, seat)
