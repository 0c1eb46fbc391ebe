"""What two nodes speak about: the journals and receipts in the scope of the lower one (design §4)."""

from dataclasses import dataclass

from common.domain.audience import PUBLIC, Audience
from common.domain.node import NodeId
from common.exchange.network import Network


def in_scope(audience: Audience, lower: NodeId, network: Network) -> bool:
    """Return whether a journal for ``audience`` travels through ``lower``.

    It does when it is public, or names the node or one of the villages that belong or belonged to it; through
    the hub everything does.
    """
    if audience.is_public or lower.is_hub:
        return True
    below = network.villages_of(lower)
    return any(node == lower or node in below for node in audience.members(lower.county) if not node.is_hub)


def audiences(lower: NodeId, network: Network) -> frozenset[str]:
    """Return the names of every audience in scope that certificates known here can give."""
    names = {PUBLIC.text}
    for node in network.nodes() if lower.is_hub else {lower} | network.villages_of(lower):
        names |= {Audience.county(node).text, Audience.drop(node).text}
        names |= {
            Audience.township(above, node).text for above in network.townships_of(node) if not above.is_hub
        }
    return frozenset(names)


def receipt_in_scope(audience: Audience, receiver: NodeId, lower: NodeId, network: Network) -> bool:
    """Return whether a receipt travels: of ``public`` only those of the lower node and its villages.

    Every village would else carry the receipts of the whole county for each notice of the hub.
    """
    if audience.is_public and not lower.is_hub:
        return receiver == lower or receiver in network.villages_of(lower)
    return in_scope(audience, lower, network)


def lower_of(one: NodeId, other: NodeId, network: Network) -> NodeId | None:
    """Return which of two nodes would dial the other, None where they never meet on a line."""
    if one.is_hub or other.is_hub:
        return None if one == other else (other if one.is_hub else one)
    if other in network.villages_of(one):
        return other
    return one if one in network.villages_of(other) else None


@dataclass(frozen=True, slots=True)
class Shared:
    """What travels between two nodes, made once where many journals and receipts are asked about.

    Attributes:
        audiences: names of the audiences whose journals do.
        receivers: of ``public``, whose receipts do; None: everybody's.
    """

    audiences: frozenset[str]
    receivers: frozenset[NodeId] | None = frozenset()

    def receipt(self, audience: str, receiver: NodeId) -> bool:
        """Return whether a receipt for a journal of that audience travels."""
        if audience != PUBLIC.text:
            return audience in self.audiences
        return self.receivers is None or receiver in self.receivers


def scope_of(lower: NodeId, network: Network) -> Shared:
    """Return what travels through a node, to and from those above it."""
    receivers = None if lower.is_hub else frozenset({lower}) | network.villages_of(lower)
    return Shared(audiences(lower, network), receivers)


def shared(one: NodeId, other: NodeId, network: Network) -> Shared:
    """Return what travels between two nodes; between two that never meet on a line ``public`` alone."""
    lower = lower_of(one, other, network)
    return Shared(frozenset({PUBLIC.text})) if lower is None else scope_of(lower, network)
