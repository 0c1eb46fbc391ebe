"""Pages about nodes and lines: sync, stations, what is carried, the tree of nodes, invitations."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from common.web.views.form import EMPTY, Choice, Form
from common.web.views.frame import LineView


@dataclass(frozen=True, slots=True)
class WaitingParcels:
    """What has not left yet, for one receiver."""

    what: str
    to: str
    count: int
    size: str
    since: datetime


@dataclass(frozen=True, slots=True)
class SyncView:
    """What waits and since when; freshness is the age of the newest checkpoint the hub signed.

    Attributes:
        asked: somebody has just asked for a retry.
    """

    template: ClassVar[str] = "staff/sync.html"

    line: LineView
    waiting: tuple[WaitingParcels, ...]
    fresh_at: datetime | None = None
    exceptions: tuple[str, ...] = ()
    clock: str = ""
    asked: bool = False


@dataclass(frozen=True, slots=True)
class StationLine:
    """One station as the township sees it; ``silent`` is amber and says since when."""

    name: str
    node: str
    contact_at: datetime | None
    waiting: int
    clock: str
    version: str
    silent: bool = False


@dataclass(frozen=True, slots=True)
class StationsView:
    """The township's village stations."""

    template: ClassVar[str] = "staff/stations.html"

    stations: tuple[StationLine, ...]


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """What is carried unread: from whom, for whom, how much, since when; never what is in it."""

    sender: str
    receiver: str
    count: int
    size: str
    since: datetime


@dataclass(frozen=True, slots=True)
class CarriedView:
    """转送."""

    template: ClassVar[str] = "staff/carried.html"

    carried: tuple[CarriedLine, ...]


@dataclass(frozen=True, slots=True)
class NodeLine:
    """One node of the tree.

    Attributes:
        depth: 0 to 2.
        state: in words.
        waiting: entries that lie here for it.
        revoke: where it is revoked; empty where it cannot be.
        generation: of its keys.
    """

    node: str
    name: str
    tier: str
    depth: int
    state: str
    contact_at: datetime | None = None
    waiting: int = 0
    warn: bool = False
    revoke: str = ""
    generation: int = 1


@dataclass(frozen=True, slots=True)
class NodesView:
    """站点: the tree with search ``q``, and invitations not used yet (name, expires).

    Attributes:
        total: how many nodes there are, found or not.
        silent: how many of them are silent.
        alarms: what somebody has to look into.
        done: what was just done.
    """

    template: ClassVar[str] = "staff/nodes.html"

    nodes: tuple[NodeLine, ...]
    open_invitations: tuple[tuple[str, datetime], ...] = ()
    form: Form = EMPTY
    total: int = 0
    silent: int = 0
    alarms: tuple[str, ...] = ()
    done: str = ""


@dataclass(frozen=True, slots=True)
class ParentsView:
    """Inviting a node, first step: below which node (four digits) it is to stand."""

    template: ClassVar[str] = "staff/parents.html"

    parents: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class InviteView:
    """Inviting a node: fields ``divisions`` (many), ``name``, and the form's own ``number``.

    Attributes:
        parent: four digits.
        village: a village is invited, not a township.
        ticked: divisions ticked before.
    """

    template: ClassVar[str] = "staff/invite.html"

    parent: str
    parent_name: str
    village: bool
    divisions: tuple[Choice, ...]
    number: str
    ticked: frozenset[str] = frozenset()
    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class InvitedView:
    """The code, shown once.

    Attributes:
        address: where the new box finds the node above; empty where the hub does not know it.
        ask: who knows it then.
        node: the number the new box will have.
    """

    template: ClassVar[str] = "staff/invited.html"

    name: str
    code: str
    qr_svg: str
    expires: datetime
    address: str = ""
    ask: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True)
class RevokeView:
    """Asking once more before a node is shut out: field ``reason``.

    Attributes:
        below: how many nodes have their line through it.
    """

    template: ClassVar[str] = "staff/revoke.html"

    path: str
    node: str
    name: str
    open_cases: int = 0
    form: Form = EMPTY
    below: int = 0
