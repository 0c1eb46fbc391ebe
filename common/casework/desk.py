"""The desk every verb works at: whose node it is, its databases and its clock."""

from dataclasses import dataclass

from common.casework.clock import NodeClock
from common.casework.rules import Rules
from common.domain.audience import Audience
from common.domain.routing import Seat
from common.journal.ids import JournalId
from common.store.engine import Database
from common.store.files import ParcelFiles


@dataclass(slots=True)
class Desk:
    """Everything casework needs of its node.

    Attributes:
        seat: who and where the node is.
        epoch: the node's current epoch, 16 bytes.
        vault: what is encrypted at rest: entries, cases, drafts, people.
        open: what is not: public journals, catalogue, parcels, accounts. The same database at the hub.
        files: parcels kept as files.
        clock: the device's clock.
        rules: items and calendar held here; replaced whole when `public` brought new ones.
    """

    seat: Seat
    epoch: bytes
    vault: Database
    open: Database
    files: ParcelFiles
    clock: NodeClock
    rules: Rules

    def journal(self, audience: Audience) -> JournalId:
        """Return the id of this node's own journal for ``audience``."""
        return JournalId(self.seat.node, self.epoch, audience)
