"""What everybody has, as one visitor of a folder knows it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from common.domain.node import NodeId
from common.exchange.believing import Belief, Heard, belief
from common.exchange.exchange import Exchange
from common.exchange.inventory import Inventory
from common.store import receipts
from common.store.rows import ReceiptRow


@dataclass(slots=True)
class Views:
    """What everybody has.

    Attributes:
        exchange: the visitor.
        mine: what it has itself.
        heard: the words of others, by node.
        given: the receipts known here, by receiver.
    """

    exchange: Exchange
    mine: Inventory
    heard: Mapping[NodeId, Heard]
    given: Mapping[str, list[ReceiptRow]]
    _believed: dict[NodeId, Belief] = field(default_factory=dict)

    def of(self, node: NodeId) -> Belief:
        """Return what a node has."""
        if node not in self._believed:
            by_key = {row.id: row for row in self.mine.rows.values()}
            self._believed[node] = belief(
                self.exchange.network, node, self.heard.get(node), self.given.get(str(node), ()), by_key
            )
        return self._believed[node]


async def view(exchange: Exchange, mine: Inventory, heard: Mapping[NodeId, Heard]) -> Views:
    """Return what everybody has: this node by ``mine``, the others by their words and receipts."""
    keys = [row.id for row in mine.rows.values()]
    given: dict[str, list[ReceiptRow]] = defaultdict(list)
    for row in await exchange.open.read(lambda tx: receipts.of_journals(tx, keys)):
        given[row.receiver].append(row)
    return Views(exchange, mine, heard, given)
