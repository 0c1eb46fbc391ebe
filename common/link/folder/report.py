"""What happened in a visit; it never says that anything was delivered: receipts do."""

from collections import Counter
from dataclasses import dataclass, field

from common.domain.node import NodeId
from common.exchange.applying import Applied
from common.journal.ids import JournalId
from common.journal.taking_in import Reason
from common.sync.reasons import LaterReason


@dataclass(slots=True)
class FolderReport:
    """What one visit did, for the person with the stick and for the log.

    Attributes:
        batches_in: batches taken in that were not here.
        attachments_in: attachments likewise.
        bytes_in: their bytes.
        receipts_in: receipts that were news here.
        letters_in: letters and answers taken from the folder.
        letters_out: letters and answers written.
        words: nodes whose word lies here.
        batches_out: batches written.
        attachments_out: attachments written.
        bytes_out: their bytes.
        for_whom: how many parcels of this folder each node lacks, as far as it has said.
        removed: parcels removed because everybody has them.
        refused: why batches were refused or quarantined.
        spoilt: files set aside, their bytes not what their name says.
        passed_over: files left alone, by reason.
        put_off: why parcels must wait on the folder.
        forks: journals with two histories.
        rolled_back: this node signed more than it has: it must open a new epoch before it writes again.
        too_many: there are more names than one visit looks at.
        read_only: the folder could not be written.
        full: not everything found room on it.
        spoke: the own word was written.
        told: sentences about letters, for the person.
        applied: what was applied at its end.
    """

    batches_in: int = 0
    attachments_in: int = 0
    bytes_in: int = 0
    receipts_in: int = 0
    letters_in: int = 0
    letters_out: int = 0
    words: set[NodeId] = field(default_factory=set)
    batches_out: int = 0
    attachments_out: int = 0
    bytes_out: int = 0
    for_whom: dict[NodeId, int] = field(default_factory=dict)
    removed: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)
    spoilt: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    put_off: Counter[LaterReason] = field(default_factory=Counter)
    forks: list[JournalId] = field(default_factory=list)
    rolled_back: bool = False
    too_many: bool = False
    read_only: bool = False
    full: bool = False
    spoke: bool = False
    told: list[str] = field(default_factory=list)
    applied: Applied | None = None

    @property
    def parcels_in(self) -> int:
        """How many parcels were taken in."""
        return self.batches_in + self.attachments_in

    @property
    def parcels_out(self) -> int:
        """How many parcels were written."""
        return self.batches_out + self.attachments_out

    @property
    def changed_folder(self) -> bool:
        """Whether anything in the folder is another than before."""
        done = self.parcels_out + self.letters_out + self.removed + self.spoilt
        return self.spoke or bool(done)

    @property
    def finished(self) -> bool:
        """Whether everything that was to be written was."""
        return not (self.read_only or self.full)
