"""Audiences: named, unchanging sets of readers, the hub always among them (design §1)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from common.domain.node import NodeId

_AUDIENCE = re.compile(r"public|(county|drop):([0-9]{4})|township:([0-9]{4}):([0-9]{4})")


@dataclass(frozen=True, slots=True, order=True)
class Audience:
    """The set of nodes that may read a journal; its name says the set.

    Attributes:
        text: ``public``, ``county:<n>``, ``drop:<n>`` or ``township:<t>:<v>``, with four-digit node numbers.
    """

    text: str

    def __post_init__(self) -> None:
        """Refuse anything that names no set of readers.

        Raises:
            ValueError: the text is not one of the four forms.
        """
        if not _AUDIENCE.fullmatch(self.text) or not self.text.isascii() or ":0000" in self.text:
            message = "an audience is public, county:<n>, drop:<n> or township:<t>:<v>"
            raise ValueError(message)

    @classmethod
    def county(cls, node: NodeId) -> "Audience":
        """Return {hub, node}: sensitive cases, and cases owned outside the node's township."""
        return cls(f"county:{node.digits}")

    @classmethod
    def township(cls, township: NodeId, village: NodeId) -> "Audience":
        """Return {hub, township, village}, the default of a village's cases."""
        return cls(f"township:{township.digits}:{village.digits}")

    @classmethod
    def drop(cls, node: NodeId) -> "Audience":
        """Return {hub}, written at ``node`` and not readable there."""
        return cls(f"drop:{node.digits}")

    @property
    def is_public(self) -> bool:
        """Whether the whole world may read it: signed, never encrypted."""
        return self.text == "public"

    @property
    def is_drop(self) -> bool:
        """Whether its writer cannot read it."""
        return self.text.startswith("drop:")

    def members(self, county: str) -> frozenset[NodeId]:
        """Return the nodes named in the audience and the hub (for ``public`` the hub alone)."""
        return _members(self.text, county)

    def readers(self, county: str) -> frozenset[NodeId]:
        """Return every node the runs are sealed to; empty for ``public``, which is sealed to nobody."""
        if self.is_public:
            return frozenset()
        if self.is_drop:
            return frozenset({NodeId.of(county, 1)})
        return self.members(county)

    def may_write(self, node: NodeId) -> bool:
        """Whether ``node`` may keep a journal for this audience.

        Only the hub writes ``public``; only the named node writes its ``drop``.
        """
        if self.is_public:
            return node.is_hub
        if self.is_drop:
            return self.text == f"drop:{node.digits}"
        return node in self.members(node.county)

    def __str__(self) -> str:
        """Return the name of the set."""
        return self.text


@lru_cache(2048)
def _members(text: str, county: str) -> frozenset[NodeId]:
    numbers = {int(part) for part in text.split(":")[1:]} | {1}
    return frozenset(NodeId.of(county, number) for number in numbers)


PUBLIC = Audience("public")
