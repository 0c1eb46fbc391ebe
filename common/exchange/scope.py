"""What two nodes speak about: the journals and receipts in the scope of the lower one (design §4)."""

from common.domain.audience import PUBLIC, Audience
from common.domain.node import NodeId
from common.exchange.network import Network


def in_scope(audience: Audience, lower: NodeId, network: Network) -> bool:
    """Return whether a journal for ``audience`` travels through ``lower``.

    It does when it is public, or names the node or one of the villages that belong or belonged to it.
    """
    if audience.is_public:
        return True
    below = network.villages_of(lower)
    return any(node == lower or node in below for node in audience.members(lower.county) if not node.is_hub)


def audiences(lower: NodeId, network: Network) -> frozenset[str]:
    """Return the names of every audience in scope that certificates known here can give."""
    names = {PUBLIC.text}
    for node in {lower} | network.villages_of(lower):
        names |= {Audience.county(node).text, Audience.drop(node).text}
        names |= {
            Audience.township(above, node).text for above in network.townships_of(node) if not above.is_hub
        }
    return frozenset(names)


def receipt_in_scope(audience: Audience, receiver: NodeId, lower: NodeId, network: Network) -> bool:
    """Return whether a receipt travels: of ``public`` only those of the lower node and its villages.

    Every village would else carry the receipts of the whole county for each notice of the hub.
    """
    if audience.is_public:
        return receiver == lower or receiver in network.villages_of(lower)
    return in_scope(audience, lower, network)
