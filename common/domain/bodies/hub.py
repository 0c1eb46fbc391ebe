"""What the hub says to all (``public``) or to one node: catalogue, calendar, nodes, grants, citations."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

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


class Ground(StrEnum):
    """Why personal data is erased: the five numbers of 个人信息保护法 47."""

    PURPOSE_ENDED = "purpose_ended"
    RETENTION_OVER = "retention_over"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    UNLAWFUL = "unlawful"
    OTHER_LAW = "other_law"


GROUND_NAMES: dict[Ground, str] = {
    Ground.PURPOSE_ENDED: "处理目的已实现、无法实现或不再必要",
    Ground.RETENTION_OVER: "停止提供服务，或保存期限已届满",
    Ground.CONSENT_WITHDRAWN: "个人撤回同意",
    Ground.UNLAWFUL: "违反法律、行政法规或约定处理个人信息",
    Ground.OTHER_LAW: "法律、行政法规规定的其他情形",
}


@dataclass(frozen=True, slots=True)
class CaseErased:
    """Everything this case says of anybody is erased, wherever it is (个人信息保护法 47).

    A record, not a fact: it moves no course, and a program that does not know it passes it and is seen not
    to have answered. It holds nothing of the person: the ground is one of five, no free text.

    Attributes:
        number: the receipt number's twelve digits: who has the receipt is told why nothing is found.
        by: who ordered it; ``second`` confirmed it: two persons (四眼).
        files: names of the case's attachments, hex: a run sealed again still lists them.
    """

    number: str
    ground: Ground
    on: date
    by: Officer
    second: Officer
    files: tuple[str, ...] = ()
