"""Who is at the other end of a line, over which carrier and by which way (docs/spec/ssh.md §3, §4)."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from common.domain.node import NodeId
from common.sync.channel import Channel

ENROL_USER = "enrol"
MAX_GENERATION = 999_999
_PRINCIPAL = re.compile(r"([0-9]{6}-[0-9]{4})\.g([1-9][0-9]{0,5})")


class Carrier(StrEnum):
    """What a line to a node is made of."""

    SSH = "ssh"
    WEBSOCKET = "wss"


class Way(StrEnum):
    """The three ways in; over SSH each is one subsystem."""

    SESSION = "session"
    ENROL = "enrol"
    RENEW = "renew"

    @property
    def subsystem(self) -> str:
        """The subsystem's name on the wire."""
        return _SUBSYSTEMS[self]

    @classmethod
    def of_subsystem(cls, name: str) -> "Way | None":
        """Return the way a subsystem's name stands for; None if there is no such subsystem."""
        return next((way for way in cls if way.subsystem == name), None)

    def reaches(self, wanted: "Way") -> bool:
        """Whether who came in by this way may use ``wanted``: its own, and early renewal from a session."""
        return wanted is self or (self is Way.SESSION and wanted is Way.RENEW)


_SUBSYSTEMS = {Way.SESSION: "jiujin", Way.ENROL: "jiujin-enrol", Way.RENEW: "jiujin-renew"}


@dataclass(frozen=True, slots=True, order=True)
class Principal:
    """A node in one generation of its keys, written ``130638-0417.g1``: user name and certificate principal.

    Attributes:
        node: the node's permanent id.
        generation: 1…999999, one more each time the node is given new keys.
    """

    node: NodeId
    generation: int

    def __post_init__(self) -> None:
        """Refuse a generation outside its range.

        Raises:
            ValueError: the generation is not 1…999999.
        """
        if not 1 <= self.generation <= MAX_GENERATION:
            message = f"a key generation is 1 to {MAX_GENERATION}"
            raise ValueError(message)

    @classmethod
    def parse(cls, text: str) -> "Principal | None":
        """Return the principal a user name says; None if it is not one."""
        match = _PRINCIPAL.fullmatch(text) if text.isascii() else None
        if match is None or match[1].endswith("-0000"):
            return None
        return cls(NodeId(match[1]), int(match[2]))

    def __str__(self) -> str:
        """Return the principal as written in certificates."""
        return f"{self.node}.g{self.generation}"


@dataclass(frozen=True, slots=True)
class Peer:
    """Who came in.

    Attributes:
        principal: the proven node and generation; None only by the way ``enrol``.
        way: the one that was opened.
        address: network address, for limits and never for identity; kept out of ``repr`` and logs.
        carrier: what the line is made of.
    """

    principal: Principal | None
    way: Way
    address: str = field(default="", repr=False, compare=False)
    carrier: Carrier = field(default=Carrier.SSH, compare=False)

    def __post_init__(self) -> None:
        """Refuse a nameless node and a named stranger.

        Raises:
            ValueError: a principal by the way ``enrol``, or none by another way.
        """
        if (self.principal is None) != (self.way is Way.ENROL):
            message = "exactly the peers that enrol have no principal"
            raise ValueError(message)

    @property
    def node(self) -> NodeId | None:
        """The proven node id, if there is one."""
        return self.principal.node if self.principal else None

    @property
    def generation(self) -> int | None:
        """The generation of the node's keys, if it proved any."""
        return self.principal.generation if self.principal else None


@dataclass(frozen=True, slots=True)
class ExpectedPeer:
    """Whom a caller means to reach.

    Attributes:
        node: the hub or the township.
        authorities: raw public ``ssh_authority`` keys whose host certificates are believed.
        generation: of its keys; None where any is right that is not in ``revoked``.
        revoked: raw transport keys of its revoked generations.
        pinned: its raw transport key. When given, exactly this key is asked for and no date is looked at:
            the way of a caller whose clock is unmeasured.
    """

    node: NodeId
    authorities: frozenset[bytes]
    generation: int | None = None
    revoked: frozenset[bytes] = frozenset()
    pinned: bytes | None = None

    @property
    def name(self) -> str:
        """The principal its host certificate must hold."""
        return str(self.node) if self.generation is None else str(Principal(self.node, self.generation))


@dataclass(frozen=True, slots=True)
class Standing:
    """What this box's registry says of a node in one generation.

    Attributes:
        admitted: False if it is revoked, replaced or unknown to a box that must know every node (the hub).
        transport_key: its registered raw Ed25519 public key, 32 bytes; None if not known here:
            then only a valid certificate lets it in.
    """

    admitted: bool
    transport_key: bytes | None = None


REFUSED = Standing(admitted=False)
Registry = Callable[[NodeId, int], Awaitable[Standing]]
"""Asked at every log-in and again at every opened subsystem."""
Handler = Callable[[Peer, Channel], Awaitable[None]]
"""Gets every peer that came in. It may simply return: the channel is closed behind it."""
