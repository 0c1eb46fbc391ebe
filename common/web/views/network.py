"""Pages about nodes and lines: sync, stations, what is carried, the tree of nodes, invitations."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from common.domain.sentence import Sentence
from common.web.views.form import EMPTY, Choice, Form
from common.web.views.frame import LineView


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is the matter with a node, and what to do."""

    what: Sentence
    do: Sentence


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
        fresh_age: how old that is, in words.
        asked: somebody has just asked for a retry.
    """

    template: ClassVar[str] = "staff/sync.html"

    line: LineView
    waiting: tuple[WaitingParcels, ...]
    fresh_at: datetime | None = None
    fresh_age: Sentence | None = None
    exceptions: tuple[str, ...] = ()
    clock: str = ""
    asked: bool = False


@dataclass(frozen=True, slots=True)
class StationLine:
    """One station as the township sees it.

    Attributes:
        state: in words.
        there: what has not left it yet: cases, else parcels; empty where nothing waits or it did not say.
        told: what is the matter, the gravest first.
        page: where all of it is shown.
        silent: it is amber.
    """

    name: str
    node: str
    contact_at: datetime | None
    waiting: int
    clock: str
    version: str
    state: str = ""
    there: Sentence | None = None
    told: tuple[Told, ...] = ()
    page: str = ""
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
        there: what has not left it yet; None where nothing waits or it did not say.
        told: what is the matter, the gravest first.
        page: where all of it is shown; empty for this node itself.
        revoke: where it is revoked; empty where it cannot be.
    """

    node: str
    name: str
    tier: str
    depth: int
    state: str
    contact_at: datetime | None = None
    waiting: int = 0
    warn: bool = False
    there: Sentence | None = None
    told: tuple[Told, ...] = ()
    page: str = ""
    revoke: str = ""


@dataclass(frozen=True, slots=True)
class NodesView:
    """站点: the tree with search ``q``, and invitations not used yet (name, expires).

    Attributes:
        total: how many nodes there are, found or not.
        silent: how many of them are silent.
        looked: how many need a look besides.
        grave: nodes whose silence is dangerous: name, page, what to say.
        alarms: what somebody has to look into.
        done: what was just done.
    """

    template: ClassVar[str] = "staff/nodes.html"

    nodes: tuple[NodeLine, ...]
    open_invitations: tuple[tuple[str, datetime], ...] = ()
    form: Form = EMPTY
    total: int = 0
    silent: int = 0
    looked: int = 0
    grave: tuple[tuple[str, str, Told], ...] = ()
    alarms: tuple[str, ...] = ()
    done: str = ""


@dataclass(frozen=True, slots=True)
class NodeView:
    """One node: what is the matter and what to do, then everything it said of itself.

    Attributes:
        facts: what, and how much.
        said_at: when it said so; None where it never did.
        back: the list it stands in.
        revoke: where it is revoked; empty where it cannot be.
    """

    template: ClassVar[str] = "staff/node.html"

    name: str
    node: str
    tier: str
    facts: tuple[tuple[str, str], ...]
    told: tuple[Told, ...] = ()
    said_at: datetime | None = None
    back: str = ""
    revoke: str = ""


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
