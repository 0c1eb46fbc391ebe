"""What happened in a session; it never says that anything was delivered: receipts do."""

from dataclasses import dataclass, field

from common.domain.node import NodeId
from common.exchange.applying import Applied
from common.journal.ids import JournalId
from common.journal.taking_in import Reason
from common.sync.reasons import ByeReason, Ending, LaterReason


@dataclass(slots=True)
class SessionReport:
    """What one session did, for the log and the page of the line.

    Attributes:
        peer: the other side.
        ending: how it ended.
        reason: what a BYE said, if there was one.
        fault: the rule the other side broke, in English, empty where none.
        parcels_in: batches that came whole.
        received: bytes of chunks that came.
        sent: bytes of chunks sent.
        receipts_in: receipts that were news here.
        receipts_out: receipts sent.
        refused: why batches were refused or quarantined.
        put_off: why parcels must wait here.
        declined: why parcels must wait there.
        forks: journals with two histories.
        rolled_back: entries this node signed in its current epoch, and does not have, came home: it must open
            a new epoch before it writes again. A peer's bare claim is not enough.
        applied: what was applied at its end, None where it did not come to that.
    """

    peer: NodeId
    ending: Ending = Ending.CUT
    reason: ByeReason | None = None
    fault: str = ""
    parcels_in: int = 0
    received: int = 0
    sent: int = 0
    receipts_in: int = 0
    receipts_out: int = 0
    refused: list[Reason] = field(default_factory=list)
    put_off: list[LaterReason] = field(default_factory=list)
    declined: list[LaterReason] = field(default_factory=list)
    forks: list[JournalId] = field(default_factory=list)
    rolled_back: bool = False
    applied: Applied | None = None

    @property
    def finished(self) -> bool:
        """Whether both sides had nothing more to ask or give."""
        return self.ending is Ending.FINISHED
