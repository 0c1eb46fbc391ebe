"""What the hub says to all (``public``) or to one node: catalogue, calendar, nodes, grants, citations."""

from dataclasses import dataclass, field
from datetime import date

from common.domain.bodies.officer import Officer
from common.domain.item import Item


@dataclass(frozen=True, slots=True)
class ItemPublished:
    """One version of one item; ``version`` is the hex hash of its content, which never changes."""

    version: str
    item: Item


@dataclass(frozen=True, slots=True)
class CataloguePublished:
    """The items in force from ``effective``.

    Attributes:
        version: hex hash of the list.
        number: counts publications at this hub, for people.
        items: version by item code, each published before by :class:`ItemPublished`.
    """

    version: str
    number: int
    effective: date
    items: dict[str, str]


@dataclass(frozen=True, slots=True)
class CalendarPublished:
    """A version of the working-day calendar, in the calendar's own plain form."""

    version: str
    number: int
    calendar: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NodeCertified:
    """A node's certificate: hex of the signed bytes."""

    node: str
    generation: int
    certificate: str


@dataclass(frozen=True, slots=True)
class NodeRevoked:
    """Everything this generation of the node signs from now on is refused or kept apart."""

    node: str
    generation: int
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class CheckpointMade:
    """A signed checkpoint: hex of the statement."""

    statement: str


@dataclass(frozen=True, slots=True)
class GrantGiven:
    """Who may do what, for which items, from when to when (授权).

    Attributes:
        grant: the grant's id.
        node: the node whose account ``login`` holds it.
        powers: names of powers, see :mod:`common.domain.grants`.
        items: item codes, or ``*`` for every item.
        deputy_of: login of the A post this B post stands in for, empty otherwise.
    """

    grant: str
    node: str
    login: str
    name: str
    post: str
    powers: tuple[str, ...]
    items: tuple[str, ...]
    since: date
    until: date | None = None
    deputy_of: str = ""


@dataclass(frozen=True, slots=True)
class GrantEnded:
    """The grant ends with ``on``; facts valid under what their writer could know stay."""

    grant: str
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """Another journal's entry, shown to this audience: its place, hash and bytes (all hex but the number)."""

    writer: str
    epoch: str
    audience: str
    number: int
    chain: str
    entry: str


@dataclass(frozen=True, slots=True)
class QuarantineSettled:
    """A batch kept apart is taken in after all, or refused for ever, by a named person; ``parcel`` is hex."""

    parcel: str
    released: bool
    reason: str
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class GapDeclaredFinal:
    """The missing run died with its writer: later batches are applied without it."""

    writer: str
    epoch: str
    audience: str
    first: int
    last: int
    reason: str
