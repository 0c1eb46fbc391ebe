"""Who a node is: an opaque, permanent id and the tier it works in (design §1)."""

import re
from dataclasses import dataclass
from enum import StrEnum

_NODE_ID = re.compile(r"[0-9]{6}-[0-9]{4}")
HUB_NUMBER = 1


class Tier(StrEnum):
    """The three levels of the network (县、乡镇、村)."""

    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True, order=True)
class NodeId:
    """A node's permanent id: county code, dash, node number, as in ``130638-0417``.

    Attributes:
        text: the whole id. Tier, parent, name and divisions are never part of it.
    """

    text: str

    def __post_init__(self) -> None:
        """Refuse anything that is not an id.

        Raises:
            ValueError: the text is not six digits, a dash and a number from 0001.
        """
        if not (self.text.isascii() and _NODE_ID.fullmatch(self.text)) or self.text.endswith("-0000"):
            message = "a node id is six digits, a dash and a number from 0001 to 9999"
            raise ValueError(message)

    @classmethod
    def of(cls, county: str, number: int) -> "NodeId":
        """Return the id of node ``number`` (1…9999) in ``county`` (six digits); else ``ValueError``."""
        return cls(f"{county}-{number:04d}")

    @property
    def county(self) -> str:
        """The county's six-digit division code."""
        return self.text[:6]

    @property
    def number(self) -> int:
        """The node's number inside its county, 1…9999."""
        return int(self.text[7:])

    @property
    def digits(self) -> str:
        """The number as four digits, the way audiences and receipt numbers say it."""
        return self.text[7:]

    @property
    def is_hub(self) -> bool:
        """Whether this is the county hub."""
        return self.number == HUB_NUMBER

    def hub(self) -> "NodeId":
        """Return the id of this node's county hub."""
        return NodeId.of(self.county, HUB_NUMBER)

    def __str__(self) -> str:
        """Return the id as written everywhere."""
        return self.text
