"""Records: what happened at their writer; never refused, never moving the course by themselves."""

from dataclasses import dataclass, field
from datetime import date

from common.domain.application import BackEntry, FileRef
from common.domain.bodies.officer import Officer


@dataclass(frozen=True, slots=True)
class Arrived:
    """The case reached a body that lawfully receives it, on the China day ``on`` by its own clock."""

    on: date


@dataclass(frozen=True, slots=True)
class Told:
    """A person was told: what (notice, acceptance, decision…), how and by whom. Notices count from here."""

    what: str
    how: str
    on: date
    by: Officer | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper came out of a printer; reprints count."""

    paper: str
    number: str
    count: int
    on: date
    by: Officer | None = None


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A result was given against a signature (送达回证)."""

    paper: str
    to: str
    on: date
    by: Officer | None = None
    signature: FileRef | None = None


@dataclass(frozen=True, slots=True)
class TaskReported:
    """The report of a task: two officials for a visit, photographs, signatures."""

    task: str
    report: str
    done: bool
    on: date
    by: tuple[str, ...] = ()
    files: tuple[FileRef, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperTakenIn:
    """Paper handed over by hand outside the system (补录)."""

    back_entry: BackEntry
    note: str = ""


@dataclass(frozen=True, slots=True)
class Yielded:
    """A node from which custody was taken knows it; what it wrote before stands above this in its journal.

    Attributes:
        takings: of the fence the taking began.
    """

    takings: int
    on: date


@dataclass(frozen=True, slots=True)
class CustodianReleased:
    """An operator at the hub vouches that the node will not be heard: nobody waits for it any more."""

    node: str
    takings: int
    reason: str
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class EpochOpened:
    """First entry of a journal's new epoch: what its writer knows of the old one.

    Attributes:
        old_epoch: hex of the epoch before, empty for a node's first.
        old_number: the last number known of it in this audience.
        old_hash: hex of the chain hash at that number.
        reason: install, restore, clone or reset.
    """

    reason: str
    old_epoch: str = ""
    old_number: int = 0
    old_hash: str = ""


@dataclass(frozen=True, slots=True)
class ErasureDone:
    """Nothing the case said is on this node's disk any more, on the China day ``on`` by its own clock."""

    on: date


@dataclass(frozen=True, slots=True)
class CaseWanted:
    """A node that archived the case has something to do in it: the hub shows it the whole case again.

    Attributes:
        after: the last number of the hub's journal to this node at which the case was cited before.
    """

    after: int


@dataclass(frozen=True, slots=True)
class EpochAnswered:
    """What its writer has of a node that began a new epoch: the node waits for it before it decides.

    Attributes:
        node: who began the epoch.
        epoch: hex of that epoch.
        held: last numbers held here of the node's earlier journals, by journal digest in hex.
        written: last numbers of the writer's own journals the node reads; what stands behind them was
            written by one who knew of the new epoch.
    """

    node: str
    epoch: str
    held: dict[str, int] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecoveryReleased:
    """A node that recovers waits for ``node`` no longer: a person answers for it."""

    node: str
    reason: str
    on: date
    by: Officer | None = None
